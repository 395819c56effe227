"""The page of one article."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Value
from django.db.models.functions import Coalesce

from coranto.delivery.tags import carry, tag
from coranto.kit import clock
from coranto.masthead.models import PlainPage
from coranto.masthead.rules import address_of
from coranto.newsroom import rules
from coranto.newsroom.models import Article, ArticleAuthor, ArticleTopic, AuthorLink, Topic
from coranto.newsroom.queries.bodies import BodyBlock, addresses_of, linked_pages, public_pages, resolve_body
from coranto.newsroom.queries.cards import by_order
from coranto.newsroom.queries.corrections import past_of, past_of_draft
from coranto.newsroom.queries.figures import Figure, figure_of
from coranto.newsroom.rules import NotePlace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from coranto.newsroom.models import Author, Credit, Section
    from coranto.newsroom.queries.corrections import CorrectionItem, Corrections

FRONT_DEPTH = 2
ARTICLE_DEPTH = 4


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything an article's page shows but what follows it: that list is shared by the articles of its section.

    `links` say where else its authors are found, by id.
    """

    article: Article
    section: Section | None
    further_sections: Sequence[Section]
    authors: Sequence[Author]
    topics: Sequence[Topic]
    credits: Sequence[Credit]
    figure: Figure | None
    body: Sequence[BodyBlock]
    words: int
    minutes: int
    updated_at: datetime | None
    past: Corrections
    links: Mapping[int, Sequence[str]]

    @property
    def notes_at_top(self) -> Sequence[CorrectionItem]:
        return [each for each in self.past.items if each.place == NotePlace.TOP]

    @property
    def notes_at_foot(self) -> Sequence[CorrectionItem]:
        return [each for each in self.past.items if each.place != NotePlace.TOP]


@dataclass(frozen=True, slots=True)
class _Around:
    """What belongs to an article or is linked from it."""

    topics: Sequence[Topic]
    further_sections: Sequence[Section]
    addresses: Mapping[int, str]
    past: Corrections
    links: Mapping[int, Sequence[str]]


def find_article(section_slug: str, slug: str) -> Article | None:
    """The live article at an address. One query."""
    return (
        Article.objects.live()
        .filter(slug=slug, depth=ARTICLE_DEPTH, url_path__endswith=f"/{section_slug}/{slug}/")
        .select_related("picture")
        .first()
    )


def find_public_article(article_id: int) -> Article | None:
    """The article with this id, where anybody may read it. One query."""
    return Article.objects.public().filter(pk=article_id).select_related("picture").first()


def find_plain_page(path: str) -> PlainPage | None:
    """The live plain page at an address, without the outer slashes. One query."""
    slugs = path.split("/")
    found = PlainPage.objects.live().filter(slug=slugs[-1], depth=FRONT_DEPTH + len(slugs))
    return found.filter(url_path__endswith=f"/{path}/").first()


def article_page(article: Article, known: Mapping[str, Section]) -> ArticlePage:
    """A published article's page. Seven queries at most, whatever the article holds."""
    return _page(article, known, _around(article, known))


def fold(content: ArticlePage) -> tuple[Sequence[BodyBlock], Sequence[BodyBlock]]:
    """An article's blocks where it stands after another: those that are seen at once, and those folded away.

    What is not long has none of the latter. No query.
    """
    words = {raw.get("id") or "": rules.words_of_block(raw) for raw in content.article.raw_body}
    at = rules.fold_after([words.get(each.id, 0) for each in content.body])
    return content.body[:at], content.body[at:]


def draft_page(article: Article, known: Mapping[str, Section]) -> ArticlePage:
    """The page of an article that is being written: what belongs to it may exist only in memory."""
    around = _Around(
        topics=list(article.topics.all()),
        further_sections=[each for each in article.further_sections.all() if each.live],
        addresses=addresses_of(linked_pages(article)),
        past=past_of_draft(article, now=clock.now()),
        links={},  # told to search engines, which see no draft
    )
    return _page(article, known, around)


def _page(article: Article, known: Mapping[str, Section], around: _Around) -> ArticlePage:
    authors = [byline.author for byline in _bylines(article)]
    credits = list(article.credits.all())
    section = known.get(article.section_slug)
    portraits = [each.picture for each in authors if each.picture]
    carry(
        tag("page", article.pk),
        *(tag("author", each.pk) for each in authors),
        *(tag("picture", each.pk) for each in portraits),
        *(tag("topic", each.pk) for each in around.topics),
    )
    words = rules.count_words(article.body_text)
    return ArticlePage(
        article=article,
        section=section,
        further_sections=around.further_sections,
        authors=authors,
        topics=around.topics,
        credits=credits,
        figure=figure_of(article),
        body=resolve_body(article, known, around.addresses, portraits),
        words=words,
        minutes=rules.reading_minutes(words),
        updated_at=_visible_update(article),
        past=around.past,
        links=around.links,
    )


def _visible_update(article: Article) -> datetime | None:
    first, updated = article.first_published_at, article.updated_at
    return updated if first and updated and updated - first >= timedelta(minutes=1) else None


def _bylines(article: Article) -> Iterable[ArticleAuthor]:
    # Those of a live article come with their authors in one query; a preview's exist only in memory.
    return sorted(article.bylines.select_related("author__picture"), key=by_order)


def _around(article: Article, known: Mapping[str, Section]) -> _Around:
    """What is small and stands in tables of its own, at once. One query."""
    linked = linked_pages(article)
    parts = [_topics(article), _further_sections(article), _links_of_authors(article)]
    if linked:
        parts.append(_addresses(linked))
    found: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for kind, _order, pk, name, address in sorted(parts[0].union(*parts[1:], all=True)):
        found[kind].append((pk, name, address))
    further = {pk for pk, _, _ in found["section"]}
    links: defaultdict[int, list[str]] = defaultdict(list)
    for pk, _, url in found["link"]:
        links[pk].append(url)
    return _Around(
        topics=[Topic(pk=pk, name=name, slug=slug) for pk, name, slug in found["topic"]],
        further_sections=[each for each in known.values() if each.pk in further],
        addresses={pk: address_of(path) for pk, _, path in found["page"]},
        past=past_of(article),
        links=links,
    )


_NONE = Value("")


def _topics(article: Article) -> QuerySet[Any]:
    rows = ArticleTopic.objects.filter(content_object_id=article.pk)
    return rows.values_list(Value("topic"), "pk", "tag_id", "tag__name", "tag__slug")


def _further_sections(article: Article) -> QuerySet[Any]:
    rows = Article.further_sections.through.objects.filter(article_id=article.pk)
    return rows.values_list(Value("section"), "pk", "section_id", _NONE, _NONE)


def _links_of_authors(article: Article) -> QuerySet[Any]:
    rows = AuthorLink.objects.filter(author__bylines__article_id=article.pk).order_by()
    return rows.values_list(Value("link"), Coalesce("sort_order", 0), "author_id", _NONE, "url")


def _addresses(linked: Collection[int]) -> QuerySet[Any]:
    return public_pages(linked).order_by().values_list(Value("page"), "pk", "pk", _NONE, "url_path")
