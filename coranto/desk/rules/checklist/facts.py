"""What must be known of an article to go through the checklist.

An *anchor* is where in the editor something is put right: a field's name, or `body.` and a block's id.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


class LinkState(StrEnum):
    FINE = "fine"
    DRAFT = "draft"  # a page of ours that readers cannot open when the article goes out
    PRIVATE = "private"  # an article of ours for staff only
    NOWHERE = "nowhere"  # no page of ours, or none any more
    DEAD = "dead"  # another site says that it is gone, or there is no such site
    UNTOLD = "untold"  # not asked yet, or the answer told nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """`label` is what an editor knows it by: a headline or an address."""

    anchor: str
    label: str
    state: LinkState
    is_outside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """A picture in its place. `rights_end_on` is the last day on which it may be used."""

    anchor: str
    title: str
    is_described: bool
    is_credited: bool
    rights_end_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditFacts:
    name: str
    has_licence: bool
    has_original: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    anchor: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Lengths in characters, set by the editor-in-chief."""

    headline_longest: int
    standfirst_shortest: int
    standfirst_longest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFacts:
    """All the rules look at.

    `goes_out_at` is when readers will see it: now, or when it is scheduled for; `goes_out_on` is that day where the
    publication is. `twins` are the addresses of other articles with the same headline. `differs`: readers have it
    already, in other words.
    """

    headline: str
    standfirst: str
    passages: Sequence[Passage]
    is_empty: bool
    authors: int
    pictures: Sequence[PictureFacts]
    credits: Sequence[CreditFacts]
    links: Sequence[LinkFacts]
    twins: Sequence[str]
    section: str
    section_is_live: bool
    visibility: str
    has_password: bool
    embargoed_until: datetime | None
    goes_out_at: datetime
    goes_out_on: date
    open_notes: int
    differs: bool = False
    change_kind: str = ""
    change_note: str = ""
    has_passage: bool = True
