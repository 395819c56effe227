"""How much is read, for the newsroom: by article, section, author and where readers came from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Page

from coranto.audience.queries.sums import summed_views
from coranto.audience.queries.trending import PAGE_LENGTH, most_read, trending_setting
from coranto.audience.rules import Referrer
from coranto.audience.rules.charts import share
from coranto.audience.rules.readership import Period, begins, slots
from coranto.audience.rules.trending import HOUR, hour_of
from coranto.masthead.rules import address_of
from coranto.newsroom.models import Article, ArticleAuthor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from coranto.audience.rules.readership import Slot
    from coranto.audience.rules.trending import Standing
    from coranto.newsroom.models import Section

# SQLite takes no more than 32,766 values in one statement.
BATCH: Final = 10_000
# What is counted, told apart by the first, and how it is called: two sections may share a title, two authors a name.
Named: TypeAlias = tuple[object, str]


class Table(models.TextChoices):
    ARTICLES = "articles", gettext_lazy("By article")
    SECTIONS = "sections", gettext_lazy("By section")
    AUTHORS = "authors", gettext_lazy("By author")
    REFERRERS = "referrers", gettext_lazy("Where readers came from")


@dataclass(frozen=True, slots=True)
class Line:
    """`share` is in hundredths of the period's views; `address` is empty for what has none."""

    name: str
    views: int
    share: float
    address: str = ""


@dataclass(frozen=True, slots=True)
class TrendingLine:
    headline: str
    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class Readership:
    """What was read in a period. Each table is complete, the most read first; `totals` are those of all periods."""

    period: Period
    totals: Mapping[Period, int]
    hour_before: int
    slots: Sequence[Slot]
    tables: Mapping[Table, Sequence[Line]]
    trending: Sequence[TrendingLine]
    half_life: int


@dataclass(frozen=True, slots=True)
class _ReadArticle:
    headline: str
    address: str
    section: Named


def readership(period: Period, *, known: Mapping[str, Section], zone: ZoneInfo, now: datetime) -> Readership:
    """Thirteen queries; two more for each further ten thousand articles that were read in the period.

    Of what is not public, or gone, only the sum is told: who may see the numbers may not see every draft.
    """
    since = begins(period, now=now, zone=zone)
    hours = _by_hour(min(begins(Period.WEEK, now=now, zone=zone), slots(Period.HOUR, {}, now=now, zone=zone)[0].begins))
    totals = {each: _total(hours, since=begins(each, now=now, zone=zone)) for each in Period}
    half_life = trending_setting().half_life
    return Readership(
        period=period,
        totals=totals,
        hour_before=hours.get(hour_of(now) - HOUR, 0),
        slots=slots(period, hours, now=now, zone=zone),
        tables=_tables(since, known, of=totals[period]),
        trending=_trending_lines(most_read(half_life=half_life, length=PAGE_LENGTH, now=now)),
        half_life=half_life,
    )


def _by_hour(since: datetime) -> dict[datetime, int]:
    return {hour: views for (hour,), views in summed_views("hour", since=since).items()}


def _total(hours: Mapping[datetime, int], *, since: datetime) -> int:
    return sum(views for hour, views in hours.items() if hour >= since)


# Tables -----------------------------------------------------------------------------------------------------


def _tables(since: datetime, known: Mapping[str, Section], *, of: int) -> dict[Table, Sequence[Line]]:
    views = {pk: count for (pk,), count in summed_views("article_id", since=since).items()}
    referrers = Counter(
        {(each, _came(each)): count for (each,), count in summed_views("referrer", since=since).items()}
    )
    articles = _public_articles(views, known)
    hidden: Counter[Named] = Counter()
    hidden[None, _("Not public, or gone")] = sum(count for pk, count in views.items() if pk not in articles)
    sections: Counter[Named] = Counter()
    for pk, article in articles.items():
        sections[article.section] += views[pk]
    lines = [
        Line(article.headline, views[pk], share(views[pk], of), article.address) for pk, article in articles.items()
    ]
    return {
        Table.ARTICLES: sorted([*lines, *_lines(hidden, of=of)], key=_by_views),
        Table.SECTIONS: _lines(sections + hidden, of=of),
        Table.AUTHORS: _lines(_by_author(articles, views) + hidden, of=of),
        Table.REFERRERS: _lines(referrers, of=of),
    }


def _lines(views: Mapping[Named, int], *, of: int) -> list[Line]:
    lines = [Line(name, count, share(count, of)) for (_key, name), count in views.items() if count]
    return sorted(lines, key=_by_views)


def _by_views(line: Line) -> tuple[int, str, str]:
    return -line.views, line.name, line.address


def _came(referrer: str) -> str:
    label = str(Referrer(referrer).label)
    return label[:1].upper() + label[1:]


def _public_articles(ids: Iterable[int], known: Mapping[str, Section]) -> dict[int, _ReadArticle]:
    names: dict[str, Named] = {section.path: (section.path, section.title) for section in known.values()}
    rows = [
        row
        for batch in _batches(ids)
        for row in Article.objects.public().filter(pk__in=batch).values_list("pk", "title", "url_path", "path")
    ]
    elsewhere: Named = (None, _("A section that is not public"))
    return {
        pk: _ReadArticle(title, address_of(url_path), names.get(path[: -Page.steplen], elsewhere))
        for pk, title, url_path, path in rows
    }


def _by_author(articles: Mapping[int, _ReadArticle], views: Mapping[int, int]) -> Counter[Named]:
    """An article of two authors counts for both, so that the sum may be more than all views."""
    total: Counter[Named] = Counter()
    unsigned = set(articles)
    for batch in _batches(articles):
        bylines = ArticleAuthor.objects.filter(article__in=batch)
        for pk, author_id, name in bylines.values_list("article_id", "author_id", "author__name"):
            total[author_id, name] += views[pk]
            unsigned.discard(pk)
    total[None, _("No author named")] += sum(views[pk] for pk in unsigned)
    return total


def _batches(ids: Iterable[int]) -> Iterator[Collection[int]]:
    """At least one, so that the number of queries is the same where nothing was read."""
    left = iter(ids)
    batch = list(islice(left, BATCH))
    yield batch
    while batch := list(islice(left, BATCH)):
        yield batch


# What is trending, and why ----------------------------------------------------------------------------------


def _trending_lines(standings: Sequence[Standing]) -> list[TrendingLine]:
    rows = Article.objects.public().filter(pk__in=[each.article_id for each in standings])
    found = {pk: (title, address_of(url_path)) for pk, title, url_path in rows.values_list("pk", "title", "url_path")}
    return [
        TrendingLine(*found[each.article_id], reason=reason_of(each)) for each in standings if each.article_id in found
    ]


def reason_of(standing: Standing) -> str:
    """Such as: 312 views in the last 6 hours, 1,020 in 24."""
    first, *others = standing.spans
    told = {"views": number_format(first.views, force_grouping=True), "hours": first.hours}
    if first.hours == 1:
        reason = ngettext("%(views)s view in this hour", "%(views)s views in this hour", first.views) % told
    else:
        reason = (
            ngettext(
                "%(views)s view in the last %(hours)d hours", "%(views)s views in the last %(hours)d hours", first.views
            )
            % told
        )
    for span in others:
        views = number_format(span.views, force_grouping=True)
        reason = _("%(reason)s, %(views)s in %(hours)d") % {"reason": reason, "views": views, "hours": span.hours}
    return reason
