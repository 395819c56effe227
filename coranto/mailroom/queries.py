"""What pages, other rooms and the sender ask of mails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q

from coranto.mailroom.kinds import BULK
from coranto.mailroom.models import Mail, Suppression

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from coranto.mailroom.models import MailQuerySet, SuppressionQuerySet


def standing_against(*, address: str, stream: str, ignores_unsubscribe: bool = False) -> SuppressionQuerySet:
    """What keeps mail of this stream from this address."""
    return _of_stream(stream, ignores_unsubscribe=ignores_unsubscribe).of(address)


def is_suppressed(*, address: str, stream: str, ignores_unsubscribe: bool = False) -> bool:
    """Whether nothing of this stream may go to this address. One query."""
    return standing_against(address=address, stream=stream, ignores_unsubscribe=ignores_unsubscribe).exists()


def _of_stream(stream: str, *, ignores_unsubscribe: bool) -> SuppressionQuerySet:
    rows = Suppression.objects.all()
    if stream != BULK:
        return rows.filter(scope=Suppression.Scope.ALL)
    return rows.exclude(reason=Suppression.Reason.UNSUBSCRIBE) if ignores_unsubscribe else rows


def withdrawn_mails(*, kind: str) -> MailQuerySet:
    """Those of one kind of which whoever queued them has not taken note. One query."""
    withdrawn = Mail.objects.filter(state=Mail.State.WITHDRAWN, kind=kind).exclude(about="")
    return withdrawn.defer("packed_source").order_by("pk")


def mails_to(*, address: str) -> list[Any]:
    """What was written to somebody and when, for themselves; not its words, which may be codes. One query."""
    return list(Mail.objects.for_mailbox(address).order_by("pk").values("subject", "kind", "queued_at", "state"))


@dataclass(frozen=True, slots=True)
class MailFigures:
    """How many mails stand where, and since when the one that has waited longest was due."""

    by_state: Mapping[str, int]
    oldest_due_at: datetime | None


def mail_figures(*, now: datetime) -> MailFigures:
    """For the head of the administrator's list. Two queries, however many rows."""
    counts = Mail.objects.order_by().values_list("state").annotate(number=Count("pk"))
    waiting = Q(state=Mail.State.QUEUED, due_at__lte=now)
    oldest = Mail.objects.filter(waiting).aggregate(oldest=Min("due_at"))["oldest"]
    return MailFigures(by_state=dict(counts), oldest_due_at=oldest)
