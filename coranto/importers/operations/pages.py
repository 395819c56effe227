"""Plain pages: what rich text can hold becomes text, the rest from there on is kept as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from wagtail.models import Page

from coranto.importers.bodies import convert_body, pictures_in
from coranto.importers.operations.drafting import Lookups, report_conversion
from coranto.importers.operations.redirects import add_redirects
from coranto.importers.rules.digests import digest_of
from coranto.importers.rules.slugs import free_slug
from coranto.kit import html as kit
from coranto.masthead.models import Picture, PlainPage
from coranto.masthead.rules import is_reserved
from coranto.newsroom.queries import addresses_of
from coranto.newsroom.rules import linked_page_ids, with_addresses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.importers.documents import PageRead
    from coranto.importers.operations.desk import Desk
    from coranto.importers.operations.ledger import Known

KIND: Final = "page"


class PageWriter:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def write(self, read: PageRead, *, may_wait: bool, is_again: bool) -> set[str]:
        """Write one page. Its key when it waits for other items, its parent page among them."""
        known = self._desk.ledger.get(KIND, read.key)
        if known and known.digest and known.digest == read.digest:
            self._count("unchanged", is_again=is_again)
            return set()
        self._desk.pictures.take_mentioned(pictures_in(read.html))
        lookups = Lookups(self._desk.old, self._desk.ledger, self._desk.pictures)
        converted = convert_body(read.html, lookups)
        if known is None and self._waits_for_parent(read):
            lookups.waits_for.add(read.parent_key)
        if known is None and lookups.waits_for and may_wait:
            return {read.key}
        body, kept = split_body(converted.body)
        result = _result(read.title, body, kept, read.seo_title, read.search_description)
        digest = "" if lookups.waits_for or lookups.lacks_picture else read.digest
        with transaction.atomic():
            if known is None:
                self._create(read, body, kept, digest=digest, result=result)
                report_conversion(converted, self._desk.report)
                if kept:
                    self._desk.report.kept_html["part of a page, from the first thing that is no plain text on"] += 1
            else:
                self._renew(read, known, body, kept, digest=digest, result=result, is_again=is_again)
        return {read.key} if lookups.waits_for else set()

    def _waits_for_parent(self, read: PageRead) -> bool:
        is_coming = bool(read.parent_key) and self._desk.old.ids.get(read.parent_key) == KIND
        return is_coming and self._desk.ledger.target(KIND, read.parent_key) is None

    def _count(self, what: str, *, is_again: bool) -> None:
        if not is_again:
            getattr(self._desk.report, what)["pages"] += 1
            self._desk.report.items[what] += 1

    def _create(self, read: PageRead, body: str, kept: str, *, digest: str, result: str) -> None:
        parent = self._parent(read)
        page = PlainPage(
            title=read.title,
            slug=self._slug(read, parent),
            body=body,
            kept_html=kept,
            seo_title=read.seo_title,
            search_description=read.search_description,
            live=False,
            has_unpublished_changes=True,
            first_published_at=read.first_published_at,
            go_live_at=read.go_live_at,
        )
        parent.add_child(instance=page)
        revision = page.save_revision(clean=False)
        if read.live or read.go_live_at:
            revision.publish()
        self._desk.ledger.write(KIND, [(read.key, page.pk, digest, result)])
        self._count("created", is_again=False)
        if read.comments:
            self._desk.report.skip(
                kind="comment", source_id=f"page {read.key}", reason="pages have no comments here", count=read.comments
            )
        if read.live or read.go_live_at:
            add_redirects(
                [(old, page.address, page.pk) for old in read.old_paths],
                taken=self._desk.top_slugs(),
                report=self._desk.report,
            )

    def _parent(self, read: PageRead) -> Page:
        target = self._desk.ledger.target(KIND, read.parent_key) if read.parent_key else None
        found = PlainPage.objects.filter(pk=target).first() if target else None
        if found is not None:
            return found
        if read.parent_key:
            self._desk.report.remarks["pages whose parent is not in the export stand at the top"] += 1
        return Page.objects.get(pk=self._desk.ground.front.pk)

    def _slug(self, read: PageRead, parent: Page) -> str:
        is_top = parent.pk == self._desk.ground.front.pk
        taken = set(Page.objects.child_of(parent).values_list("slug", flat=True))
        slug = free_slug(read.slug, lambda slug: slug in taken or is_reserved(slug, is_top_level=is_top))
        if slug != read.slug:
            reserved = is_reserved(read.slug, is_top_level=is_top)
            self._desk.report.rename(
                kind="page",
                source_id=read.key,
                wanted=read.slug,
                given=slug,
                reason="the site itself answers there" if reserved else "another page has this address",
            )
        return slug

    def _renew(
        self, read: PageRead, known: Known, body: str, kept: str, *, digest: str, result: str, is_again: bool
    ) -> None:
        page = PlainPage.objects.filter(pk=known.target_id).first()
        if page is None:
            self._skip(read, "it was deleted here")
            return
        if result == known.result_digest:
            self._desk.ledger.rewrite(KIND, read.key, digest=digest, result=result)
            self._count("unchanged", is_again=is_again)
            return
        latest = page.get_latest_revision_as_object()
        here = _result(latest.title, latest.body, latest.kept_html, latest.seo_title, latest.search_description)
        if here != known.result_digest:
            if not is_again:
                self._skip(read, "it was changed in the source and edited here: what is here stays")
            return
        latest.title, latest.body, latest.kept_html = read.title, body, kept
        latest.seo_title, latest.search_description = read.seo_title, read.search_description
        revision = latest.save_revision(clean=False)
        if page.live and read.live:
            revision.publish()
        self._desk.ledger.rewrite(KIND, read.key, digest=digest, result=result)
        self._count("updated", is_again=is_again)

    def _skip(self, read: PageRead, reason: str) -> None:
        self._desk.report.skip(kind="page", source_id=read.key, reason=reason)
        self._desk.report.items["skipped"] += 1


def _result(title: str, body: str, kept: str, seo_title: str, description: str) -> str:
    return digest_of([title, body, kept, seo_title, description])


def split_body(blocks: Iterable[dict[str, Any]]) -> tuple[str, str]:
    """Rich text as far as it goes, and everything from the first block on that it cannot hold, as HTML."""
    body: list[str] = []
    kept: list[str] = []
    for block in blocks:
        kind, value = block["type"], block["value"]
        plain = _rich_text(kind, value) if not kept else None
        if plain is not None:
            body.append(plain)
        else:
            kept.append(_html(kind, value))
    html = "".join(kept)
    return "".join(body), kit.clean_body(with_addresses(html, addresses_of(linked_page_ids(html)))) if html else ""


def _rich_text(kind: str, value: Any) -> str | None:
    match kind:
        case "paragraph":
            return str(value)
        case "heading":
            tag = "h2" if value["level"] == "2" else "h3"
            return f"<{tag}>{escape(value['text'], quote=False)}</{tag}>"
        case "list":
            tag = "ol" if value["ordered"] else "ul"
            return f"<{tag}>{''.join('<li>' + each['value'] + '</li>' for each in value['items'])}</{tag}>"
        case "divider":
            return "<hr/>"
    return None


def _html(kind: str, value: Any) -> str:
    plain = _rich_text(kind, value)
    if plain is not None:
        return plain
    match kind:
        case "quote" | "pull_quote":
            text = value["text"] if kind == "quote" else f"<p>{escape(value['text'])}</p>"
            by = f"<cite>{escape(value['attribution'])}</cite>" if value["attribution"] else ""
            return f"<blockquote>{text}{by}</blockquote>"
        case "picture":
            return _figure(value)
        case "embed":
            said = escape(value["title"] or value["url"])
            return f'<p><a href="{escape(value["url"])}">{said}</a></p>'
        case "table":
            rows = ("".join(f"<td>{escape(cell, quote=False)}</td>" for cell in row) for row in value["data"])
            return f"<table><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"
        case _:
            return str(value or "")


def _figure(value: Any) -> str:
    picture = Picture.objects.filter(pk=value["picture"]).first()
    if picture is None:
        return f"<p>{escape(value['caption'])}</p>" if value["caption"] else ""
    alt = escape(value["alt"] or picture.description)
    caption = f"<figcaption>{escape(value['caption'])}</figcaption>" if value["caption"] else ""
    size = f'width="{picture.width}" height="{picture.height}"'
    return f'<figure><img src="{escape(picture.file.url)}" alt="{alt}" {size}>{caption}</figure>'
