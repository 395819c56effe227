"""Many articles at once, leaving the same rows as publishing each by hand.

Publishing one article costs some sixty statements; an archive of ten thousand would take an hour. Here each
table is written once for all articles of a batch. `tests/newsroom/test_importing.py` compares the rows with
those a publication by hand leaves, column by column.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from modelcluster.models import get_field_value, get_serializable_data_for_fields
from wagtail.models import Locale, Page, PageLogEntry, Revision
from wagtail.search.backends import get_search_backend

from coranto.delivery import operations as delivery
from coranto.kit import events
from coranto.newsroom import rules
from coranto.newsroom.events import ArticlePublished
from coranto.newsroom.models import (
    Article,
    ArticleAuthor,
    ArticleTopic,
    ArticleToRelate,
    ArticleVersion,
    Author,
    Credit,
    Listing,
    Section,
    Topic,
)
from coranto.newsroom.operations.publishing import listings_of, tags_of_listings
from coranto.newsroom.operations.relating import await_relating
from coranto.newsroom.operations.searching import Findable, index_articles
from coranto.newsroom.queries.versions import version_parts
from coranto.newsroom.rules import ChangeKind, CommentPolicy, Visibility

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from coranto.masthead.models import Account, Picture


@dataclass(frozen=True, slots=True)
class CreditDraft:
    relation: str
    people: Sequence[str] = ()
    outlet: str = ""
    original_url: str = ""
    licence: str = ""
    canonical_is_original: bool = False
    dated_on: date | None = None

    def row(self, **place: Any) -> Credit:
        """An unsaved credit; `place` says which one of which article."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return Credit(**{**told, "people": "\n".join(self.people)}, **place)


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """An article as another room hands it over; every reference is to a row that exists already.

    `body` are raw blocks (`type`, `value`, and an `id` if the caller cares). With `live` false it is a draft,
    scheduled when `go_live_at` is given. `slug` must be free in its section.
    """

    headline: str
    slug: str
    section: Section
    body: list[dict[str, Any]]
    standfirst: str = ""
    live: bool = True
    first_published_at: datetime | None = None
    updated_at: datetime | None = None
    go_live_at: datetime | None = None
    authors: Sequence[Author] = ()
    topics: Sequence[Topic] = ()
    further_sections: Sequence[Section] = ()
    credits: Sequence[CreditDraft] = ()
    picture: Picture | None = None
    picture_caption: str = ""
    comment_policy: str = CommentPolicy.OPEN
    visibility: str = Visibility.PUBLIC
    password: str = ""
    seo_title: str = ""
    search_description: str = ""
    desk_note: str = ""
    views_before: int | None = None


@dataclass(slots=True)
class _Batch:
    """What is being written, in the order of the drafts."""

    drafts: Sequence[ArticleDraft]
    articles: list[Article]
    children: dict[str, list[list[Any]]] = field(default_factory=dict)
    revisions: list[Revision] = field(default_factory=list)
    places: dict[int, list[Listing]] = field(default_factory=dict)


@transaction.atomic
def store_articles(*, drafts: Sequence[ArticleDraft], by: Account | None, now: datetime) -> list[Article]:
    """Store articles, published or not, with their versions, lists, log lines and search entries.

    Returns them in the order of the drafts. All or nothing. The caller sees to it that nobody else adds
    pages below the same sections meanwhile; on PostgreSQL their rows are locked for that.
    """
    if not drafts:
        return []
    batch = _Batch(drafts, _place_in_tree(drafts, now=now))
    _insert_pages(batch.articles)
    _insert_children(batch)
    _insert_revisions(batch, by=by, now=now)
    _insert_log(batch, by=by, now=now)
    _insert_versions(batch, by=by, now=now)
    _insert_listings(batch)
    _index(batch)
    return batch.articles


def _place_in_tree(drafts: Sequence[ArticleDraft], *, now: datetime) -> list[Article]:
    """Unsaved articles with their places below their sections; the sections' counts of children are updated."""
    parents = {each.pk: each for each in Page.objects.select_for_update().filter(pk__in={d.section.pk for d in drafts})}
    steps = {pk: _last_step(parent) for pk, parent in parents.items()}
    content_type = ContentType.objects.get_for_model(Article)
    locale_id = Locale.objects.values_list("pk", flat=True).first()
    articles = []
    for draft in drafts:
        parent = parents[draft.section.pk]
        steps[parent.pk] += 1
        articles.append(
            Article(
                path=Page._get_path(parent.path, parent.depth + 1, steps[parent.pk]),  # noqa: SLF001 - treebeard's own way to name a child
                depth=parent.depth + 1,
                numchild=0,
                content_type=content_type,
                locale_id=locale_id,
                translation_key=uuid.uuid4(),
                url_path=f"{parent.url_path}{draft.slug}/",
                **_own_fields(draft, now=now),
            )
        )
    for pk, parent in parents.items():
        added = sum(draft.section.pk == pk for draft in drafts)
        Page.objects.filter(pk=pk).update(numchild=parent.numchild + added)
    return articles


def _last_step(parent: Page) -> int:
    last = parent.get_last_child()
    return Page._str2int(last.path[-Page.steplen :]) if last else 0  # noqa: SLF001 - as above


def _own_fields(draft: ArticleDraft, *, now: datetime) -> dict[str, Any]:
    return {
        "title": draft.headline,
        "draft_title": draft.headline,
        "slug": draft.slug,
        "standfirst": draft.standfirst,
        "body": [{"id": str(uuid.uuid4()), **block} for block in draft.body],
        "picture": draft.picture,
        "picture_caption": draft.picture_caption,
        "comment_policy": draft.comment_policy,
        "visibility": draft.visibility,
        "password": draft.password,
        "seo_title": draft.seo_title,
        "search_description": draft.search_description,
        "desk_note": draft.desk_note,
        "views_before": draft.views_before,
        "live": draft.live,
        "has_unpublished_changes": not draft.live,
        "first_published_at": (draft.first_published_at or now) if draft.live else draft.first_published_at,
        "last_published_at": now if draft.live else None,
        "updated_at": draft.updated_at,
        "go_live_at": draft.go_live_at,
        "latest_revision_created_at": now,
    }


def _insert_pages(articles: list[Article]) -> None:
    """Rows of the page table, then of the article table: Django's `bulk_create` does not do both."""
    page_fields = [each.attname for each in Page._meta.concrete_fields if not each.primary_key]
    pages = Page.objects.bulk_create([Page(**{name: getattr(each, name) for name in page_fields}) for each in articles])
    for article, page in zip(articles, pages, strict=True):
        article.pk = article.page_ptr_id = article.id = page.pk
        article._state.adding = False
        article._state.db = "default"
    fields = Article._meta.local_concrete_fields
    size = connection.ops.bulk_batch_size(fields, articles) if connection.vendor == "sqlite" else 500
    for start in range(0, len(articles), size):
        # The manager's own insertion: one statement, no signals, no query for the parent row.
        Article._base_manager._insert(articles[start : start + size], fields=fields, using="default")


def _insert_children(batch: _Batch) -> None:
    pairs = list(zip(batch.articles, batch.drafts, strict=True))
    _add(
        batch,
        "bylines",
        [[ArticleAuthor(article=a, author=x, sort_order=i) for i, x in enumerate(d.authors)] for a, d in pairs],
    )
    _add(
        batch,
        "tagged_topics",
        [[ArticleTopic(content_object=a, tag=x) for x in d.topics] for a, d in pairs],
    )
    _add(
        batch,
        "credits",
        [[x.row(article=a, sort_order=i) for i, x in enumerate(d.credits)] for a, d in pairs],
    )
    _add(batch, "read_next", [[] for _ in pairs])
    through = Article.further_sections.through
    through.objects.bulk_create(
        [through(article_id=a.pk, section_id=x.pk) for a, d in pairs for x in d.further_sections]
    )


def _add(batch: _Batch, relation: str, rows: list[list[Any]]) -> None:
    flat = [row for each in rows for row in each]
    if flat:
        type(flat[0]).objects.bulk_create(flat)
    batch.children[relation] = rows


def _insert_revisions(batch: _Batch, *, by: Account | None, now: datetime) -> None:
    """One revision each, the one that is live; what Wagtail's editor opens."""
    content_type = ContentType.objects.get_for_model(Article)
    base_content_type = ContentType.objects.get_for_model(Page)
    batch.revisions = Revision.objects.bulk_create(
        [
            Revision(
                content_type=content_type,
                base_content_type=base_content_type,
                object_id=str(article.pk),
                created_at=now,
                user=by,
                object_str=article.title,
                content=_content(batch, place),
                approved_go_live_at=None if article.live else article.go_live_at,
            )
            for place, article in enumerate(batch.articles)
        ],
        batch_size=200,
    )
    ids = [each.pk for each in batch.articles]
    revision = Subquery(
        Revision.objects.filter(
            base_content_type=base_content_type, object_id=Cast(OuterRef("pk"), CharField())
        ).values("pk")[:1]
    )
    Page.objects.filter(pk__in=ids).update(latest_revision=revision)
    Page.objects.filter(pk__in=ids, live=True).update(live_revision=models.F("latest_revision"))


def _content(batch: _Batch, place: int) -> dict[str, Any]:
    """What `Article.serializable_data()` would say, without asking the database for the children."""
    article = batch.articles[place]
    content: dict[str, Any] = {"pk": article.pk}
    for each in Article._meta.concrete_fields:
        if not each.primary_key and each.name != "id":
            content[each.name] = get_field_value(each, article)
    content["further_sections"] = [each.pk for each in batch.drafts[place].further_sections]
    content["wagtail_admin_comments"] = []
    for relation, rows in batch.children.items():
        content[relation] = [get_serializable_data_for_fields(row) for row in rows[place]]
    return content


def _insert_log(batch: _Batch, *, by: Account | None, now: datetime) -> None:
    """The audit trail: made, and published where it was."""
    content_type = ContentType.objects.get_for_model(Article)
    lines = []
    for article, revision in zip(batch.articles, batch.revisions, strict=True):
        for action in ("wagtail.create", "wagtail.publish") if article.live else ("wagtail.create",):
            lines.append(  # noqa: PERF401 - two nested loops read better than one nested comprehension
                PageLogEntry(
                    content_type=content_type,
                    label=article.title,
                    action=action,
                    timestamp=now,
                    user=by,
                    page_id=article.pk,
                    revision=revision if action == "wagtail.publish" else None,
                    content_changed=True,
                    data={},
                )
            )
    PageLogEntry.objects.bulk_create(lines)


def _insert_versions(batch: _Batch, *, by: Account | None, now: datetime) -> None:
    rows = []
    for place, (article, draft) in enumerate(zip(batch.articles, batch.drafts, strict=True)):
        if not article.live:
            continue
        document, sha256 = rules.version_document(
            rules.FIRST_CHANGE,
            **version_parts(
                article,
                authors=draft.authors,
                further_sections=draft.further_sections,
                topics=draft.topics,
                credits=batch.children["credits"][place],
            ),
        )
        rows.append(
            ArticleVersion(
                article_id=article.pk,
                number=1,
                published_at=now,
                kind=ChangeKind.FIRST,
                visibility=article.visibility,
                document=document,
                sha256=sha256,
                published_by=by,
            )
        )
    ArticleVersion.objects.bulk_create(rows)
    for row in rows:
        events.publish(ArticlePublished(article_id=row.article_id, version=1, kind=row.kind, is_moved_in=True))


def _insert_listings(batch: _Batch) -> None:
    rows = [
        row
        for article, draft in zip(batch.articles, batch.drafts, strict=True)
        if article.is_public
        for row in listings_of(
            article,
            sections=[draft.section.pk, *(each.pk for each in draft.further_sections)],
            authors=[each.pk for each in draft.authors],
            topics=[each.pk for each in draft.topics],
        )
    ]
    Listing.objects.bulk_create(rows)
    for row in rows:
        batch.places.setdefault(row.article_id, []).append(row)
    public = [each.pk for each in batch.articles if each.is_public]
    await_relating(articles=public, turn=ArticleToRelate.Turn.LATER)
    delivery.purge_tags(tags=["missing", *tags_of_listings(rows)])


def _index(batch: _Batch) -> None:
    findable = []
    for article, draft in zip(batch.articles, batch.drafts, strict=True):
        names = [*(each.name for each in draft.authors), *(name for each in draft.credits for name in each.people)]
        article.indexed_names = ", ".join(names)  # known here; the article would ask the database
        names += [each.name for each in draft.topics]
        findable.append(Findable(article=article, names=names, places=batch.places.get(article.pk, ())))
    get_search_backend().add_bulk(Article, batch.articles)
    index_articles(findable=findable)
