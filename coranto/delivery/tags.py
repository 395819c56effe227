"""What a page is made of, as tags: a page carries them, a change purges them.

A query that reads something for readers says so where it reads it: `carry(tag("page", article.pk))`. Outside a page
that is being made for the store this does nothing. A room's `edge.py` says what a change purges: `purge_on_change`.
"""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models.signals import m2m_changed, post_delete, post_save

from coranto.delivery import operations

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import timedelta

    from django.db.models import Model


@dataclass(slots=True)
class Carried:
    """What a page turned out to depend on while it was made."""

    tags: set[str] = field(default_factory=set)
    life: timedelta | None = None
    has_holes: bool = False
    varies_by_entitlement: bool = False

    def expire_within(self, life: timedelta) -> None:
        self.life = life if self.life is None else min(self.life, life)

    def include(self, inner: Carried) -> None:
        self.tags |= inner.tags
        if inner.life is not None:
            self.expire_within(inner.life)
        self.has_holes |= inner.has_holes
        self.varies_by_entitlement |= inner.varies_by_entitlement


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
            outer.include(carried)


def carry(*tags: str) -> None:
    """Say that the page being made shows what these tags stand for."""
    carried = _collected.get()
    if carried is not None:
        carried.tags.update(tags)


def expire_within(life: timedelta) -> None:
    """Say that the page being made will be another one after `life` at the latest."""
    carried = _collected.get()
    if carried is not None:
        carried.expire_within(life)


def leave_hole() -> None:
    """Say that the page being made has a hole for the edge to fill."""
    carried = _collected.get()
    if carried is not None:
        carried.has_holes = True


def vary_by_entitlement() -> None:
    """Say that the page being made is another one for readers who may read more."""
    carried = _collected.get()
    if carried is not None:
        carried.varies_by_entitlement = True


def purge_on_change(
    model: type[Model], tags_of: Callable[[Any], Iterable[str]], *, unless_only: Collection[str] = ()
) -> None:
    """Have the tags `tags_of(row)` purged, after the commit, whenever a row of `model` is saved or removed.

    So too when what it is related to by a many-to-many field changes. A save that writes nothing but fields of
    `unless_only`, by its `update_fields`, is one readers see nothing of. Bulk updates tell nobody: the operation that
    makes one calls `operations.purge_tags` itself.
    """
    silent = frozenset(unless_only)

    def changed(
        instance: Any, *, raw: bool = False, update_fields: frozenset[str] | None = None, **_kwargs: Any
    ) -> None:
        if not raw and (update_fields is None or not silent.issuperset(update_fields)):
            operations.purge_for(rows=[instance], tags_of=tags_of)

    def related(
        instance: Any, *, action: str, reverse: bool, pk_set: set[Any] | None, using: str, **_kwargs: Any
    ) -> None:
        if not reverse:
            if action.startswith("post_"):
                operations.purge_for(rows=[instance], tags_of=tags_of)
        elif action in {"post_add", "post_remove"} and pk_set:
            operations.purge_for(rows=model._base_manager.using(using).filter(pk__in=pk_set), tags_of=tags_of)
        elif action == "pre_clear":  # afterwards nobody knows which rows they were
            operations.purge_everything()

    uid = f"purge-{model._meta.label}-{id(tags_of)}"
    for signal in (post_save, post_delete):
        signal.connect(changed, sender=model, weak=False, dispatch_uid=uid)
    for relation in model._meta.local_many_to_many:
        m2m_changed.connect(related, sender=relation.remote_field.through, weak=False, dispatch_uid=uid)
