"""Have every cache forget what a change has touched, once the change is committed."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from django.db import transaction

from coranto.delivery import transports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

EVERYTHING: Final = None


def purge_tags(*, tags: Iterable[str]) -> None:
    """Forget every page and fragment that carries one of `tags`, after the commit (at once where no transaction is).

    All that one transaction purges goes out as one message; what it takes back, by a savepoint or whole, is not
    purged. A purge that cannot be sent harms nothing: it is logged, and pages do not live long.
    """
    wanted = frozenset(tags)
    if wanted:
        _after_commit(wanted)


def purge_everything() -> None:
    """Forget all that is stored, after the commit."""
    _after_commit(EVERYTHING)


def purge_for(*, rows: Iterable[Any], tags_of: Callable[[Any], Iterable[str]]) -> None:
    """Forget what shows one of these rows; where that cannot be told, everything, so that nothing is left stale."""
    try:
        wanted = frozenset(tag for row in rows for tag in tags_of(row))
    except Exception:  # saving is what matters; what must be forgotten is only found out here
        logger.exception("Which pages to forget could not be told; all are forgotten")
        purge_everything()
        return
    purge_tags(tags=wanted)


@dataclass(slots=True)
class _Pending:
    """What the committed parts of a transaction purge, gathered until its last hook sends it."""

    tags: set[str] = field(default_factory=set)
    is_everything: bool = False
    gatherer: _Gather | None = None
    sender: _Send | None = None


@dataclass(eq=False, slots=True)
class _Gather:
    """Runs after the commit, unless the savepoint it was said in was rolled back."""

    pending: _Pending
    savepoints: frozenset[str]
    tags: set[str] = field(default_factory=set)
    is_everything: bool = False

    def add(self, wanted: frozenset[str] | None) -> None:
        self.is_everything |= wanted is EVERYTHING
        self.tags |= wanted or frozenset()

    def __call__(self) -> None:
        self.pending.tags |= self.tags
        self.pending.is_everything |= self.is_everything


@dataclass(eq=False, slots=True)
class _Send:
    """Runs after every commit hook before it; only the last of a transaction has something to do."""

    pending: _Pending

    def __call__(self) -> None:
        if self.pending.sender is not self:
            return
        tags, is_everything = frozenset(self.pending.tags), self.pending.is_everything
        self.pending.tags, self.pending.is_everything = set(), False
        if tags or is_everything:
            _send(EVERYTHING if is_everything else tags)


_pending: WeakKeyDictionary[BaseDatabaseWrapper, _Pending] = WeakKeyDictionary()


def _after_commit(wanted: frozenset[str] | None) -> None:
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        _send(wanted)
        return
    pending = _pending.setdefault(connection, _Pending())
    savepoints = frozenset(connection.savepoint_ids)
    gatherer, sender = pending.gatherer, pending.sender
    waiting = [hook for _savepoints, hook, *_robust in connection.run_on_commit[-2:]]
    if gatherer is None or gatherer.savepoints != savepoints or waiting != [gatherer, sender]:
        gatherer, sender = _Gather(pending, savepoints), _Send(pending)
        pending.gatherer, pending.sender = gatherer, sender
        transaction.on_commit(gatherer, robust=True)
        # On no savepoint, so that none takes it away: it sends for all that remain. `on_commit` cannot say that.
        connection.run_on_commit.append((set(), sender, True))
    gatherer.add(wanted)


def _send(wanted: frozenset[str] | None) -> None:
    try:
        if wanted is EVERYTHING:
            transports.send_everything()
        else:
            transports.send(wanted)
    except Exception:  # the act is done, and must not end as an error page
        logger.exception("A purge could not be sent")
