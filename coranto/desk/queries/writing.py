"""What the article editor asks: own articles worth a link, and two states of one to compare."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from taggit.utils import parse_tags

from coranto.desk.rules.subjects import subjects_of
from coranto.newsroom import queries as newsroom
from coranto.newsroom import rules
from coranto.newsroom.differences import Change, Row, difference
from coranto.newsroom.models import Article, ArticleVersion, Listing, Topic
from coranto.newsroom.queries.cards import by_order
from coranto.newsroom.queries.search import QUERY_LENGTH, QUERY_WORDS
from coranto.newsroom.queries.versions import parts_of, version_parts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from wagtail.models import Revision

    from coranto.newsroom.models import Section
    from coranto.newsroom.queries import Card

SUBJECTS: Final = 4
FOUND: Final = 6  # of each subject, and in all
TOPIC_WORTH: Final = 2


# Own articles to link to --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An own article worth a link, and what it has in common with the text."""

    card: Card
    section: Section
    about: str


def link_suggestions(
    article: Article, *, headline: str, standfirst: str, text: str, topics: str, mentioned: Collection[int]
) -> list[Suggestion]:
    """Public articles on what the text speaks of, best first; none it mentions already.

    Twelve queries at most: the sections, a search for each of four subjects, two for topics, five for cards.
    """
    known = newsroom.sections()
    worth: dict[int, int] = {}
    about: dict[int, list[str]] = {}
    subjects = subjects_of(headline, f"{standfirst}\n{text}", limit=SUBJECTS)
    for weight, subject in zip(range(SUBJECTS, 0, -1), subjects, strict=False):
        for pk in _speaking_of(subject):
            worth[pk] = worth.get(pk, 0) + weight
            about.setdefault(pk, []).append(subject)
    for pk, topic in _on_topics(topics):
        worth[pk] = worth.get(pk, 0) + TOPIC_WORTH
        about.setdefault(pk, []).append(topic)
    ids = [pk for pk in sorted(worth, key=lambda pk: -worth[pk]) if pk != article.pk and pk not in mentioned]
    cards = newsroom.cards_of(ids[:FOUND], known)
    return [
        Suggestion(card, card.section, ", ".join(dict.fromkeys(about[card.article.pk])))
        for card in cards
        if card.section
    ]


def _speaking_of(subject: str) -> list[int]:
    query = rules.clean_query(subject, length=QUERY_LENGTH, words=QUERY_WORDS)
    if not query:
        return []
    found = Article.objects.public().defer("body").search(query, operator="and")
    return [each.pk for each in found[: FOUND + 1]]  # one of them may be the article itself


def _on_topics(names: str) -> list[tuple[int, str]]:
    topics = {topic.pk: topic.name for topic in Topic.objects.filter(name__in=parse_tags(names)[:FOUND])}
    if not topics:
        return []
    places = Listing.objects.filter(kind=Listing.Kind.TOPIC, subject_id__in=topics).newest_first()
    return [(article, topics[topic]) for article, topic in places.values_list("article_id", "subject_id")[: 2 * FOUND]]


# Two states side by side --------------------------------------------------------------------------------

STATES: Final = 50
DIGITS: Final = 16  # of a number both databases can hold
_NUMBERED = re.compile(r"v(\d{1,9})")


@dataclass(frozen=True, slots=True)
class State:
    """A draft or a published version: how addresses name it, when it was written, and by whom."""

    key: str
    at: datetime
    by: str
    version: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    article: Article
    before: State
    after: State
    rows: Sequence[Row]
    states: Sequence[State]

    @property
    def changes(self) -> int:
        return sum(row.change is not Change.NONE for row in self.rows)


def comparison(article: Article, before: str, after: str) -> Comparison | None:
    """Two states of an article row by row; nothing where there is no such state.

    `v3` is the third published version, a number the draft with that id, `live` what readers see, `earliest` and
    `latest` the first and the newest draft.
    """
    one, other = _state(article, before), _state(article, after)
    if one is None or other is None:
        return None
    rows = difference(parts_of(one[1]), parts_of(other[1]))
    return Comparison(article, one[0], other[0], rows, states(article))


def states(article: Article) -> list[State]:
    """The newest drafts and published versions, newest first. Two queries."""
    drafts = article.revisions.select_related("user").defer("content").order_by("-pk")[:STATES]
    versions = ArticleVersion.objects.filter(article_id=article.pk).select_related("published_by").defer("document")
    found = [*map(_of_draft, drafts), *map(_of_version, versions.order_by("-number")[:STATES])]
    return sorted(found, key=lambda state: state.at, reverse=True)


def _of_draft(revision: Revision) -> State:
    return State(str(revision.pk), revision.created_at, str(revision.user or ""))


def _of_version(version: ArticleVersion) -> State:
    by = str(version.published_by or "")
    return State(f"v{version.number}", version.published_at, by, version.number, str(version.get_kind_display()))


def _state(article: Article, key: str) -> tuple[State, Mapping[str, Any]] | None:
    if key == "live" or _NUMBERED.fullmatch(key):
        version = _version(article, key)
        return (_of_version(version), json.loads(bytes(version.document))) if version else None
    draft = _draft(article, key)
    return (_of_draft(draft), _as_version(draft)) if draft else None


def _version(article: Article, key: str) -> ArticleVersion | None:
    versions = ArticleVersion.objects.filter(article_id=article.pk).select_related("published_by").order_by("-number")
    return (versions if key == "live" else versions.filter(number=int(key[1:]))).first()


def _draft(article: Article, key: str) -> Revision | None:
    drafts = article.revisions.select_related("user")
    match key:
        case "earliest":
            return drafts.order_by("pk").first()
        case "latest":
            return drafts.order_by("-pk").first()
        case _ if key.isascii() and key.isdigit() and len(key) < DIGITS:
            return drafts.filter(pk=int(key)).first()
    return None


def _as_version(revision: Revision) -> Mapping[str, Any]:
    """A draft as the document that publishing it would write."""
    article = revision.as_object()
    document, _ = rules.version_document(
        rules.FIRST_CHANGE,
        **version_parts(
            article,
            authors=[each.author for each in sorted(article.bylines.all(), key=by_order)],
            further_sections=article.further_sections.all(),
            topics=article.topics.all(),
            credits=article.credits.all(),
        ),
    )
    return json.loads(document)
