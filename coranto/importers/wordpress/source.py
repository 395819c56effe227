"""A WordPress export as the articles, pages and comments it holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from coranto.importers.documents import ArticleRead, CommentRead, PageRead, Skipped, SourceRefusedError
from coranto.importers.rules.addresses import path_of
from coranto.importers.rules.digests import digest_of
from coranto.importers.rules.embeds import is_player
from coranto.importers.rules.slugs import clean_slug
from coranto.importers.wordpress import blockmarkup, counts, dates, opening, seo, shortcodes
from coranto.importers.wordpress.paragraphs import add_paragraphs
from coranto.importers.wordpress.reading import BrokenError, Item, read_parts
from coranto.importers.wordpress.survey import (
    UNCATEGORISED,
    Survey,
    Surveyor,
    author_key,
    kind_of,
    term_key,
)
from coranto.kit.html import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from datetime import datetime
    from pathlib import Path

    from coranto.importers.documents import Document, SiteRead
    from coranto.importers.wordpress.reading import CommentSpool, Part, RawComment

_COMMENTS: Final = frozenset({"comment"})
_STANDFIRST: Final = 500
_COMMENT_STATES: Final = {"1": "approved", "approved": "approved", "0": "held", "hold": "held", "spam": "spam"}


class WordPressExport:
    """One export file. With `salvage`, a file that breaks off is read up to there."""

    def __init__(self, path: Path, *, now: datetime, salvage: bool = False) -> None:
        self._path = path
        self._now = now
        self._salvage = salvage
        self._mends = False
        self._survey = Survey(site=None)  # type: ignore[arg-type]  # read by survey()
        self.remarks: Counter[str] = Counter()

    def survey(self, progress: Callable[[int], None]) -> SiteRead:
        try:
            self._survey = self._survey_once(progress)
        except BrokenError as error:
            if error.code not in opening.MENDABLE:
                raise self._broken(error) from None
            self._mends = True
            try:
                self._survey = self._survey_once(progress)
            except BrokenError as again:
                raise self._broken(again) from None
        self.remarks.update(self._survey.remarks)
        return self._survey.site

    def _survey_once(self, progress: Callable[[int], None]) -> Survey:
        surveyor = Surveyor()
        with opening.open_export(self._path) as file:
            stream = opening.Mended(file) if self._mends else file
            try:
                surveyor.take(read_parts(stream, progress, leave_out=_COMMENTS))
            except BrokenError as error:
                self._kinds = surveyor.survey.kinds
                if not self._salvage or (error.code in opening.MENDABLE and not self._mends):
                    raise
                note = f"the file breaks off in line {error.line}, column {error.column} ({error.what})"
                self.remarks[f"{note}: what stands before that was taken"] += 1
        if isinstance(stream, opening.Mended) and stream.lines:
            lines = ", ".join(map(str, dict.fromkeys(stream.lines[:20])))
            self.remarks[f"characters that XML forbids were dropped or mended, in line {lines}"] += len(stream.lines)
        return surveyor.finish()

    def _broken(self, error: BrokenError) -> SourceRefusedError:
        found = ", ".join(f"{count} {kind}{'s' if count != 1 else ''}" for kind, count in sorted(self._kinds.items()))
        rest = (
            f"Before that, {found} can be read: run again with --salvage to take these, or mend the file."
            if found
            else "Nothing before that can be read."
        )
        return SourceRefusedError(
            f"The file is broken in line {error.line}, column {error.column}: {error.what}. "
            f"Nothing was imported. {rest}"
        )

    def documents(self, progress: Callable[[int], None], *, only: Container[str] | None = None) -> Iterator[Document]:
        seen: set[str] = set()
        remarks = self.remarks if only is None else Counter[str]()
        with opening.open_export(self._path) as file:
            stream = opening.Mended(file) if self._mends else file
            for part in self._until_broken(read_parts(stream, progress)):
                if not isinstance(part, Item):
                    continue
                if only is not None and part.key not in only:
                    continue
                if part.key in seen:
                    yield Skipped(part.key, part.post_type or "post", "an item with the same id came before")
                    continue
                seen.add(part.key)
                kind = kind_of(part)
                match kind:
                    case Skipped():
                        yield kind
                    case "article":
                        yield _Mapping(part, self._survey, self._now, remarks).article()
                    case "page":
                        yield _Mapping(part, self._survey, self._now, remarks).page()

    def _until_broken(self, parts: Iterator[Part]) -> Iterator[Part]:
        try:
            yield from parts
        except BrokenError:
            if not self._salvage:
                raise


class _Mapping:
    """One item in our words."""

    def __init__(self, item: Item, survey: Survey, now: datetime, remarks: Counter[str]) -> None:
        self._item = item
        self._survey = survey
        self._remarks = remarks
        self._dated = dates.of_item(item)
        self._scheduled = item.status == "future" and self._dated is not None and self._dated > now
        self._live = item.status in {"publish", "future", "private", ""} and not self._scheduled

    def article(self) -> ArticleRead:
        item = self._item
        sections, topics, authors = self._terms()
        visibility = "password" if item.post_password else "private" if item.status == "private" else "public"
        if item.is_sticky == "1":
            self._remarks["the mark that keeps a post on top was left out; arrange the front page instead"] += 1
        return ArticleRead(
            key=item.key,
            headline=self._title(),
            slug=clean_slug(item.post_name, item.title, f"article-{item.key}"),
            html=self._html(),
            digest=self._digest(),
            standfirst=_cut(text_of(item.excerpt), _STANDFIRST),
            live=self._live,
            first_published_at=self._dated if self._live else None,
            updated_at=dates.updated(item, self._dated) if self._live else None,
            go_live_at=self._dated if self._scheduled else None,
            author_keys=authors,
            section_keys=sections or (UNCATEGORISED,),
            topic_keys=topics,
            picture_key=item.meta.get("_thumbnail_id", "").strip(),
            comment_policy="open" if item.comment_status in {"open", ""} else "closed",
            visibility=visibility,
            password=item.post_password[:100],
            seo_title=seo.title_of(item.meta),
            search_description=seo.description_of(item.meta),
            old_paths=self._old_paths() if self._live or self._scheduled else (),
            views=counts.views_of(item.meta),
            comments=_Comments(item.comments, self._dated),
        )

    def page(self) -> PageRead:
        item = self._item
        hidden = bool(item.post_password) or item.status == "private"
        if hidden:
            self._remarks["pages that were private or had a password are drafts here"] += 1
        return PageRead(
            key=item.key,
            title=self._title(),
            slug=clean_slug(item.post_name, item.title, f"page-{item.key}"),
            html=self._html(),
            digest=self._digest(),
            parent_key=item.post_parent if item.post_parent != "0" else "",
            live=self._live and not hidden,
            first_published_at=self._dated if self._live else None,
            updated_at=dates.updated(item, self._dated) if self._live else None,
            go_live_at=self._dated if self._scheduled and not hidden else None,
            seo_title=seo.title_of(item.meta),
            search_description=seo.description_of(item.meta),
            old_paths=self._old_paths(),
            comments=len(item.comments),
        )

    def _title(self) -> str:
        title = " ".join(text_of(self._item.title).split())
        if len(title) > 255:  # noqa: PLR2004 - Wagtail's own length of a title
            self._remarks["headlines of more than 255 characters were cut"] += 1
        return _cut(title, 255) or "(untitled)"

    def _terms(self) -> tuple[list[str], list[str], list[str]]:
        sections: dict[str, None] = {}
        topics: dict[str, None] = {}
        authors: dict[str, None] = {}
        primary = self._survey.category_ids.get(seo.primary_term_of(self._item.meta))
        known = self._survey.author_keys
        for term in self._item.terms:
            match term.domain:
                case "category":
                    sections[term_key(term)] = None
                case "post_tag" | "tag":
                    topics[term_key(term)] = None
                case "author" | "ppma_author":
                    authors[known.get(author_key(term.slug), "")] = None
                case "post_format":
                    self._remarks[f"post formats have no counterpart: {term.name or term.slug}"] += 1
        authors.pop("", None)
        if not authors and self._item.creator in known:
            authors[known[self._item.creator]] = None
        ordered = list(sections)
        if primary in sections:
            ordered.sort(key=lambda key: key != primary)
        return ordered, list(topics), list(authors)

    def _html(self) -> str:
        item, unknown, without_html = self._item, Counter[str](), Counter[str]()
        html = blockmarkup.drop_page_marks(item.content, self._remarks)
        html = shortcodes.expand_shortcodes(
            html, children=lambda: self._survey.children.get(item.key, ()), unknown=unknown
        )
        html = shortcodes.link_own_lines(html, is_player)
        if blockmarkup.has_blocks(html):
            markup = blockmarkup.Markup(self._survey.reusable, item.meta.get("footnotes", ""), without_html)
            html = markup.html_of(html)
        else:
            html = add_paragraphs(html)
        for name, count in unknown.items():
            self._remarks[f"the shortcode [{name}] is not known; it stands in the text as written"] += count
        for name, count in without_html.items():
            self._remarks[f"blocks that WordPress fills when it shows a page have no text to take: {name}"] += count
        return shortcodes.mark_pictures(html)

    def _old_paths(self) -> list[str]:
        item = self._item
        paths = []
        path = path_of(item.link) if item.link else ""
        if path not in {"", "/"}:
            paths.append(path)
            former = item.meta.get("_wp_old_slug", "").strip()
            if former and "?" not in path:
                paths.append(f"{path.rpartition('/')[0]}/{former}")
        if item.post_id:
            paths.append(f"/?{'p' if item.post_type != 'page' else 'page_id'}={item.post_id}")
        return list(dict.fromkeys(paths))

    def _digest(self) -> str:
        item = self._item
        return digest_of(
            {
                name: getattr(item, name)
                for name in (
                    "title",
                    "content",
                    "excerpt",
                    "post_date",
                    "post_date_gmt",
                    "post_modified_gmt",
                    "status",
                    "post_name",
                    "post_parent",
                    "post_password",
                    "comment_status",
                    "creator",
                    "meta",
                )
            }
            | {"terms": [asdict(term) for term in item.terms]}
        )


class _Comments:
    """The comments of an item, each read when it is asked for: there may be very many."""

    def __init__(self, spool: CommentSpool, published: datetime | None) -> None:
        self._spool = spool
        self._published = published

    def __len__(self) -> int:
        return len(self._spool)

    def __iter__(self) -> Iterator[CommentRead | Skipped]:
        for number, raw in enumerate(self._spool, 1):
            key = raw.comment_id.strip() or f"comment-{number}"
            kind = raw.kind.strip()
            if kind not in {"", "comment"}:
                yield Skipped(key, "comment", f"no reader's comment: {kind}")
            else:
                yield self._read(key, raw)

    def _read(self, key: str, raw: RawComment) -> CommentRead:
        content = raw.content.strip()
        parent = raw.parent.strip()
        return CommentRead(
            key=key,
            parent_key=parent if parent != "0" else "",
            name=" ".join(raw.author.split())[:150],
            email=raw.email.strip(),
            url=raw.url.strip(),
            html=f"<p>{content}</p>" if "<" not in content and "\n" not in content else add_paragraphs(content),
            state=_COMMENT_STATES.get(raw.approved.strip(), "binned"),
            written_at=dates.parse_date(raw.date_gmt) or dates.parse_date(raw.date) or self._published,
        )


def _cut(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
