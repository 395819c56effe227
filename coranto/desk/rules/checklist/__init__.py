"""What is looked at before an article goes out, and what is found."""

from coranto.desk.rules.checklist.facts import (
    ArticleFacts,
    CreditFacts,
    Limits,
    LinkFacts,
    LinkState,
    Passage,
    PictureFacts,
)
from coranto.desk.rules.checklist.findings import Finding, find_all
from coranto.desk.rules.checklist.points import DEFAULT_WEIGHTS, UNBENDING, Point, Weight

__all__ = [
    "DEFAULT_WEIGHTS",
    "UNBENDING",
    "ArticleFacts",
    "CreditFacts",
    "Finding",
    "Limits",
    "LinkFacts",
    "LinkState",
    "Passage",
    "PictureFacts",
    "Point",
    "Weight",
    "find_all",
]
