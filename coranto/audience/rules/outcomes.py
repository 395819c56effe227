"""What becomes of a view that is reported."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rare(models.TextChoices):
    """What a user agent was taken for that too few visitors had to be remembered by name."""

    PERSON = "person", _("a person")
    BOT = "bot", _("a bot")


class Reason(models.TextChoices):
    """Why a view that was reported is not written down at all. Those of bots are, and left out later."""

    REPEATED = "repeated", _("seen before on the same day")
    CROWDED = "crowded", _("too many from one address")
    STAFF = "staff", _("our own staff")
    PREFETCH = "prefetch", _("loaded ahead, not looked at")
    NAMELESS = "nameless", _("programs that do not say what they are")
