"""What matters today, to whoever has just signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import BigIntegerField
from django.db.models.functions import Cast
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.permissions import policy_registry

from coranto.desk.queries import desk
from coranto.desk.queries.desk import Choice, DeskList, chosen, review_states
from coranto.desk.queries.visibility import visible_articles
from coranto.desk.rules import agenda
from coranto.jobs.models import Failure
from coranto.masthead.models import Picture
from coranto.masthead.queries import pictures_with_rights_ending
from coranto.newsroom.models import FrontPage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from django.db.models import QuerySet

    from coranto.masthead.models import Account
    from coranto.newsroom.models import Section

LENGTH: Final = 6


@dataclass(frozen=True, slots=True)
class Dashboard:
    awaiting_me: DeskList
    in_review: DeskList
    today: DeskList
    drafts: DeskList
    pictures: Sequence[Picture]
    failures: int
    write_in: Sequence[Section]
    front: FrontPage | None
    """The front page, for whoever may arrange it and make sections."""

    lacks_sections: bool


def dashboard(account: Account, *, known: Mapping[str, Section], zone: ZoneInfo, now: datetime) -> Dashboard:
    """Eleven queries, and one for permissions or, to an administrator, for failures."""
    articles = visible_articles(account)
    waiting = _awaiting(account)
    today = agenda.day_of(now, zone)
    _start, end = agenda.bounds(today, today, zone)

    lists = desk.lines_of(
        {
            "awaiting_me": desk.in_review(articles).filter(pk__in=waiting),
            "in_review": desk.in_review(articles).exclude(pk__in=waiting),
            "today": desk.scheduled(articles).filter(at__lt=end),
            "drafts": desk.drafts(chosen(articles, Choice(mine=True), account)),
        },
        account=account,
        known=known,
        length=LENGTH,
        now=now,
    )
    return Dashboard(
        **lists,
        pictures=list(_pictures(account, today)),
        failures=Failure.objects.unresolved().count() if account.is_superuser else 0,
        write_in=sections_to_write_in(account, known),
        front=_front(account),
        lacks_sections=not known,
    )


def _front(account: Account) -> FrontPage | None:
    front: FrontPage | None = FrontPage.objects.defer("arrangement").first()
    return front if front and front.permissions_for_user(account).can_publish() else None


def _awaiting(account: Account) -> QuerySet[Any]:
    """Ids of what this account may approve (whoever may publish it); not what it handed in itself."""
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__in=review_states(WorkflowState.STATUS_IN_PROGRESS).exclude(requested_by=account),
    )
    states = states.annotate(of_article=Cast("workflow_state__object_id", BigIntegerField()))
    if not account.is_superuser:
        theirs = policy_registry.get_by_type(Page).instances_user_has_permission_for(account, "publish")
        states = states.filter(of_article__in=theirs.values("pk"))
    return states.values("of_article")


def _pictures(account: Account, today: date) -> QuerySet[Picture]:
    """Pictures this account looks after whose rights have ended or soon will."""
    policy = policy_registry.get_by_type(Picture)
    own = policy.instances_user_has_permission_for(account, "change")
    return pictures_with_rights_ending(on=today).filter(pk__in=own.values("pk"))[:LENGTH]


def sections_to_write_in(account: Account, known: Mapping[str, Section]) -> list[Section]:
    """Sections in which somebody may begin an article. One query at most."""
    if account.is_superuser:
        return list(known.values())
    policy = policy_registry.get_by_type(Page)
    granted = [
        each.page.path
        for each in policy.get_cached_permissions_for_user(account)
        if each.permission.codename == "add_page"
    ]
    return [each for each in known.values() if any(each.path.startswith(path) for path in granted)]
