"""Have every cache forget what a change has touched, once the change is committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from coranto.delivery import transports

if TYPE_CHECKING:
    from collections.abc import Iterable


def purge(*, tags: Iterable[str]) -> None:
    """Forget every page and fragment that carries one of `tags`, after the commit (at once where no transaction is)."""
    wanted = frozenset(tags)
    if wanted:
        transaction.on_commit(lambda: transports.send(wanted))


def purge_everything() -> None:
    """Forget all that is stored."""
    transaction.on_commit(transports.send_everything)
