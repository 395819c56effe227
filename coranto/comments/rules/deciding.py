"""What editors decide about a comment, what a decision teaches, and until when its writer may ask to look again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

APPEAL_WITHIN: Final = timedelta(days=30)
APPEALING: Final = "coranto.comments.appeal"
LONGEST_REASON: Final = 1000
# Besides the sentence for the cause.
LONGEST_OWN_WORDS: Final = 900


class Act(models.TextChoices):
    """What an editor does with a comment."""

    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    SPAM = "spam", _("Spam")
    BIN = "bin", _("Bin")
    HOLD = "hold", _("Put back to wait")


class Cause(models.TextChoices):
    """Why a comment is rejected, as its writer reads it."""

    RUDE = "rude", _("It insults or threatens somebody.")
    FALSE = "false", _("It claims as a fact what is not true.")
    ADVERT = "advert", _("It advertises something.")
    PRIVATE = "private", _("It tells what is private.")
    APART = "apart", _("It is not about the article.")
    LAW = "law", _("The law does not let us publish it.")


class Verdict(models.TextChoices):
    """What the score learns of a decision."""

    WANTED = "wanted", _("let through")
    UNWANTED = "unwanted", _("taken away")


# To bin is to decide without teaching: what is double, or came too late, says nothing against its words.
TEACHES: Final[Mapping[str, Verdict]] = {
    Act.APPROVE: Verdict.WANTED,
    Act.REJECT: Verdict.UNWANTED,
    Act.SPAM: Verdict.UNWANTED,
}


def stamp_of(html: str) -> str:
    """What tells the words an editor has looked at from those that stand there by now, links included."""
    return sha256(html.encode()).hexdigest()[:16]


def reason_of(cause: str, words: str) -> str:
    """The sentence for a cause and the editor's own, as the writer reads them; empty where there is neither."""
    sentence = str(Cause(cause).label) if cause in Cause else ""
    return "\n\n".join(filter(None, [sentence, words.strip()]))[:LONGEST_REASON]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What is known of a rejection for whoever would appeal."""

    is_rejection: bool
    decided_at: datetime
    still_stands: bool
    appealed_before: bool


def may_appeal(standing: Standing, *, now: datetime) -> bool:
    """Once for each comment, for as long as the rejection stands and is not older than a month."""
    return (
        standing.is_rejection
        and standing.still_stands
        and not standing.appealed_before
        and now < standing.decided_at + APPEAL_WITHIN
    )
