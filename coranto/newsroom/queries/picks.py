"""Hand-picked articles of a front that readers do not see, for the editor who picked them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision, get_default_page_content_type

from coranto.newsroom.models import Article
from coranto.newsroom.queries.cards import Card, card_of
from coranto.newsroom.queries.fronts import picks_in
from coranto.newsroom.rules import Visibility

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from coranto.newsroom.models import FrontPage, Section


class Reason(models.TextChoices):
    PLANNED = "planned", _("“%(title)s” is left out until it goes out on %(at)s.")
    DRAFT = "draft", _("“%(title)s” is not published. It is left out until it is.")
    WITHDRAWN = "withdrawn", _("“%(title)s” was withdrawn. It is left out.")
    NOT_FOR_ALL = "not-for-all", _("“%(title)s” is not for everybody to read. It is left out.")
    GONE = "gone", _("An article picked here is no longer there.")
    TWICE = "twice", _("“%(title)s” was picked more than once. It stands in the first place only.")


@dataclass(frozen=True, slots=True)
class HiddenPick:
    """A pick that does not stand where it was put, and why; `at` is when it goes out, where that is planned."""

    title: str
    reason: Reason
    at: datetime | None = None

    @property
    def sentence(self) -> str:
        at = date_format(timezone.localtime(self.at), "DATETIME_FORMAT") if self.at else ""
        return str(self.reason.label) % {"title": self.title, "at": at}


def hidden_picks(front: FrontPage | Section) -> list[HiddenPick]:
    """What the editor of a front should know of the picks in it. Two queries, none without picks."""
    counted = Counter(picks_in(front.raw_arrangement))
    if not counted:
        return []
    rows = Article.objects.filter(pk__in=counted).values(
        "pk", "draft_title", "live", "visibility", "first_published_at"
    )
    found = {each["pk"]: each for each in rows}
    planned = {pk: revision.approved_go_live_at for pk, revision in _planned(counted).items()}
    hidden = []
    for pk, times in counted.items():
        row = found.get(pk)
        reason = _reason(row, is_planned=pk in planned) or (Reason.TWICE if times > 1 else None)
        if reason:
            at = planned.get(pk) if reason is Reason.PLANNED else None
            hidden.append(HiddenPick(title=row["draft_title"] if row else "", reason=reason, at=at))
    return hidden


def _reason(row: Mapping[str, object] | None, *, is_planned: bool) -> Reason | None:
    if row is None:
        return Reason.GONE
    if row["visibility"] != Visibility.PUBLIC:
        return Reason.NOT_FOR_ALL
    if row["live"]:
        return None
    if is_planned:
        return Reason.PLANNED
    return Reason.WITHDRAWN if row["first_published_at"] else Reason.DRAFT


def coming_picks(front: FrontPage | Section, known: Mapping[str, Section]) -> dict[int, Card]:
    """Cards of picks that will be public when the front's planned time comes: for its preview alone."""
    if front.go_live_at is None:
        return {}
    planned = _planned(picks_in(front.raw_arrangement))
    articles = [
        revision.as_object() for revision in planned.values() if revision.approved_go_live_at <= front.go_live_at
    ]
    coming = [each for each in articles if not each.live and each.visibility == Visibility.PUBLIC]
    prefetch_related_objects([each.picture for each in coming if each.picture], "renditions")
    return {each.pk: card_of(each, known) for each in coming}


def _planned(picks: Collection[int]) -> dict[int, Revision]:
    """The revisions of articles that the clock will publish. One query."""
    rows = Revision.objects.filter(
        base_content_type=get_default_page_content_type(),
        object_id__in=[str(each) for each in picks],
        approved_go_live_at__isnull=False,
    )
    return {int(each.object_id): each for each in rows}
