from coranto.audience.rules.bots import clean_agent, is_bot, is_nameless, rules_version
from coranto.audience.rules.outcomes import Rare, Reason
from coranto.audience.rules.referrers import Referrer, classify_referrer
from coranto.audience.rules.visitors import FEWEST_OF_AN_AGENT, MOST_FROM_ONE_ADDRESS, SALT_BYTES, Marks, marks_of

__all__ = [
    "FEWEST_OF_AN_AGENT",
    "MOST_FROM_ONE_ADDRESS",
    "SALT_BYTES",
    "Marks",
    "Rare",
    "Reason",
    "Referrer",
    "classify_referrer",
    "clean_agent",
    "is_bot",
    "is_nameless",
    "marks_of",
    "rules_version",
]
