"""The readers' index of the public articles, beside Wagtail's own, which the editors' search uses.

It is one table in either database, which models know nothing of, and a row's key is when its article was published:
what is newest of a thousand finds is read off the end of the index, and a stretch of time is a stretch of keys.
Sections, authors and topics are words of their own in it. So neither a common word nor a filter costs more in a large
archive than in a small one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.db import connection

from coranto.newsroom.backends.archive.documents import Document, Question, facet, key_at, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

__all__ = ["Document", "Question", "best", "facet", "key_at", "key_of", "newest", "write"]


def write(documents: Iterable[Document]) -> None:
    """Put documents where rows of `SearchEntry` with their keys are; a row that goes takes its words along."""
    _database().write(documents)


def newest(question: Question, *, length: int) -> list[int]:
    """Keys of what fits, newest first. One query."""
    found: list[int] = _database().newest(question, length=length)
    return found


def best(question: Question, *, start: int, length: int) -> list[int]:
    """Keys of what fits, best first. One query, which looks at everything that fits: bound it by `since`."""
    found: list[int] = _database().best(question, start=start, length=length)
    return found


def _database() -> ModuleType:
    """Either module; they have the same three functions."""
    return import_module(f"{__name__}.{connection.vendor}")
