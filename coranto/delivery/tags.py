"""What a page is made of, as tags: a page carries them, a change purges them.

A query that reads something for readers says so where it reads it: `carry(tag("page", article.pk))`. Outside a page
that is being made for the store this does nothing. A room's `edge.py` says what a change purges: `purge_on_change`.
"""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models.signals import post_delete, post_save

from coranto.delivery import operations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import timedelta

    from django.db.models import Model


@dataclass(slots=True)
class Carried:
    """What a page turned out to depend on while it was made."""

    tags: set[str] = field(default_factory=set)
    life: timedelta | None = None


_collected: ContextVar[Carried | None] = ContextVar("carried", default=None)


def tag(kind: str, identity: object) -> str:
    """A tag: letters, digits and `-`, a colon, an id."""
    return f"{kind}:{identity}"


@contextlib.contextmanager
def collecting() -> Iterator[Carried]:
    """Gather what is carried within; what is gathered inside another gathering belongs to that one as well."""
    outer = _collected.get()
    carried = Carried()
    token = _collected.set(carried)
    try:
        yield carried
    finally:
        _collected.reset(token)
        if outer is not None:
            outer.tags |= carried.tags
            if carried.life is not None:
                outer.life = carried.life if outer.life is None else min(outer.life, carried.life)


def carry(*tags: str) -> None:
    """Say that the page being made shows what these tags stand for."""
    carried = _collected.get()
    if carried is not None:
        carried.tags.update(tags)


def expire_within(life: timedelta) -> None:
    """Say that the page being made will be another one after `life` at the latest."""
    carried = _collected.get()
    if carried is not None:
        carried.life = life if carried.life is None else min(carried.life, life)


def purge_on_change(model: type[Model], tags_of: Callable[[Any], Iterable[str]]) -> None:
    """Have the tags `tags_of(row)` purged, after the commit, whenever a row of `model` is saved or removed.

    Bulk updates tell nobody: the operation that makes one calls `operations.purge` itself.
    """

    def changed(instance: Any, *, raw: bool = False, **_kwargs: Any) -> None:
        if not raw:
            operations.purge(tags=tags_of(instance))

    for signal in (post_save, post_delete):
        signal.connect(changed, sender=model, weak=False, dispatch_uid=f"purge-{model._meta.label}-{id(tags_of)}")


