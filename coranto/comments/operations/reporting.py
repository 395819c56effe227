"""A reader finds something wrong with a comment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import gettext as _

from coranto.comments.models import Comment, Report
from coranto.comments.operations.writing import TooOftenError
from coranto.comments.rules.marks import mark_of, range_of
from coranto.jobs.operations import take_from_limit

if TYPE_CHECKING:
    from datetime import datetime

    from coranto.comments.queries.own import Writer

BY_RANGE: Final = 20
_LONGEST: Final = 500


def report_comment(*, comment: Comment, writer: Writer, reason: str, words: str, address: str, now: datetime) -> Report:
    """Have an editor look at a comment; it stays where it is. Of one person once, until it is edited.

    Who is not signed in is told apart by the range of the network: a brigade behind one counts as one. Raises
    `TooOftenError`.
    """
    own_range = range_of(address) or address
    reporter = writer.mark if writer.is_reader else mark_of(f"range:{own_range}", secret=settings.SECRET_KEY)
    if not take_from_limit(key=f"report:{reporter}", allowed=BY_RANGE, per=timedelta(hours=1), now=now):
        raise TooOftenError(_("Many comments were reported from here just now. Please try again later."))
    said = {"reason": reason, "words": words[:_LONGEST], "reported_at": now}
    report, is_new = Report.objects.get_or_create(comment=comment, reporter=reporter, defaults=said)
    if not is_new and comment.edited_at and report.settled_at and report.settled_at < comment.edited_at:
        # What an editor let be was other words.
        Report.objects.filter(pk=report.pk).update(**said, settled_at=None)
        report.refresh_from_db()
    return report
