"""The kill switch: an article out of the public's reach, at once and for as long as nobody decides otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from coranto.desk.queries.visibility import may
from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from datetime import datetime

    from coranto.masthead.models import Account

WITHDRAWN = "desk.withdrawn"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was done."""

    was_public: bool
    dates_cancelled: int
    review_ended: bool
    places: int  # other places of the same article, which went with it

    @property
    def did_anything(self) -> bool:
        return self.was_public or self.dates_cancelled > 0 or self.review_ended


@transaction.atomic
def withdraw_now(*, article: Article, by: Account, reason: str, now: datetime) -> Withdrawal:
    """Take an article away from readers, with everything that could bring it back by itself.

    Whoever may publish it may do this, whoever has locked it or is writing in it: readers' safety comes before a
    colleague's draft, of which nothing is lost. Raises `PermissionDenied`.
    """
    if not may(by, "publish", article):
        raise PermissionDenied
    # First the dates, then the article: the clock and the editor's button take their rows in the same order, so
    # that neither waits for the other for ever.
    dates_cancelled = article.revisions.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=None)
    present = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    places = present.aliases.filter(live=True).count()
    was_public = present.live
    state = present.current_workflow_state
    if state is not None:
        state.cancel(user=by)
    # Without a name: asked on whose behalf, Wagtail would refuse what somebody else has locked.
    present.unpublish(log_action=False)
    done = Withdrawal(
        was_public=was_public, dates_cancelled=dates_cancelled, review_ended=state is not None, places=places
    )
    log(
        instance=present,
        action=WITHDRAWN,
        user=by,
        timestamp=now,
        data={
            "reason": reason.strip(),
            "was_public": was_public,
            "dates_cancelled": dates_cancelled,
            "review_ended": done.review_ended,
        },
    )
    return done
