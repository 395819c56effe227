"""Judging past views anew, when the rules for bots have changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Max, Min, Sum

from coranto.audience.models import (
    OF_BOTS,
    OF_PEOPLE,
    ArticleViews,
    DayAgent,
    DayViews,
    Recounting,
    RollUp,
    RuleChange,
    RunningViews,
    UserAgent,
)
from coranto.audience.rules import is_bot, rules_version
from coranto.delivery import operations as delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from django.db.models import Model

_AT_ONCE: Final = 1000
_PEOPLE: Final = Sum("views", filter=OF_PEOPLE, default=0)
_BOTS: Final = Sum("views", filter=OF_BOTS, default=0)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recount:
    """`went` is how many views no longer count, `came` how many do now; `agents` how many were judged otherwise."""

    from_version: str
    to_version: str
    agents: int
    went: int
    came: int


def recount_if_rules_changed(*, now: datetime) -> Recount | None:
    """Judge the past anew where the rules are not those of the last time."""
    last = RuleChange.objects.order_by("-pk").first()
    is_done = last and last.to_version == rules_version() and not Recounting.objects.exists()
    return None if is_done else recount_views(now=now)


def recount_views(*, now: datetime, tell: Callable[[int, int], None] = lambda _done, _of: None) -> Recount:
    """Judge every user agent by the rules of today, and work out all totals anew from the roll-ups.

    What that changes is noted; so is another version that changes nothing. Agents too few visitors had stay what they
    were taken for, since nobody knows them any more. `tell` hears how many articles are done, and of how many.

    Judged and noted at once; killed while the totals are worked out, the next run works them out.
    """
    running = _judged_otherwise(DayAgent)
    with transaction.atomic():
        Recounting.objects.get_or_create(pk=1)
        kept = _judged_otherwise(UserAgent)
        recount = _note(kept, running, now=now)
        _judge(UserAgent, kept)
    _judge(DayAgent, running)
    _add_up_articles(tell)
    _add_up_days()
    Recounting.objects.all().delete()
    delivery.purge_tags(tags=["views", "how-we-count"])
    return recount


def _note(kept: Mapping[bool, list[int]], running: Mapping[bool, list[int]], *, now: datetime) -> Recount:
    last = RuleChange.objects.order_by("-pk").first()
    went, came = (_views(RollUp, kept[judged]) + _views(RunningViews, running[judged]) for judged in (True, False))
    recount = Recount(
        from_version=last.to_version if last else "",
        to_version=rules_version(),
        agents=sum(map(len, kept.values())),
        went=went,
        came=came,
    )
    if went or came or recount.from_version != recount.to_version:
        RuleChange.objects.create(
            changed_at=now,
            from_version=recount.from_version,
            to_version=recount.to_version,
            went=went,
            came=came,
        )
    return recount


def _judged_otherwise(model: type[UserAgent | DayAgent]) -> dict[bool, list[int]]:
    """Those who are judged otherwise than before, by what they are now."""
    changed: dict[bool, list[int]] = {True: [], False: []}
    for pk, text, judged in model.objects.values_list("pk", "text", "is_bot").iterator():
        if is_bot(text) is not judged:
            changed[not judged].append(pk)
    return changed


def _judge(model: type[UserAgent | DayAgent], changed: Mapping[bool, list[int]]) -> None:
    for judged, ids in changed.items():
        for some in _parts(ids):
            model.objects.filter(pk__in=some).update(is_bot=judged)


def _views(model: type[RollUp | RunningViews], agents: Collection[int]) -> int:
    views = 0
    for some in _parts(list(agents)):
        views += model.objects.filter(agent__in=some).aggregate(views=Sum("views", default=0))["views"]
    return views


def _parts(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]


def _add_up_articles(tell: Callable[[int, int], None]) -> None:
    last = RollUp.objects.aggregate(last=Max("article"))["last"] or 0
    for start in range(0, last + 1, _AT_ONCE):
        end = start + _AT_ONCE
        with transaction.atomic():
            _lock(ArticleViews, article__gte=start, article__lt=end)
            some = RollUp.objects.filter(article__gte=start, article__lt=end)
            sums = some.values("article").annotate(people=_PEOPLE, bots=_BOTS).values_list("article", "people", "bots")
            ArticleViews.objects.bulk_create(
                [ArticleViews(pk=article, people=people, bots=bots) for article, people, bots in sums],
                update_conflicts=True,
                unique_fields=["article"],
                update_fields=["people", "bots"],
            )
        tell(min(end, last), last)


def _add_up_days() -> None:
    first, last = RollUp.objects.aggregate(first=Min("hour"), last=Max("hour")).values()
    day = first.astimezone(UTC).date() if first else None
    while day and day <= last.astimezone(UTC).date():
        begin = datetime.combine(day, time(), UTC)
        with transaction.atomic():
            _lock(DayViews, pk=day)
            sums = RollUp.objects.filter(hour__gte=begin, hour__lt=begin + _DAY).aggregate(people=_PEOPLE, bots=_BOTS)
            DayViews.objects.update_or_create(pk=day, defaults=sums)
        day += _DAY


def _lock(model: type[Model], **rows: object) -> None:
    """Have whoever adds to these totals wait; SQLite lets one write at a time in any case."""
    list(model._base_manager.select_for_update().filter(**rows).values_list("pk", flat=True))
