"""Whom nothing is sent to any more, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log

from coranto.kit import clock
from coranto.mailroom.models import Suppression
from coranto.mailroom.rules import addresses

if TYPE_CHECKING:
    from coranto.masthead.models import Account

SUPPRESSED = "mailroom.suppress"
ALLOWED = "mailroom.allow"


@transaction.atomic
def suppress_address(
    *, address: str, reason: str, scope: str = Suppression.Scope.ALL, by: Account | None = None, words: str = ""
) -> Suppression:
    """Write to this address no more, or (scope "bulk") with nothing that goes to many. Repeated, it changes nothing.

    `reason` is one of `Suppression.Reason`. Each reason is kept for itself: who unsubscribed and whose mail came back
    is still unsubscribed when the mailbox works again. Raises `BadAddress` for what is none.
    """
    if reason not in Suppression.Reason.values or scope not in Suppression.Scope.values:
        raise ValueError(f"no reason or scope is named {reason}, {scope}")
    row, is_new = Suppression.objects.get_or_create(
        address=addresses.folded(addresses.check_address(address)),
        reason=reason,
        defaults={"scope": scope, "since": clock.now(), "words": words, "by": by},
    )
    if not is_new and row.scope != scope and scope == Suppression.Scope.ALL:
        row.scope = scope
        row.save(update_fields=["scope"])
    if is_new and by is not None:
        log(instance=row, action=SUPPRESSED, user=by, data={"address": row.address, "scope": row.scope})
    return row


@transaction.atomic
def allow_address(*, address: str, by: Account | None = None, reason: str = "") -> int:
    """Write to this address again, whatever stood against it (or only what `reason` names); how many rows went."""
    rows = Suppression.objects.of(address)
    if reason:
        rows = rows.filter(reason=reason)
    gone = list(rows)
    for row in gone:
        if by is not None:
            log(instance=row, action=ALLOWED, user=by, data={"address": row.address, "reason": row.reason})
        row.delete()
    return len(gone)
