"""What is no longer true, or no longer wanted, is withdrawn as long as it has not left."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from coranto.mailroom.models import Mail, TrailEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

# What was withdrawn has not happened: nobody is to read it, and its key is free.
WITHOUT_WORDS: Final[dict[str, Any]] = {"packed_source": b"", "key": None}
_AT_ONCE: Final = 200


@transaction.atomic
def withdraw_mails(*, about: Collection[str] = (), to: str = "", kind: str = "", words: str = "", now: datetime) -> int:
    """Keep from leaving what is about any of these names, or is for this mailbox (and of one kind); how many waited.

    Together with whatever the caller's transaction does. What waits is withdrawn at once. One that a sender has in
    hand is marked: it goes out only if the server has it already. `words` tell administrators why.
    """
    return sum(_withdraw(pks, words, now) for pks in _not_out(about, to, kind))


def _not_out(about: Collection[str], to: str, kind: str) -> Iterator[list[int]]:
    mails = Mail.objects.not_out().filter(kind=kind) if kind else Mail.objects.not_out()
    if to:
        yield from _by_number(mails.for_mailbox(to).values_list("pk", flat=True))
    names = iter(dict.fromkeys(about))
    while some := list(islice(names, _AT_ONCE)):
        yield from _by_number(mails.about_any(some).values_list("pk", flat=True))


def _by_number(pks: Any) -> Iterator[list[int]]:
    # In this order, so that two who withdraw the same mails do not wait for each other in a circle.
    found = iter(list(pks.order_by("pk")))
    while some := list(islice(found, _AT_ONCE)):
        yield some


def _withdraw(pks: list[int], words: str, now: datetime) -> int:
    # A sender that is claiming one has it in hand by the time we have the row.
    rows = Mail.objects.not_out().filter(pk__in=pks).select_for_update().order_by("pk")
    mails = list(rows.only("state", "attempts"))
    numbers = [mail.pk for mail in mails]
    Mail.objects.filter(pk__in=numbers).update(withdrawn_at=now)
    waiting = Mail.objects.filter(pk__in=numbers, state=Mail.State.QUEUED)
    count = waiting.update(state=Mail.State.WITHDRAWN, settled_at=now, **WITHOUT_WORDS)
    TrailEntry.objects.bulk_create(
        [
            TrailEntry(mail=mail, at=now, what=TrailEntry.What.WITHDRAWN, attempt=mail.attempts, words=words)
            for mail in mails
        ]
    )
    return count


def take_back_withdrawn(*, mail: Mail) -> bool:
    """Whoever queued it takes note, so that they may write anew; False where somebody has done so already."""
    return bool(Mail.objects.filter(pk=mail.pk, state=Mail.State.WITHDRAWN).exclude(about="").update(about=""))


@transaction.atomic
def forget_mailbox(*, address: str, words: str = "", now: datetime) -> None:
    """Somebody is erased: nothing more goes to this address of what waits, and what there is of it soon goes too."""
    withdraw_mails(to=address, words=words, now=now)
    # Pruned within minutes; what is on its way once it is settled.
    Mail.objects.for_mailbox(address).filter(keep_until__gt=now).update(keep_until=now)
