"""What a published version holds of an article, part by part, and what of a draft differs from it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coranto.kit.html import text_of
from coranto.newsroom import rules
from coranto.newsroom.differences import Part, changed_passages, difference
from coranto.newsroom.models import Article, ArticleVersion, Author, Topic
from coranto.newsroom.queries.cards import by_order
from coranto.newsroom.rules import Relation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from coranto.newsroom.models import Credit, Section

_PARAGRAPH_ENDS = re.compile(r"(?<=</p>)|(?<=</li>)")
_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
_LINK = re.compile(r'<a (?:href="([^"]*)"|linktype="page" id="(\d+)")[^>]*>(.*?)</a>', re.DOTALL)

_PLAIN: Final = {
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"'),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u2039\u203a"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2013\u2014"), "-"),
    0x00AD: None,
}
_AT_ENDS: Final = " .\u2026\"'"  # what people put around a quotation

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
EVERYTHING: Final = tuple(_LABELS)
FOR_READERS: Final = ("headline", "standfirst", "picture", "authors", "further_sections", "topics", "credits")


# … and whoever finds the article elsewhere.
SEEN: Final = (*FOR_READERS, "seo")


# What is kept ---------------------------------------------------------------------------------------------------


def version_parts(
    article: Article,
    *,
    authors: Iterable[Author],
    further_sections: Iterable[Section],
    topics: Iterable[Topic],
    credits: Iterable[Credit],
) -> dict[str, Any]:
    """What a published version holds of an article, as plain data: strings, numbers, lists."""
    picture = article.picture
    return {
        "address": article.address,
        "uuid": str(article.translation_key),
        "headline": article.title,
        "standfirst": article.standfirst,
        "body": [{"type": each["type"], "value": each["value"]} for each in article.raw_body],
        "picture": picture
        and {
            "id": picture.pk,
            "sha1": picture.file_hash,
            "caption": article.picture_caption or picture.caption,
            "credit": picture.credit,
            "alt": picture.description,
        },
        "authors": [{"name": each.name, "slug": each.slug} for each in authors],
        "section": article.section_slug,
        "further_sections": sorted(each.slug for each in further_sections),
        "topics": sorted(each.name for each in topics),
        "credits": [_credit_parts(each) for each in credits],
        "first_published_at": moment(article.first_published_at),
        "updated_at": moment(article.updated_at),
        "visibility": article.visibility,
        "seo": {"title": article.seo_title, "description": article.search_description},
    }


def _credit_parts(credit: Credit) -> dict[str, Any]:
    return {
        "relation": credit.relation,
        "people": list(credit.people_list),
        "outlet": credit.outlet,
        "original_url": credit.original_url,
        "licence": credit.licence,
        "canonical_is_original": credit.canonical_is_original,
        "dated_on": credit.dated_on and credit.dated_on.isoformat(),
    }


def moment(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


# What it says ---------------------------------------------------------------------------------------------------


def parts_of(document: Mapping[str, Any], names: Collection[str] = EVERYTHING) -> list[Part]:
    """What a version's document says, part by part, in the order of the page; empty parts are left out.

    `names` says which of its members; the body always.
    """
    return list(_parts(document, names))


def _parts(document: Mapping[str, Any], names: Collection[str]) -> Iterator[Part]:
    said = {name: value for name, value in document.items() if name in names}
    for name in ("headline", "standfirst"):
        yield from _part(name, said.get(name))
    labels = Article.body.field.stream_block.child_blocks
    for block in document.get("body") or ():
        label = str(labels[block["type"]].label) if block["type"] in labels else block["type"]
        yield from _block_parts(label, block)
    picture = said.get("picture") or {}
    seen = {name: picture.get(name) for name in ("caption", "credit", "alt")}
    yield from _part("picture", seen if picture else None, exact=str(picture.get("sha1")))
    yield from _part("authors", [each["name"] for each in said.get("authors") or ()])
    for name in ("section", "further_sections", "topics"):
        yield from _part(name, said.get(name))
    for credit in said.get("credits") or ():
        yield from _part("credits", _credit_text(credit), exact=json.dumps(credit, sort_keys=True))
    for name in ("visibility", "seo"):
        yield from _part(name, said.get(name))


def _part(name: str, value: Any, exact: str = "") -> Iterator[Part]:
    if value:
        text = _as_text(value)
        yield Part(str(_LABELS[name]), text, text + exact)


def _credit_text(credit: Mapping[str, Any]) -> str:
    relation = credit.get("relation", "")
    said = [
        str(Relation(relation).label) if relation in Relation.values else relation,
        ", ".join(credit.get("people") or ()),
        *(credit.get(name) or "" for name in ("outlet", "original_url", "licence", "dated_on")),
    ]
    return "\n".join(filter(None, said))


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


# What a draft says otherwise ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PendingChange:
    """How a draft differs from what was published last, which had `number`. Where is found out for who asks."""

    number: int
    before: Sequence[Part]
    after: Sequence[Part]

    @property
    def is_changed(self) -> bool:
        return self.before != self.after

    @cached_property
    def passages(self) -> Sequence[str]:
        """The sentences of the draft that differ."""
        return changed_passages(difference(self.before, self.after)) if self.is_changed else []

    def has_passage(self, passage: str) -> bool:
        """Whether the draft says this somewhere, whatever the spaces, quotation marks and dashes."""
        looked_for = _plain(passage).strip(_AT_ENDS)
        return not looked_for or looked_for in _plain(" ".join(each.text for each in self.after))


def _plain(text: str) -> str:
    return " ".join(text.translate(_PLAIN).split())


def pending_change_of_draft(article: Article) -> PendingChange | None:
    """What publishing an article as a draft holds it would change; nothing before its first publication.

    One query, and at most four more where it is out already.
    """
    last = last_version(article)
    if last is None:
        return None
    bylines, tagged = sorted(article.bylines.all(), key=by_order), article.tagged_topics.all()
    authors = Author.objects.in_bulk([each.author_id for each in bylines])
    topics = Topic.objects.in_bulk([each.tag_id for each in tagged])
    return pending_change(
        article,
        last,
        authors=[authors[each.author_id] for each in bylines if each.author_id in authors],
        further_sections=article.further_sections.all(),
        topics=topics.values(),
        credits=article.credits.all(),
    )


def last_version(article: Article) -> ArticleVersion | None:
    """What was published last. One query."""
    versions = ArticleVersion.objects.filter(article_id=article.pk)
    return versions.order_by("-number").first() if article.pk else None


def pending_change(
    article: Article,
    last: ArticleVersion,
    *,
    authors: Iterable[Author],
    further_sections: Iterable[Section],
    topics: Iterable[Any],
    credits: Iterable[Credit],
) -> PendingChange:
    """What publishing an article as it stands in memory would change of the version `last`."""
    draft = version_parts(article, authors=authors, further_sections=further_sections, topics=topics, credits=credits)
    return PendingChange(last.number, before=_seen_of(last), after=parts_of(draft, SEEN))


def reads_the_same(last: ArticleVersion, parts: Mapping[str, Any]) -> bool:
    """Whether nothing that is seen of an article, as `version_parts` gives it, is other than in the version `last`."""
    return _seen_of(last) == parts_of(parts, SEEN)


def _seen_of(version: ArticleVersion) -> list[Part]:
    return parts_of(json.loads(bytes(version.document)), SEEN)
