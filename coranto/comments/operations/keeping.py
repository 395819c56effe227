"""What is not kept: comments nobody confirmed, and where comments came from."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from coranto.comments.models import Comment
from coranto.comments.operations.storing import lock_threads_of
from coranto.comments.rules.tokens import CONFIRM_WITHIN

if TYPE_CHECKING:
    from datetime import datetime

# The link has run out by then; a mail may take a while.
WAITS_FOR: Final = CONFIRM_WITHIN + timedelta(hours=1)
ORIGINS_KEPT_FOR: Final = timedelta(days=30)
_AT_ONCE: Final = 500


def prune_waiting(*, now: datetime) -> int:
    """Delete comments whose guests never confirmed their address; how many."""
    over = Comment.objects.filter(state=Comment.State.WAITING, written_at__lt=now - WAITS_FOR)
    deleted = 0
    while pks := list(over.values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            rows = over.filter(pk__in=pks)
            lock_threads_of(rows)
            rows.delete()
        deleted += len(pks)
    return deleted


def forget_origins(*, now: datetime) -> int:
    """Forget from which range of the network comments came, once nobody needs it to stop a flood; of how many."""
    known = Comment.objects.exclude(origin="").filter(written_at__lt=now - ORIGINS_KEPT_FOR)
    forgotten = 0
    while pks := list(known.values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            rows = Comment.objects.filter(pk__in=pks)
            lock_threads_of(rows)
            forgotten += rows.update(origin="")
    return forgotten
