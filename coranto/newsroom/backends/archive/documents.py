"""What the readers' index is told and asked, whichever database keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.kit.terms import Wanted

_ROOM_FOR_IDS: Final = 1 << 26  # articles; more than any newspaper has
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FURTHEST: Final = 1 << 36  # seconds: the year 4147, and as far back


@dataclass(frozen=True, slots=True)
class Document:
    """One article: its terms field by field, and the facets of the lists it stands in."""

    key: int
    headline: Sequence[str]
    standfirst: Sequence[str]
    names: Sequence[str]
    body: Sequence[str]
    facets: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What fits has each of `wanted` in it and all of `facets`, with a key from `since` on and before `until`."""

    wanted: Sequence[Wanted]
    facets: Sequence[str] = ()
    since: int | None = None
    until: int | None = None


def key_of(published_at: datetime, article_id: int) -> int:
    """Where an article stands among all: by the second it was published, then by its id."""
    return key_at(published_at) + article_id % _ROOM_FOR_IDS


def key_at(when: datetime) -> int:
    """No article of that second or later has a smaller key."""
    seconds = int((when - _BEGINNING).total_seconds() // 1)
    return max(-_FURTHEST, min(seconds, _FURTHEST)) * _ROOM_FOR_IDS


def facet(kind: str, subject_id: int) -> str:
    """A word for a list an article stands in. In capitals: no term of a text is."""
    return f"{kind[0].upper()}{subject_id}"


def between(question: Question, column: str) -> tuple[str, list[int]]:
    """The question's bounds as conditions on the column of keys, with their values."""
    bounds = [(f" AND {column} >= %s", question.since), (f" AND {column} < %s", question.until)]
    given = [(condition, key) for condition, key in bounds if key is not None]
    return "".join(condition for condition, _ in given), [key for _, key in given]
