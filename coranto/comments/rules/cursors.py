"""Where a page of an article's comments begins, and in which order it goes on, as `?comments=` says it.

Nothing is the beginning, oldest first; `000000000012…` goes on behind that path; `newest` and `replied` are the other
orders, `newest-000000000012` and `replied-7-000000000012` go on in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PATH_STEP: Final = 12
MAX_DEPTH: Final = 60
_PATH: Final = rf"(?P<path>(?:[0-9]{{{PATH_STEP}}}){{1,{MAX_DEPTH}}})"
_CURSOR = re.compile(rf"(?:(?P<sort>newest|replied)(?:$|-))?(?:(?P<replies>[0-9]{{1,9}})-)?{_PATH}?", re.ASCII)


class Sort(StrEnum):
    OLDEST = ""
    NEWEST = "newest"
    REPLIED = "replied"


@dataclass(frozen=True, slots=True)
class Cursor:
    """`path` is the last comment shown, empty at the beginning; `replies` how many its thread had, if that matters."""

    sort: Sort = Sort.OLDEST
    path: str = ""
    replies: int = 0

    def __str__(self) -> str:
        if not self.path:
            return str(self.sort)
        parts = [self.sort, str(self.replies) if self.sort is Sort.REPLIED else "", self.path]
        return "-".join(filter(None, parts))

    @property
    def root(self) -> int:
        return int(self.path[:PATH_STEP])


def read_cursor(text: str) -> Cursor:
    """Raises `ValueError` for a cursor we did not write."""
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise ValueError(text)
    cursor = Cursor(Sort(found["sort"] or ""), found["path"] or "", int(found["replies"] or 0))
    if str(cursor) != text:
        raise ValueError(text)
    return cursor


def ancestors_of(path: str) -> list[int]:
    """The ids above a comment, from the root on."""
    return [int(path[at : at + PATH_STEP]) for at in range(0, len(path) - PATH_STEP, PATH_STEP)]
