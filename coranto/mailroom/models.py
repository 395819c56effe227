"""Mails as rows: what is written to whom, how far it came, and what the server said."""

from __future__ import annotations

import zlib
from datetime import timedelta
from email import message_from_bytes, policy
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from coranto.mailroom.kinds import label_of
from coranto.mailroom.rules.addresses import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime
    from email.message import EmailMessage

# No lease is longer, and no retry waits longer: what lies further ahead was written before the clock was set back.
LONGEST_LEASE = timedelta(minutes=30)


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self, now: datetime) -> MailQuerySet:
        """What may be sent, in the order in which it should be: letters to many wait for those to one."""
        return self.filter(state=Mail.State.QUEUED, due_at__lte=now).order_by("is_bulk", "due_at", "pk")

    def elsewhere_than(self, domains: Collection[str]) -> MailQuerySet:
        return self.exclude(domain__in=domains) if domains else self

    def lost(self, now: datetime) -> MailQuerySet:
        """In the hands of a worker that is gone."""
        return self.filter(
            models.Q(leased_until__lte=now) | models.Q(leased_until__gt=now + LONGEST_LEASE), state=Mail.State.SENDING
        )

    def stranded(self, now: datetime) -> MailQuerySet:
        """To be sent at once, at a time that has not come yet."""
        return self.filter(
            state=Mail.State.QUEUED, attempts=0, due_at__gt=now, queued_at__gt=now, due_at=models.F("queued_at")
        )

    def settled(self) -> MailQuerySet:
        return self.exclude(state__in=[Mail.State.QUEUED, Mail.State.SENDING])

    def for_mailbox(self, address: str) -> MailQuerySet:
        return self.alias(mailbox=Lower("to")).filter(mailbox=folded(address))

    def not_out(self) -> MailQuerySet:
        """What may still be sent: it waits, is on its way, or was not delivered and may be sent again by decision."""
        out = {Mail.State.SENT, Mail.State.WITHDRAWN}
        return self.filter(state__in=[each for each in Mail.State if each not in out], withdrawn_at=None)

    def about_any(self, names: Iterable[str]) -> MailQuerySet:
        """What was said, when it was queued, to be about one of these (`comment:7`)."""
        named = (models.Q(about__contains=f" {name} ") for name in names)
        return self.filter(reduce(or_, named, models.Q(pk__in=[])))


class Mail(models.Model):
    """One message to one address.

    `source` is the message as it leaves (RFC 5322, CRLF), frozen when it was queued, all but its DKIM signatures.
    `handed_at` is written before the message itself is handed to a server that may accept it without our hearing so:
    a row without it was certainly not accepted, one with it that was not settled is `unknown`. `withdrawn_at` on a row
    that is not `withdrawn`: a sender had it in hand, or it was given up. It is never handed over from then on.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("refused")
        UNKNOWN = "unknown", _("unknown")
        SUPPRESSED = "suppressed", _("held back")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(_("kind"), max_length=60)
    is_bulk = models.BooleanField(_("to many"), default=False)
    is_secret = models.BooleanField(_("secret"), default=False)
    key = models.CharField(_("key"), max_length=200, null=True, unique=True, editable=False)  # noqa: DJ001 - NULL is "none": of two empty ones the second would be refused
    to = models.EmailField(_("to"), max_length=254)
    domain = models.CharField(_("domain"), max_length=253, editable=False)
    subject = models.CharField(_("subject"), max_length=300)
    message_id = models.CharField(_("Message-ID"), max_length=255, db_index=True)
    packed_source = models.BinaryField(editable=False)
    # Names with a space before and after each, for those who want to withdraw it while it waits.
    about = models.TextField(blank=True, editable=False)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField(_("queued"))
    due_at = models.DateTimeField(_("due"))
    expires_at = models.DateTimeField(_("expires"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    worker = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(_("handed over"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    transport = models.CharField(_("by"), max_length=40, blank=True)
    reply = models.TextField(_("the server's reply"), blank=True)
    provider_id = models.CharField(_("the provider's number"), max_length=255, blank=True, db_index=True)
    bounced_at = models.DateTimeField(_("came back"), null=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    keep_until = models.DateTimeField(editable=False, db_index=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["is_bulk", "due_at", "id"], name="mail_due", condition=models.Q(state="queued")),
            models.Index(fields=["leased_until"], name="mail_leased", condition=models.Q(state="sending")),
            models.Index(fields=["worker"], name="mail_worker", condition=models.Q(state="sending")),
            models.Index(fields=["expires_at"], name="mail_secret", condition=models.Q(is_secret=True)),
            models.Index(fields=["state", "-id"], name="mail_by_state"),
            models.Index(Lower("to"), name="mail_by_mailbox"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.to})"

    def get_kind_display(self) -> str:
        """As people call it; the name itself of a kind that is gone."""
        return label_of(self.kind)

    @property
    def source(self) -> bytes:
        """The message; empty once the words were removed of what was a secret, or was withdrawn."""
        return zlib.decompress(self.packed_source) if self.packed_source else b""

    @property
    def text(self) -> str:
        """The words as plain text."""
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self._message.get_body((kind,))
        return str(part.get_content()) if part else ""

    @cached_property
    def _message(self) -> EmailMessage:
        return message_from_bytes(self.source, policy=policy.default)

    @property
    def names(self) -> list[str]:
        """What it is about."""
        return self.about.split()

    @staticmethod
    def pack(source: bytes) -> bytes:
        return zlib.compress(source) if source else b""


class TrailEntry(models.Model):
    """What happened to a mail besides being sent at the first attempt: tries, doubts, decisions, returns."""

    class What(models.TextChoices):
        DEFERRED = "deferred", _("put off")
        REFUSED = "refused", _("refused")
        UNKNOWN = "unknown", _("unknown")
        SENT = "sent", _("sent")
        SUPPRESSED = "suppressed", _("held back")
        EXPIRED = "expired", _("expired")
        TAKEN_BACK = "taken-back", _("taken back")
        RESENT = "resent", _("sent again by decision")
        BOUNCED = "bounced", _("came back")
        COMPLAINED = "complained", _("reported as unwanted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="trail")
    at = models.DateTimeField(_("when"))
    what = models.CharField(_("what"), max_length=12, choices=What.choices)
    attempt = models.PositiveIntegerField(_("attempt"), default=0)
    words = models.TextField(_("words"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("entry of the trail")
        verbose_name_plural = _("trail")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_what_display()}"


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def of(self, address: str) -> SuppressionQuerySet:
        return self.filter(address=folded(address))


class Suppression(models.Model):
    """An address that is not written to: at all, or not with what goes to many."""

    class Reason(models.TextChoices):
        BOUNCE = "bounce", _("mail came back")
        COMPLAINT = "complaint", _("reported as unwanted")
        UNSUBSCRIBE = "unsubscribe", _("unsubscribed")
        DECISION = "decision", _("an administrator's decision")

    class Scope(models.TextChoices):
        ALL = "all", _("no mail at all")
        BULK = "bulk", _("no mail that goes to many")

    address = models.EmailField(_("address"), max_length=254)
    scope = models.CharField(_("scope"), max_length=4, choices=Scope.choices, default=Scope.ALL)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    since = models.DateTimeField(_("since"))
    words = models.TextField(_("words"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints = [models.UniqueConstraint(fields=["address", "reason"], name="suppressed_once_for_a_reason")]

    def __str__(self) -> str:
        return self.address
