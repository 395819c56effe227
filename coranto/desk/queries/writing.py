"""What the article editor asks: own articles worth a link, and two states of one to compare."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.utils import parse_tags

from coranto.desk.rules.comparing import Change, Part, Row, compare
from coranto.desk.rules.subjects import subjects_of
from coranto.kit.html import text_of
from coranto.newsroom import queries as newsroom
from coranto.newsroom import rules
from coranto.newsroom.models import Article, ArticleVersion, Listing, Topic
from coranto.newsroom.operations.publishing import version_parts
from coranto.newsroom.queries.cards import by_order
from coranto.newsroom.queries.search import QUERY_LENGTH, QUERY_WORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
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
_PARAGRAPH_ENDS = re.compile(r"(?<=</p>)|(?<=</li>)")
_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
_LINK = re.compile(r'<a (?:href="([^"]*)"|linktype="page" id="(\d+)")[^>]*>(.*?)</a>', re.DOTALL)

_LABELS: Final[Mapping[str, Any]] = {
    "headline": gettext_lazy("Headline"),
    "standfirst": gettext_lazy("Standfirst"),
    "picture": gettext_lazy("Main picture"),
    "authors": gettext_lazy("Authors"),
    "section": gettext_lazy("Section"),
    "further_sections": gettext_lazy("Further sections"),
    "topics": gettext_lazy("Topics"),
    "credits": gettext_lazy("Credit"),
    "visibility": gettext_lazy("Who may read it"),
    "seo": gettext_lazy("Search and sharing"),
}


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
    rows = compare(list(_parts(one[1])), list(_parts(other[1])))
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
        **version_parts(
            article,
            authors=[each.author for each in sorted(article.bylines.all(), key=by_order)],
            further_sections=article.further_sections.all(),
            topics=article.topics.all(),
            credits=article.credits.all(),
        )
    )
    return json.loads(document)


def _parts(document: Mapping[str, Any]) -> Iterator[Part]:
    """What a version's document says, part by part, in the order of the page; empty parts are left out."""
    for name in ("headline", "standfirst"):
        yield from _part(_LABELS[name], document.get(name))
    labels = Article.body.field.stream_block.child_blocks
    for block in document.get("body") or ():
        label = str(labels[block["type"]].label) if block["type"] in labels else block["type"]
        yield from _block_parts(label, block)
    picture = document.get("picture") or {}
    seen = {name: picture.get(name) for name in ("caption", "credit", "alt")}
    yield from _part(_LABELS["picture"], seen if picture else None, exact=str(picture.get("sha1")))
    for name in list(_LABELS)[3:]:
        yield from _part(_LABELS[name], document.get(name))


def _part(label: Any, value: Any, exact: str = "") -> Iterator[Part]:
    if value:
        text = _as_text(value)
        yield Part(str(label), text, text + exact)


def _as_text(value: Any) -> str:
    match value:
        case dict():
            return "\n".join(_as_text(each) for each in value.values() if each)
        case list():
            return "\n".join(map(_as_text, value))
        case _:
            return str(value)


def _one_line(text: str) -> str:
    """Text as browsers show it: the editor's form keeps no line breaks that HTML does not mean."""
    return " ".join(text.split())


def _stored(value: Any) -> Any:
    """A block's value without what says nothing: empty fields, and the ids of a list's points."""
    match value:
        case dict() if value.get("type") == "item":
            return _stored(value["value"])
        case dict():
            return {key: _stored(each) for key, each in value.items() if each not in (None, "", False)}
        case list():
            return [_stored(each) for each in value]
        case str():
            return _BLOCK_KEY.sub("", value)
        case _:
            return value


def _block_parts(label: str, block: Mapping[str, Any]) -> Iterator[Part]:
    kind, value = block["type"], block["value"]
    if kind == "paragraph":
        # Paragraph by paragraph, however many of them share a block.
        for html in filter(None, _PARAGRAPH_ENDS.split(_BLOCK_KEY.sub("", value or ""))):
            if text := _one_line(text_of(html)):
                yield Part(label, text, _LINK.sub(_with_address, html))
        return
    texts = rules.texts_of_block(kind, value) if value else ()
    text = "\n".join(filter(None, map(_one_line, texts)))
    yield Part(label, text or _named(kind, value), json.dumps(_stored(value), sort_keys=True))


def _with_address(match: re.Match[str]) -> str:
    return f"{match[3]} ({match[1] or match[2]})"


def _named(kind: str, value: Any) -> str:
    """What stands for a block without words."""
    match kind:
        case "picture":
            return _("Picture %(id)s") % {"id": value["picture"]}
        case "related":
            return _("Article %(id)s") % {"id": value["article"]}
        case "embed":
            return str(value.get("url") or "")
        case _:
            return "\u2014"
