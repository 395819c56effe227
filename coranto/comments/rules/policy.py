"""Who may write under an article, and until when one may change one's words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Who(models.TextChoices):
    """From whom the site takes comments."""

    ANYONE = "anyone", _("anyone with an e-mail address")
    REGISTERED = "registered", _("readers with an account")
    MEMBERS = "members", _("members")


class Pause(models.TextChoices):
    """The switch for the day on which it gets too much."""

    NONE = "", _("no: as below")
    HOLD = "hold", _("every comment waits for the editors")
    SHUT = "shut", _("no comment is taken")


class Refusal(models.TextChoices):
    """Why somebody may not write here; each is a sentence for whoever wanted to."""

    CLOSED = "closed", _("Comments on this article are closed.")
    SHUT = "shut", _("Comments are paused for the moment. Please try again later.")
    SIGN_IN = "sign-in", _("Please sign in to comment.")
    MEMBERS = "members", _("Comments are open to members.")
    BLOCKED = "blocked", _("The editors take no more comments from you.")
    GONE = "gone", _("The comment you answer is not there any more.")


def refusal(*, who: str, pause: str, is_open: bool, is_reader: bool, is_member: bool) -> Refusal | None:
    """Why no comment is taken; none where one is."""
    if not is_open:
        return Refusal.CLOSED
    if pause == Pause.SHUT:
        return Refusal.SHUT
    if who == Who.ANYONE or is_member:
        return None
    if not is_reader:
        return Refusal.SIGN_IN
    return Refusal.MEMBERS if who == Who.MEMBERS else None


def may_still_edit(*, written_at: datetime, minutes: int, now: datetime) -> bool:
    return now < written_at + timedelta(minutes=minutes)
