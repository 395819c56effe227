"""What can go wrong where data is kept, told apart from faults of the program."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from django.db import OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
# SQLite's words (https://sqlite.org/rescode.html#full and #busy); it has no other sign Python would hand on.
_SQLITE_FULL = ("database or disk is full", "disk I/O error")
_SQLITE_BUSY = "database is locked"
# PostgreSQL's classes "disk full" and "out of memory" (appendix A of its manual).
_POSTGRESQL_FULL = frozenset({"53100", "53200"})


def cannot_store(error: BaseException | None) -> bool:
    """Whether `error` says that there is no room to write, or no turn to: the act may succeed later, unchanged."""
    return any(_is_about_storage(each) for each in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_about_storage(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _NO_SPACE
    if getattr(error, "sqlstate", None) in _POSTGRESQL_FULL:
        return True
    return isinstance(error, OperationalError) and str(error).startswith((*_SQLITE_FULL, _SQLITE_BUSY))
