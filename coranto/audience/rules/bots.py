"""Whether a user agent is a person's browser.

Whoever changes something here raises `OWN_VERSION`; past views are then judged anew (`operations.recount_views`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.metadata import version
from typing import Final

from crawleruseragents import is_crawler

OWN_VERSION: Final = 1
LONGEST_AGENT: Final = 400
# "Mozilla/5.0" has eleven letters and says nothing; no browser says so little.
SHORTEST_AGENT: Final = 12

# As what browsers introduce themselves, the ones without script and pictures among them. All others are programs.
_BROWSER: Final = re.compile(
    r"(?:Mozilla|Opera|Lynx|E?Links|w3m|Dillo|NetSurf|UCWEB|Nokia|BlackBerry|SAMSUNG|DoCoMo)\b"
)
# Browsers that somebody else steers, and words no browser has in its name. A "bot" is one at the end of a word that
# is no telephone's: CUBOT makes some.
_STEERED: Final = re.compile(
    r"headless|phantomjs|electron/|puppeteer|playwright|selenium|webdriver|lighthouse|(?<!cu)bot\b|crawl|spider|scrap"
    r"|preview|monitor|https?://",
    re.IGNORECASE,
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def rules_version() -> str:
    """What tells these rules from those of any other time."""
    return f"{OWN_VERSION}, crawler-user-agents {version('crawler-user-agents')}"


def clean_agent(text: str) -> str:
    """A `User-Agent` as it is judged and kept: of bounded length, without what a database would refuse."""
    return _CONTROL.sub("", text).strip()[:LONGEST_AGENT]


def is_nameless(agent: str) -> bool:
    """Whether somebody does not say what they are, or as good as not."""
    return len(agent) < SHORTEST_AGENT


@lru_cache(maxsize=8192)
def is_bot(agent: str) -> bool:
    """Whether this is any program but a browser with somebody before it. A list of 1,500 patterns takes its time."""
    return is_nameless(agent) or not _BROWSER.match(agent) or bool(_STEERED.search(agent)) or is_crawler(agent)
