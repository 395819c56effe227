"""From what was read to what is written: bodies, references, credits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from coranto.importers.bodies import convert_body
from coranto.importers.rules.credit_lines import MAX_LENGTH, read_credit_line
from coranto.importers.rules.digests import digest_of, without_ids
from coranto.kit.html import text_of
from coranto.newsroom.models import Article
from coranto.newsroom.operations import ArticleDraft, CreditDraft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.importers.documents import ArticleRead
    from coranto.importers.operations.groundwork import Groundwork
    from coranto.importers.operations.ledger import Ledger
    from coranto.importers.operations.pictures import Pictures
    from coranto.importers.rules.addresses import OldSite
    from coranto.importers.rules.reports import Report
    from coranto.masthead.models import Picture

_HREF: Final = re.compile(r'<a href="(https?://[^"]+)"')
_CREDIT_WITHIN: Final = 2


@dataclass(slots=True)
class Lookups:
    """What the addresses of one text mean here. `waits_for`: items of this import that are not written yet."""

    old: OldSite
    ledger: Ledger
    pictures: Pictures
    waits_for: set[str] = field(default_factory=set)
    lacks_picture: bool = False

    def link(self, url: str) -> int | str:
        absolute = self.old.absolute(url) if not url.startswith("#") else url
        target = self.old.target(absolute)
        if target is None:
            return absolute
        kind, key = target
        if kind == "picture":
            return self.pictures.address(key) or absolute
        page_id = self.ledger.target(kind, key)
        if page_id is None:
            self.waits_for.add(key)
            return absolute
        return page_id

    def picture(self, key: str, url: str) -> int | None:
        found = self.pictures.find(key, url)
        if found is None and (not url or self.is_own(url)):
            self.lacks_picture = True
        return found

    def is_own(self, url: str) -> bool:
        return self.old.is_own(self.old.absolute(url))

    def related(self, key: str, headline: str) -> int | None:
        """By its key, if it is of this import; else the one article here with that headline."""
        found = self.ledger.target("article", key) if key else None
        if found is None:
            named = Article.objects.filter(title__iexact=headline).values_list("pk", flat=True)[:2]
            found = named[0] if len(named) == 1 else None
        if found is None and key:
            self.waits_for.add(key)
        return found


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft with what must be remembered of its making. `digest` is empty when something was missing."""

    read: ArticleRead
    draft: ArticleDraft
    digest: str
    result: str
    waits_for: frozenset[str]


def draft_article(
    read: ArticleRead, *, slug: str, ground: Groundwork, lookups: Lookups, pictures: dict[int, Picture], report: Report
) -> Drafted:
    """An article as the newsroom takes it. `pictures` holds the rows of main pictures by id."""
    converted = convert_body(read.html, lookups)
    if read.credits:
        body, credits = converted.body, [CreditDraft(each.relation, each.people, each.outlet) for each in read.credits]
    else:
        body, credits = take_credit_line(converted.body)
    main = lookups.picture(read.picture_key, "") if read.picture_key not in {"", "0"} else None
    sections = [ground.sections[key] for key in read.section_keys if key in ground.sections]
    draft = ArticleDraft(
        headline=read.headline,
        slug=slug,
        section=sections[0],
        body=body,
        standfirst=read.standfirst,
        live=read.live,
        first_published_at=read.first_published_at,
        updated_at=read.updated_at,
        go_live_at=read.go_live_at,
        authors=[ground.authors[key] for key in read.author_keys if key in ground.authors],
        topics=list({t.pk: t for key in read.topic_keys if (t := ground.topics.get(key))}.values()),
        further_sections=list({s.pk: s for s in sections[1:] if s.pk != sections[0].pk}.values()),
        credits=credits,
        picture=pictures.get(main) if main else None,
        picture_caption=read.picture_caption if main else "",
        comment_policy=read.comment_policy,
        visibility=read.visibility,
        password=read.password,
        seo_title=read.seo_title,
        search_description=read.search_description,
        desk_note=_desk_note(read, converted.unknown),
        views_before=read.views,
    )
    is_whole = not lookups.waits_for and not lookups.lacks_picture and not converted.unknown
    drafted = Drafted(
        read, draft, read.digest if is_whole else "", result_of_draft(draft), frozenset(lookups.waits_for)
    )
    report_conversion(converted, report, credits=len(credits))
    return drafted


def _desk_note(read: ArticleRead, unknown: Iterable[str]) -> str:
    missing = [_("A card led to “%(headline)s”, which is not here.") % {"headline": each} for each in unknown]
    return "\n".join(filter(None, [read.desk_note, *missing]))


def report_conversion(converted: Any, report: Report, *, credits: int = 0) -> None:
    report.kept_html.update(converted.kept)
    report.remarks.update(converted.remarks)
    report.credits += credits


def take_credit_line(body: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[CreditDraft]]:
    """The body without the line that says whose piece it is, and what that line says."""
    for place, block in enumerate(body[:_CREDIT_WITHIN]):
        if block["type"] != "paragraph":
            if block["type"] in {"picture", "embed"}:
                continue
            break
        text = text_of(block["value"])
        line = read_credit_line(text) if len(text) <= MAX_LENGTH and "\n" not in text else None
        if line is not None:
            links = [unescape(each) for each in _HREF.findall(block["value"])]
            url = links[-1] if links and len(links[-1]) <= 1_000 else ""  # noqa: PLR2004 - the column's length
            credit = CreditDraft(line.relation, line.people, line.outlet, url)
            return [*body[:place], *body[place + 1 :]], [credit]
        break
    return body, []


# Fingerprints of results --------------------------------------------------------------------------------


def result_of_draft(draft: ArticleDraft) -> str:
    return _result(
        draft,
        headline=draft.headline,
        body=draft.body,
        picture_id=draft.picture.pk if draft.picture else None,
        author_ids=[each.pk for each in draft.authors],
        section_id=draft.section.pk,
        live=draft.live,
    )


def results_of_article(article: Article) -> set[str]:
    """What `result_of_draft` may have said of the article as it is now, its unpublished changes included.

    A scheduled article that has gone out since was not live when it was written.
    """
    latest = article.get_latest_revision_as_object()
    authors = [each.author_id for each in sorted(latest.bylines.all(), key=lambda each: each.sort_order or 0)]
    section = article.get_parent().pk
    return {
        _result(
            latest,
            headline=latest.title,
            body=latest.raw_body,
            picture_id=latest.picture_id,
            author_ids=authors,
            section_id=section,
            live=live,
        )
        for live in {article.live, False}
    }


_ALIKE: Final = ("standfirst", "comment_policy", "visibility", "password", "seo_title", "search_description")


def _result(of: ArticleDraft | Article, *, body: Iterable[dict[str, Any]], **rest: Any) -> str:
    """SHA-256 of what an import writes into an article; `_ALIKE` fields are called the same in both."""
    blocks = [without_ids({"type": block["type"], "value": block["value"]}) for block in body]
    # Sources without notes were imported before there were any.
    note = [of.desk_note] if of.desk_note else []
    return digest_of([blocks, rest, [getattr(of, name) for name in _ALIKE], *note])
