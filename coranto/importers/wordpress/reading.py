"""WordPress eXtended RSS, versions 1.0 to 1.2, as a stream.

Elements are known by their local names: the `wp:` namespace has been http and https and carries the version.
What is in memory is one item; of an item with very many comments, a part of them (see `CommentSpool`).

Safe against hostile XML: a document type declaration is refused before a parser sees it, and with it every
entity; nothing is fetched; more than `MAX_PIECE` bytes without the end of anything we know is refused.
"""

from __future__ import annotations

import pickle
import tempfile
import weakref
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final

from lxml import etree

from coranto.importers.documents import SourceRefusedError
from coranto.importers.wordpress import opening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_PIECE: Final = 10_000_000
_CHUNK: Final = 131_072
_SPOOL_AT: Final = 2_000

_TAKEN = ("item", "comment", "author", "category", "tag", "term", "wxr_version", "base_site_url", "base_blog_url")
_ITEM_FIELDS: Final = {
    "title": "title",
    "link": "link",
    "pubDate": "pub_date",
    "creator": "creator",
    "guid": "guid",
    "post_id": "post_id",
    "post_date": "post_date",
    "post_date_gmt": "post_date_gmt",
    "post_modified": "post_modified",
    "post_modified_gmt": "post_modified_gmt",
    "comment_status": "comment_status",
    "post_name": "post_name",
    "status": "status",
    "post_parent": "post_parent",
    "post_type": "post_type",
    "post_password": "post_password",
    "is_sticky": "is_sticky",
    "attachment_url": "attachment_url",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A category, tag or other term, declared by the export or named by an item."""

    domain: str
    slug: str
    name: str
    parent: str = ""
    description: str = ""
    term_id: str = ""


@dataclass(frozen=True, slots=True)
class WrittenBy:
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class RawComment:
    comment_id: str = ""
    author: str = ""
    email: str = ""
    url: str = ""
    date: str = ""
    date_gmt: str = ""
    content: str = ""
    approved: str = ""
    kind: str = ""
    parent: str = ""


class CommentSpool:
    """The comments of one item, in order; beyond a few thousand they wait in a temporary file."""

    def __init__(self) -> None:
        self._held: list[RawComment] = []
        self._file: IO[bytes] | None = None
        self._chunks = 0
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, comment: RawComment) -> None:
        self._held.append(comment)
        self._length += 1
        if len(self._held) >= _SPOOL_AT:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the spool
                weakref.finalize(self, self._file.close)
            pickle.dump(self._held, self._file, protocol=pickle.HIGHEST_PROTOCOL)
            self._chunks += 1
            self._held = []

    def __iter__(self) -> Iterator[RawComment]:
        if self._file is not None:
            self._file.seek(0)
            for _ in range(self._chunks):
                yield from pickle.load(self._file)  # noqa: S301 - a nameless file of our own
        yield from self._held


@dataclass(slots=True)
class Item:
    """One item as the export has it; nothing is interpreted yet."""

    number: int
    line: int
    title: str = ""
    link: str = ""
    pub_date: str = ""
    creator: str = ""
    guid: str = ""
    content: str = ""
    excerpt: str = ""
    post_id: str = ""
    post_date: str = ""
    post_date_gmt: str = ""
    post_modified: str = ""
    post_modified_gmt: str = ""
    comment_status: str = ""
    post_name: str = ""
    status: str = ""
    post_parent: str = ""
    post_type: str = ""
    post_password: str = ""
    is_sticky: str = ""
    attachment_url: str = ""
    terms: list[Term] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    comments: CommentSpool = field(default_factory=CommentSpool)

    @property
    def key(self) -> str:
        return self.post_id or self.guid or self.link or f"item-{self.number}"


@dataclass(frozen=True, slots=True)
class Channel:
    """A line about the site itself: `name` is title, link, wxr_version, base_site_url or base_blog_url."""

    name: str
    value: str


Part = Item | Term | WrittenBy | Channel


class BrokenError(Exception):
    """The XML ends being XML here; what came before has been read."""

    def __init__(self, error: etree.XMLSyntaxError) -> None:
        super().__init__(error.msg)
        self.line, self.column = error.position
        self.code: int = error.code  # type: ignore[attr-defined]  # the stubs do not know it
        self.what = (error.msg or "").rpartition(", line ")[0] or str(error.msg)


def read_parts(
    stream: opening.Readable, progress: Callable[[int], None], *, leave_out: frozenset[str] = frozenset()
) -> Iterator[Part]:
    """Everything in the export, in order; `leave_out` names elements of no interest ("comment").

    `progress` is told the number of bytes of each chunk.

    Raises `SourceRefusedError` for what is no WordPress export and `BrokenError` for XML that breaks off.
    """
    reader = _Reader(leave_out)
    first = stream.read(_CHUNK)
    opening.check(first)
    chunk = first
    while chunk:
        progress(len(chunk))
        yield from reader.feed(chunk)
        chunk = stream.read(_CHUNK)
    yield from reader.close()


class _Reader:
    def __init__(self, leave_out: frozenset[str]) -> None:
        self._leaves_out_comments = "comment" in leave_out
        self._parser = etree.XMLPullParser(
            events=("end",),
            tag=tuple(f"{{*}}{name}" for name in _TAKEN),
            huge_tree=True,  # without it a text of 10 MB or a depth of 256 is an error; MAX_PIECE bounds both
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        self._piece = 0
        self._items = 0
        self._spool = CommentSpool()
        self._last_comment: Any = None

    def feed(self, chunk: bytes) -> Iterator[Part]:
        self._piece += len(chunk)
        try:
            self._parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            yield from self._parts()
            raise BrokenError(error) from None
        yield from self._parts()
        if self._piece > MAX_PIECE:
            raise SourceRefusedError(
                f"Item {self._items + 1} of the export is larger than {MAX_PIECE // 1_000_000} MB. "
                "No article is that long; nothing was imported."
            )

    def close(self) -> Iterator[Part]:
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            yield from self._parts()
            raise BrokenError(error) from None
        yield from self._parts()

    def _parts(self) -> Iterator[Part]:
        for _, read in self._parser.read_events():
            element: Any = read
            name = _local(element.tag)
            if name == "comment":
                self._piece = 0
                self._take_comment(element)
                continue
            above = element.getparent()
            if name == "item":
                self._piece = 0
                self._items += 1
                item = self._item(element)
                yield from self._forget_before(element, above)
                yield item
            elif above is not None and _local(above.tag) == "channel":
                self._piece = 0
                part = _declared(name, element)
                yield from self._forget_before(element, above)
                if part is not None:
                    yield part

    def _forget_before(self, element: Any, above: Any) -> Iterator[Part]:
        """Empty an element and drop those before it; the channel's own title and link are among these."""
        element.clear(keep_tail=False)
        if above is None:
            return
        while (before := element.getprevious()) is not None:
            if (name := _local(before.tag)) in {"title", "link"} and before.text:
                yield Channel(name, before.text.strip())
            above.remove(before)

    def _take_comment(self, element: Any) -> None:
        if not self._leaves_out_comments:
            self._spool.append(_comment(element))
        element.clear(keep_tail=False)
        if self._last_comment is not None:  # removed only now: the parser still stands behind this one
            above = self._last_comment.getparent()
            if above is not None:
                above.remove(self._last_comment)
        self._last_comment = element

    def _item(self, element: Any) -> Item:
        item = Item(number=self._items, line=element.sourceline or 0, comments=self._spool)
        self._spool, self._last_comment = CommentSpool(), None
        for child in element:
            name = _local(child.tag)
            if name in _ITEM_FIELDS:
                setattr(item, _ITEM_FIELDS[name], _text(child))
            elif name == "encoded":
                setattr(item, "excerpt" if "excerpt" in child.tag else "content", _text(child))
            elif name == "category":
                item.terms.append(
                    Term(child.get("domain", "category"), child.get("nicename", ""), _text(child).strip())
                )
            elif name == "postmeta":
                pair = {_local(each.tag): _text(each) for each in child}
                item.meta.setdefault(pair.get("meta_key", ""), pair.get("meta_value", ""))
        for name in _STRIPPED:
            setattr(item, name, getattr(item, name).strip())
        return item


_STRIPPED = sorted(set(_ITEM_FIELDS.values()) - {"title"})
_COMMENT_FIELDS: Final = {
    "comment_id": "comment_id",
    "comment_author": "author",
    "comment_author_email": "email",
    "comment_author_url": "url",
    "comment_date": "date",
    "comment_date_gmt": "date_gmt",
    "comment_content": "content",
    "comment_approved": "approved",
    "comment_type": "kind",
    "comment_parent": "parent",
}


def _comment(element: Any) -> RawComment:
    return RawComment(
        **{_COMMENT_FIELDS[name]: _text(e) for e in element if (name := _local(e.tag)) in _COMMENT_FIELDS}
    )


def _declared(name: str, element: Any) -> Part | None:
    """What stands in the channel beside its items."""
    fields = {_local(child.tag): _text(child).strip() for child in element}
    match name:
        case "author":
            login = fields.get("author_login", "")
            names = f"{fields.get('author_first_name', '')} {fields.get('author_last_name', '')}".strip()
            return WrittenBy(login, fields.get("author_display_name") or names or login)
        case "category" if fields:
            slug = fields.get("category_nicename", "")
            return Term(
                "category",
                slug,
                fields.get("cat_name") or slug,
                fields.get("category_parent", ""),
                fields.get("category_description", ""),
                fields.get("term_id", ""),
            )
        case "tag":
            slug = fields.get("tag_slug", "")
            return Term("post_tag", slug, fields.get("tag_name") or slug)
        case "term":
            slug = fields.get("term_slug", "")
            return Term(
                fields.get("term_taxonomy", ""),
                slug,
                fields.get("term_name") or slug,
                fields.get("term_parent", ""),
                fields.get("term_description", ""),
                fields.get("term_id", ""),
            )
        case "wxr_version" | "base_site_url" | "base_blog_url":
            return Channel(name, _text(element).strip())
    return None


_names: dict[str, str] = {}


def _local(tag: Any) -> str:
    name = _names.get(tag)
    if name is None:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(_names) < 1_000:  # noqa: PLR2004 - an export knows some sixty names
            _names[tag] = name
    return name


def _text(element: Any) -> str:
    if len(element):
        return "".join(element.itertext())
    return element.text or ""
