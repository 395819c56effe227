"""The desk: what is where on its way to readers, and who holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from wagtail.admin.models import EditingSession
from wagtail.models import Page, Revision, WorkflowState

from coranto.desk.queries.visibility import below, may, visible_articles
from coranto.masthead.models import Account
from coranto.newsroom.models import Article, ArticleAuthor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from coranto.newsroom.models import Section

SHORT, LONG = 8, 30
HOURS_SHOWN: Final = 48
MOST_HELD: Final = 200
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

# What a line shows; above all not the body.
SHOWN = (
    *("title", "draft_title", "path", "depth", "url_path", "live", "owner_id", "locked", "locked_by_id"),
    *("first_published_at", "has_unpublished_changes", "embargoed_until", "alias_of_id"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What of all that is visible somebody wants to look at."""

    section: Section | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """An article on the desk: since when it is where it is, who brought it there, who has it in hand."""

    article: Article
    section: Section | None
    at: datetime | None
    by: Account | None
    owner: Account | None
    note: str
    authors: Sequence[str]
    locked_by: Account | None
    editing: Sequence[Account]
    may_edit: bool
    may_withdraw: bool
    is_under_embargo: bool
    is_late: bool

    @property
    def headline(self) -> str:
        return self.article.draft_title or self.article.title


@dataclass(frozen=True, slots=True)
class DeskList:
    """A stretch of one list; `has_more` says that there are lines after these."""

    name: str
    lines: Sequence[Line]
    has_more: bool = False


@dataclass(slots=True)
class _People:
    """Who has what open at this moment, and the accounts that lines name."""

    now: datetime
    editing: Mapping[int, Sequence[int]]
    locked: Sequence[int]
    accounts: Mapping[int, Account] = field(default_factory=dict)


def desk_page(account: Account, choice: Choice, *, known: Mapping[str, Section], now: datetime) -> list[DeskList]:
    """The beginnings of all lists, in the order in which a desk asks. Ten queries, and one for permissions."""
    return _lists(dict.fromkeys(LISTS, SHORT), account, choice, known=known, now=now)


def desk_list(
    account: Account, name: str, choice: Choice, *, page: int, known: Mapping[str, Section], now: datetime
) -> DeskList:
    """One list from the page on. Five queries, and one for permissions. Raises `KeyError` for a list there is not."""
    return _lists({name: LONG}, account, choice, known=known, now=now, page=page)[0]


def lines_of(
    found: Mapping[str, QuerySet[Article]],
    *,
    account: Account,
    known: Mapping[str, Section],
    length: int,
    now: datetime,
) -> dict[str, DeskList]:
    """The beginnings of other lists by name, of articles that say `at`, `by` and `note`.

    Four queries, and one for each list.
    """
    rows = {name: list(articles.only(*SHOWN)[: length + 1]) for name, articles in found.items()}
    lists = _as_lists(rows, dict.fromkeys(rows, length), _people_at_work(now), account, known)
    return {each.name: each for each in lists}


def _lists(
    lengths: Mapping[str, int],
    account: Account,
    choice: Choice,
    *,
    known: Mapping[str, Section],
    now: datetime,
    page: int = 1,
) -> list[DeskList]:
    people = _people_at_work(now)
    visible = chosen(visible_articles(account), choice, account)
    rows = {}
    for name, length in lengths.items():
        start = (page - 1) * length
        rows[name] = list(LISTS[name](visible, people).only(*SHOWN)[start : start + length + 1])
    return _as_lists(rows, lengths, people, account, known)


def _as_lists(
    rows: Mapping[str, list[Any]],
    lengths: Mapping[str, int],
    people: _People,
    account: Account,
    known: Mapping[str, Section],
) -> list[DeskList]:
    shown = [row for each in rows.values() for row in each]
    authors = _authors([row.pk for row in shown])
    people.accounts = Account.objects.in_bulk({pk for row in shown for pk in _named(row, people) if pk})
    return [
        DeskList(
            name=name,
            lines=[_line(row, authors, people, account, known) for row in found[: lengths[name]]],
            has_more=len(found) > lengths[name],
        )
        for name, found in rows.items()
    ]


def _named(row: Any, people: _People) -> Iterable[int | None]:
    return (row.by, row.owner_id, row.locked_by_id, *people.editing.get(row.pk, ()))


def _line(
    row: Any, authors: Mapping[int, list[str]], people: _People, account: Account, known: Mapping[str, Section]
) -> Line:
    names = people.accounts
    return Line(
        article=row,
        section=known.get(row.section_slug),
        at=row.at,
        by=names.get(row.by),
        owner=names.get(row.owner_id),
        note=row.note or "",
        authors=authors.get(row.pk, ()),
        locked_by=names.get(row.locked_by_id) if row.locked else None,
        editing=[names[each] for each in people.editing.get(row.pk, ()) if each in names],
        may_edit=may(account, "change", row),
        may_withdraw=may(account, "publish", row),
        is_under_embargo=row.is_under_embargo(people.now),
        is_late=bool(row.at and row.at <= people.now),
    )


def _authors(ids: Iterable[int]) -> dict[int, list[str]]:
    """The bylines of articles. One query."""
    names: dict[int, list[str]] = {}
    rows = ArticleAuthor.objects.filter(article_id__in=set(ids)).order_by("sort_order")
    for article_id, name in rows.values_list("article_id", "author__name"):
        names.setdefault(article_id, []).append(name)
    return names


def chosen(articles: QuerySet[Article], choice: Choice, account: Account) -> QuerySet[Article]:
    if choice.section:
        articles = articles.filter(below(choice.section.path))
    if choice.mine:
        signed = ArticleAuthor.objects.filter(author__account=account).values("article_id")
        articles = articles.filter(Q(owner=account) | Q(pk__in=signed))
    return articles


def _people_at_work(now: datetime) -> _People:
    """Who has an article open, by Wagtail's own reckoning, and which ones are locked. Two queries."""
    sessions = (
        EditingSession.objects.filter(
            content_type=ContentType.objects.get_for_model(Article),
            last_seen_at__gte=now - EditingSession.IDLE_TIMEOUT,
        )
        .order_by("-last_seen_at")
        .values_list("object_id", "user_id")[:MOST_HELD]
    )
    editing: dict[int, list[int]] = {}
    for object_id, user_id in sessions:
        who = editing.setdefault(int(object_id), [])
        if user_id not in who:
            who.append(user_id)
    locked = Page.objects.filter(locked=True).order_by("-locked_at").values_list("pk", flat=True)[:MOST_HELD]
    return _People(now=now, editing=editing, locked=list(locked))


# The lists --------------------------------------------------------------------------------------------------
# Each says of its articles since when (`at`), by whom (`by`) and with what remark (`note`).


def in_review(articles: QuerySet[Article], _people: _People | None = None) -> Any:
    """What waits for somebody's judgement, the longest first."""
    states = review_states(WorkflowState.STATUS_IN_PROGRESS)
    found = articles.filter(pk__in=_articles_of(states))
    return found.annotate(
        at=_of_state(states, "current_task_state__started_at"), by=_of_state(states, "requested_by_id"), note=_NOTHING
    ).order_by("at", "pk")


def _sent_back(articles: QuerySet[Article], _people: _People) -> Any:
    """What its writer is to look at again, and why."""
    states = review_states(WorkflowState.STATUS_NEEDS_CHANGES)
    found = articles.filter(pk__in=_articles_of(states))
    return found.annotate(
        at=_of_state(states, "current_task_state__finished_at"),
        by=_of_state(states, "current_task_state__finished_by_id"),
        note=_of_state(states, "current_task_state__comment"),
    ).order_by("-at", "-pk")


def scheduled(articles: QuerySet[Article], _people: _People | None = None) -> Any:
    """What the clock will publish, the next first."""
    of_article = _dates_of_articles().filter(object_id=_AS_TEXT)
    found = articles.filter(pk__in=scheduled_ids()).annotate(
        at=date_of_article(),
        by=Subquery(of_article.values("user_id")[:1]),
        note=_NOTHING,
    )
    return found.filter(at__isnull=False).order_by("at", "pk")


def _published(articles: QuerySet[Article], people: _People) -> Any:
    """What came out lately for the first time, the newest first."""
    found = articles.filter(live=True, first_published_at__gte=people.now - timedelta(hours=HOURS_SHOWN))
    return found.annotate(at=F("first_published_at"), by=F("live_revision__user_id"), note=_NOTHING).order_by(
        "-first_published_at", "-pk"
    )


def drafts(articles: QuerySet[Article], _people: _People | None = None) -> Any:
    """What has words nobody was shown yet, and neither waits for somebody nor for the clock; the latest first."""
    # Asked of each article in turn: the list begins with the latest, and most of them are wanted.
    elsewhere = review_states(WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)
    return (
        articles.filter(has_unpublished_changes=True)
        .exclude(Exists(elsewhere.filter(object_id=_AS_TEXT)))
        .exclude(Exists(_dates_of_articles().filter(object_id=_AS_TEXT)))
        .annotate(at=F("latest_revision_created_at"), by=F("latest_revision__user_id"), note=_NOTHING)
        .order_by("-latest_revision_created_at", "-pk")
    )


def _held(articles: QuerySet[Article], people: _People) -> Any:
    """What somebody has open or has locked."""
    found = articles.filter(pk__in=[*people.editing, *people.locked])
    return found.annotate(at=F("locked_at"), by=F("locked_by_id"), note=_NOTHING).order_by("-locked_at", "-pk")


LISTS: dict[str, Callable[[QuerySet[Article], _People], Any]] = {
    "in-review": in_review,
    "sent-back": _sent_back,
    "scheduled": scheduled,
    "published": _published,
    "drafts": drafts,
    "held": _held,
}

_NOTHING = Value("", output_field=CharField())
_AS_TEXT = Cast(OuterRef("pk"), CharField())  # Wagtail keeps the ids of what has revisions and reviews as text


def review_states(*statuses: str) -> QuerySet[WorkflowState]:
    return WorkflowState.objects.filter(base_content_type=ContentType.objects.get_for_model(Page), status__in=statuses)


def scheduled_ids(start: datetime = LONG_AGO, end: datetime | None = None) -> QuerySet[Any]:
    """Ids of what has a date in that time; another model's with the same number may be among them.

    Asked by date alone, and by a range where "is not null" would do: with any other condition SQLite, which keeps
    no statistics, would rather read every revision there is than the few with a date.
    """
    dates = Revision.objects.filter(approved_go_live_at__gte=start)
    return _articles_of(dates.filter(approved_go_live_at__lt=end) if end else dates)


def _dates_of_articles() -> QuerySet[Revision]:
    return Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page), approved_go_live_at__gte=LONG_AGO
    )


def date_of_article() -> Subquery:
    """When the clock will publish an article; nothing for one without a date."""
    return Subquery(_dates_of_articles().filter(object_id=_AS_TEXT).values("approved_go_live_at")[:1])


def _articles_of(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.annotate(of_article=Cast("object_id", BigIntegerField())).values("of_article")


def _of_state(states: QuerySet[WorkflowState], field: str) -> Subquery:
    return Subquery(states.filter(object_id=_AS_TEXT).values(field)[:1])
