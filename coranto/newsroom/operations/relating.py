"""Which articles speak of the same: worked out after each publication, and for an archive bit by bit.

Whatever waits is a row, moved from step to step in small transactions: a worker killed at any moment loses nothing, and
whoever wants to write meanwhile waits for one of these at most.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction

from coranto.delivery import operations as delivery
from coranto.delivery.tags import tag
from coranto.jobs.operations import let_others_write
from coranto.newsroom import likeness
from coranto.newsroom.models import ArchiveTerm, Article, ArticleTerm, ArticleTopic, ArticleToRelate, RelatedArticle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

Step, Turn = ArticleToRelate.Step, ArticleToRelate.Turn

PLACES: Final = 12  # related articles kept of each: four are shown, and some may be withdrawn
HOLDERS: Final = 200  # so many of those that hold a term are looked at, the newest
CANDIDATES: Final = 60  # so many of all of these are compared term by term
LISTED_BY: Final = 200  # so many of those that list an article hear that it has changed
_ALL: Final = ""  # the term every article has
_ROWS: Final = 300  # in one statement


@transaction.atomic
def await_relating(*, articles: Iterable[int], turn: ArticleToRelate.Turn) -> None:
    """Have articles that were published or withdrawn related anew, within the transaction that does so."""
    ArticleToRelate.objects.put(articles, turn)


@transaction.atomic
def relate_anew() -> int:
    """Forget how likeness was counted and have every public article wait; returns how many.

    What readers see stays until each article has its turn.
    """
    ArticleTerm.objects.all().delete()
    ArchiveTerm.objects.all().delete()
    ids = Article.objects.public().order_by().values_list("pk", flat=True)
    ArticleToRelate.objects.put(ids, Turn.LATER)
    return len(ids)


def relate_waiting(*, now: datetime) -> int:  # noqa: ARG001 - as all regular work is called
    """Go on with what waits, for about a second; returns how many steps were done, none when nothing waits."""
    return sum(_advance(step) for step in Step)


@dataclass(frozen=True, slots=True)
class _Work:
    """What a step does with some articles at once, and with how many in a run. Who writes waits for one batch."""

    do: Callable[[Sequence[int]], None]
    batch: int
    most: int


def _advance(step: ArticleToRelate.Step) -> int:
    work, done = _WORK[step], 0
    while done < work.most:
        if done:
            let_others_write()
        with transaction.atomic():
            ids = _next(step, work.batch)
            if not ids:
                break
            work.do(ids)
            rows = ArticleToRelate.objects.filter(pk__in=ids)
            if step == Step.RELATE:
                rows.delete()
            else:
                rows.update(step=step + 1)
            done += len(ids)
    return done


def _next(step: ArticleToRelate.Step, count: int) -> list[int]:
    """Whose turn it is. An archive takes each step together: its terms weigh what they should once all are counted."""
    rows = ArticleToRelate.objects.filter(step=step)
    if ArticleToRelate.objects.filter(step__lt=step, turn=Turn.LATER).exists():
        rows = rows.filter(turn=Turn.NOW)
    # Of several workers each takes others; SQLite has one writer anyway.
    rows = rows.select_for_update(skip_locked=True).order_by("turn", "article_id")
    return list(rows.values_list("article_id", flat=True)[:count])


# Counting and weighing ---------------------------------------------------------------------------------------


def _count(ids: Sequence[int]) -> None:
    """Add to the archive's numbers what was not in them: an article that has terms was counted once."""
    known = set(ArticleTerm.objects.filter(article_id__in=ids).values_list("article_id", flat=True))
    held: defaultdict[str, int] = defaultdict(int)
    for terms in _terms_of([each for each in ids if each not in known]).values():
        for term in (_ALL, *terms):
            held[term] += 1
    # In order, so that two who count at once do not wait for each other in a circle.
    pairs = sorted(held.items())
    for start in range(0, len(pairs), _ROWS):
        _add_to_archive(pairs[start : start + _ROWS])


def _add_to_archive(pairs: Sequence[tuple[str, int]]) -> None:
    table = ArchiveTerm._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (term, articles) VALUES {', '.join(['(%s, %s)'] * len(pairs))} "  # noqa: S608 - our names
            f"ON CONFLICT (term) DO UPDATE SET articles = {table}.articles + excluded.articles",
            [value for pair in pairs for value in pair],
        )


def _weigh(ids: Sequence[int]) -> None:
    found = _terms_of(ids)
    held_by = _held_by({term for terms in found.values() for term in terms})
    articles = held_by.pop(_ALL, 1)
    ArticleTerm.objects.filter(article_id__in=ids).delete()
    ArticleTerm.objects.bulk_create(
        [
            ArticleTerm(article_id=pk, term=term, weight=weight)
            for pk, terms in found.items()
            for term, weight in likeness.profile(terms, held_by=held_by, articles=articles).items()
        ],
        batch_size=_ROWS,
    )


def _held_by(terms: Collection[str]) -> dict[str, int]:
    asked = [_ALL, *terms]
    held: dict[str, int] = {}
    for start in range(0, len(asked), _ROWS):
        rows = ArchiveTerm.objects.filter(term__in=asked[start : start + _ROWS])
        held.update(rows.values_list("term", "articles"))
    return held


def _terms_of(ids: Sequence[int]) -> dict[int, dict[str, float]]:
    """The terms of those of the articles that are public. An alias has the words of another: it has no terms."""
    topics = defaultdict(list)
    for pk, topic in ArticleTopic.objects.filter(content_object_id__in=ids).values_list("content_object_id", "tag_id"):
        topics[pk].append(topic)
    articles = Article.objects.public().filter(pk__in=ids, alias_of=None).order_by()
    return {
        each.pk: likeness.count_terms(
            headline=each.title, standfirst=each.standfirst, text=each.body_text, topics=topics[each.pk]
        )
        for each in articles.only("title", "standfirst", "body")
    }


# Relating ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Fact:
    """What counts of an article besides its words."""

    published_at: datetime
    section: str

    def nearness_of(self, other: _Fact, alike: float) -> float:
        days_older = (self.published_at - other.published_at).total_seconds() / 86400
        return likeness.nearness(alike, in_same_section=self.section == other.section, days_older=days_older)


def _relate(ids: Sequence[int]) -> None:
    changed = [pk for each in ids for pk in _relate_one(each)]
    delivery.purge_tags(tags=[tag("related", pk) for pk in dict.fromkeys(changed)])


def _relate_one(pk: int) -> Collection[int]:
    """Write what is near an article, and the article into the lists of those; whose lists have changed."""
    own = dict(ArticleTerm.objects.filter(article_id=pk).values_list("term", "weight"))
    listed_by = RelatedArticle.objects.filter(other_id=pk).order_by("-article_id")
    listing = list(listed_by.values_list("article_id", flat=True)[:LISTED_BY])
    alike = _alike(pk, own, also=listing)
    facts = _facts([pk, *alike])
    here = facts.pop(pk, None)
    near = {each: here.nearness_of(fact, alike[each]) for each, fact in facts.items()} if here else {}
    own_list = likeness.nearest(near, PLACES)
    lists = _lists({pk, *own_list, *listing})
    wanted = {pk: own_list}
    for other in {*own_list, *listing}:
        found = {each: nearness for each, nearness in lists[other].items() if each != pk}
        if here and other in facts:
            found[pk] = facts[other].nearness_of(here, alike[other])
        wanted[other] = likeness.nearest(found, PLACES)
    return _write(lists, wanted)


def _alike(pk: int, own: Mapping[str, float], *, also: Sequence[int]) -> dict[int, float]:
    """Articles that hold some of the same terms, and how alike they are: those that are enough so.

    Two queries. For each term the newest that hold it are found by a seek in its index; those who share most are then
    compared by all of the terms.
    """
    if not own:
        return {}
    shared: defaultdict[int, float] = defaultdict(float)
    for other, term, weight in _holders(own):
        shared[other] += own[term] * weight
    shared.pop(pk, None)
    compared = {*likeness.nearest(shared, CANDIDATES), *also}
    profiles: defaultdict[int, dict[str, float]] = defaultdict(dict)
    rows = ArticleTerm.objects.filter(article_id__in=compared, term__in=own)
    for other, term, weight in rows.values_list("article_id", "term", "weight"):
        profiles[other][term] = weight
    alike = {other: likeness.likeness(own, terms) for other, terms in profiles.items()}
    return {other: each for other, each in alike.items() if each >= likeness.ENOUGH}


def _holders(terms: Iterable[str]) -> list[tuple[int, str, float]]:
    """The newest articles that hold each term. One query; as SQL, for Django joins no queries that have an end."""
    one = (
        "SELECT * FROM (SELECT article_id, term, weight FROM newsroom_articleterm "
        "WHERE term = %s ORDER BY term, article_id DESC LIMIT %s) AS held"
    )
    values = [value for term in terms for value in (term, HOLDERS)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * (len(values) // 2)), values)
        return list(cursor.fetchall())


def _facts(ids: Collection[int]) -> dict[int, _Fact]:
    rows = Article.objects.public().filter(pk__in=ids, first_published_at__isnull=False).order_by()
    return {
        pk: _Fact(published_at, url_path.rsplit("/", 2)[0])
        for pk, published_at, url_path in rows.values_list("pk", "first_published_at", "url_path")
    }


def _lists(ids: Collection[int]) -> dict[int, dict[int, float]]:
    lists: dict[int, dict[int, float]] = {each: {} for each in ids}
    rows = RelatedArticle.objects.filter(article_id__in=ids)
    for pk, other, nearness in rows.values_list("article_id", "other_id", "nearness"):
        lists[pk][other] = nearness
    return lists


def _write(lists: Mapping[int, Mapping[int, float]], wanted: Mapping[int, Mapping[int, float]]) -> list[int]:
    """Make the lists what they ought to be; those in which something has changed."""
    changed = sorted(pk for pk in wanted if dict(lists[pk]) != dict(wanted[pk]))
    for pk in changed:
        gone = lists[pk].keys() - wanted[pk].keys()
        if gone:
            RelatedArticle.objects.filter(article_id=pk, other_id__in=gone).delete()
    rows: list[Any] = [
        RelatedArticle(article_id=pk, other_id=other, nearness=nearness)
        for pk in changed
        for other, nearness in sorted(wanted[pk].items())
        if lists[pk].get(other) != nearness
    ]
    RelatedArticle.objects.bulk_create(
        rows, update_conflicts=True, update_fields=["nearness"], unique_fields=["article", "other"], batch_size=_ROWS
    )
    return changed


_WORK: Final = {
    Step.COUNT: _Work(_count, batch=50, most=500),
    Step.WEIGH: _Work(_weigh, batch=50, most=500),
    Step.RELATE: _Work(_relate, batch=10, most=150),
}
