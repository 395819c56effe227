"""The first reading of an export: is it whole, what is in it, and what stands where."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from coranto.importers.documents import (
    AuthorRead,
    PictureRead,
    SectionRead,
    SiteRead,
    Skipped,
    SourceRefusedError,
    TopicRead,
)
from coranto.importers.rules.addresses import file_path_of, host_of, path_of
from coranto.importers.rules.slugs import clean_slug
from coranto.importers.wordpress import dates
from coranto.importers.wordpress.reading import Channel, Item, Term, WrittenBy
from coranto.kit.html import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.importers.documents import Kind

UNCATEGORISED: Final = "uncategorized"
PICTURE_TYPES: Final = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".gif", ".webp", ".avif"})
_TAKEN_STATES: Final = frozenset({"publish", "future", "draft", "pending", "private", ""})
_REASONS: Final = {
    "nav_menu_item": "a line of a menu: menus are arranged in the settings",
    "wp_block": "a reusable block: its content stands in the texts that use it",
    "revision": "an earlier revision",
    "custom_css": "styles of the old theme",
    "customize_changeset": "settings of the old theme",
    "oembed_cache": "a cache",
}


def kind_of(item: Item) -> Kind | Skipped:
    """What an item becomes, or why it is not taken."""
    kind = item.post_type or "post"
    match kind:
        case "post" | "page":
            if item.status not in _TAKEN_STATES:
                reason = "in the bin" if item.status == "trash" else f"its state is {item.status!r}"
                return Skipped(item.key, kind, reason)
            return "article" if kind == "post" else "page"
        case "attachment":
            suffix = PurePosixPath(file_path_of(item.attachment_url)).suffix.lower()
            if not item.attachment_url:
                return Skipped(item.key, kind, "a file without an address")
            if suffix not in PICTURE_TYPES:
                return Skipped(item.key, kind, f"no picture we can show: {suffix or 'a file without a type'}")
            return "picture"
    reason = _REASONS.get(kind) or (
        "a part of the old theme" if kind.startswith("wp_") else f"a type of its own: {kind}"
    )
    return Skipped(item.key, kind, reason)


@dataclass(slots=True)
class Survey:
    """What the second reading needs of the first."""

    site: SiteRead
    reusable: dict[str, str] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)
    category_ids: dict[str, str] = field(default_factory=dict)
    author_keys: dict[str, str] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)


class Surveyor:
    """Takes the parts of an export one by one; `finish` says what was found."""

    def __init__(self) -> None:
        self.survey = Survey(SiteRead(name="", url=""))
        self._channel: dict[str, str] = {}
        self._authors: dict[str, AuthorRead] = {}
        self._sections: dict[str, SectionRead] = {}
        self._topics: dict[str, TopicRead] = {}
        self._others: dict[str, str] = {}  # paths may be resolved only when the site's address is known
        self._attachments: list[tuple[PictureRead, str]] = []
        self._seen: set[str] = set()
        self._looks_like_wordpress = False

    def take(self, parts: Iterable[object]) -> None:
        for part in parts:
            match part:
                case Item():
                    self._take_item(part)
                case Term():
                    self._take_term(part, declared=True)
                case WrittenBy():
                    self._take_author(part.login, part.name)
                case Channel():
                    self._channel.setdefault(part.name, part.value)
                    self._looks_like_wordpress |= part.name == "wxr_version"

    def _take_item(self, item: Item) -> None:
        site = self.survey.site
        site.items += 1
        self._looks_like_wordpress |= bool(item.post_type and item.post_id)
        if item.key in self._seen:
            return  # the second reading says so
        self._seen.add(item.key)
        kind = kind_of(item)
        self.survey.kinds[kind if isinstance(kind, str) else item.post_type] += 1
        if isinstance(kind, Skipped):
            if item.post_type == "wp_block":
                self.survey.reusable[item.key] = item.content
            return
        site.ids[item.key] = kind
        if item.link:
            self._others.setdefault(item.link, item.key)
        if kind == "picture":
            self._take_picture(item)
            return
        for term in item.terms:
            self._take_term(term, declared=False)
        if kind == "article" and not any(term.domain == "category" for term in item.terms):
            self._sections.setdefault(UNCATEGORISED, SectionRead(UNCATEGORISED, "Uncategorized", UNCATEGORISED))
        if item.creator:
            self._take_author(item.creator, item.creator)

    def _take_picture(self, item: Item) -> None:
        caption = " ".join(text_of(item.excerpt or item.content).split())
        self._attachments.append(
            (
                PictureRead(
                    key=item.key,
                    url=item.attachment_url,
                    title=" ".join(item.title.split())[:255],
                    caption=caption[:500],
                    alt=" ".join(item.meta.get("_wp_attachment_image_alt", "").split())[:500],
                    created_at=dates.of_item(item),
                ),
                item.post_parent,
            )
        )
        if item.post_parent not in {"", "0"}:
            self.survey.children.setdefault(item.post_parent, []).append(item.key)

    def _take_term(self, term: Term, *, declared: bool) -> None:
        key = term_key(term)
        if term.domain == "category":
            if declared or key not in self._sections:
                self._sections[key] = SectionRead(
                    key=key,
                    name=term.name or key,
                    slug=clean_slug(term.slug, term.name),
                    parent_key=clean_slug(term.parent) if term.parent else "",
                    description=" ".join(text_of(term.description).split())[:300],
                )
            if term.term_id:
                self.survey.category_ids[term.term_id] = key
        elif term.domain in {"post_tag", "tag"}:
            self._topics.setdefault(key, TopicRead(key, term.name or key, clean_slug(term.slug, term.name, length=100)))
        elif term.domain in {"author", "ppma_author"}:
            self._take_author(author_key(term.slug), term.name or term.slug)
        elif declared and term.domain not in {"nav_menu", "post_format"}:
            self.survey.remarks[f"the taxonomy {term.domain!r} has no counterpart; its terms were left out"] += 1

    def _take_author(self, login: str, name: str) -> None:
        """An e-mail address, which some sites use as a login, is never published."""
        name = " ".join(name.split())
        shown = name.partition("@")[0] if "@" in name else name
        slug = clean_slug(shown if "@" in login else login, shown, length=150)
        key = self.survey.author_keys.get(login) or self.survey.author_keys.get(slug)
        if key is None:
            key = login
            self._authors[key] = AuthorRead(key, (shown or slug)[:150], slug)
        self.survey.author_keys.setdefault(login, key)
        self.survey.author_keys.setdefault(slug, key)

    def finish(self) -> Survey:
        if not self._looks_like_wordpress:
            raise SourceRefusedError(
                "The file is an RSS feed, but no WordPress export: it names no WXR version and its items no "
                "post type. Expected the XML file that WordPress writes under Tools → Export."
            )
        site = self.survey.site
        site.url = self._url()
        parts = urlsplit(site.url)
        prefix = path_of(site.url).rstrip("/")
        site.name = (
            f"wordpress:{host_of(site.url)}{prefix}"
            if parts.hostname
            else (f"wordpress:{clean_slug(self._channel.get('title', ''), 'site')}")
        )
        site.title = " ".join(self._channel.get("title", "").split())
        site.hosts = self._hosts()
        site.authors = list(self._authors.values())
        site.sections = list(self._sections.values())
        site.topics = list(self._topics.values())
        for link, key in self._others.items():
            if not host_of(link) or host_of(link) in site.hosts:
                path = path_of(link)
                if path != (prefix or "/"):
                    site.targets.setdefault(path, (site.ids[key], key))
        for picture, _ in self._attachments:
            site.pictures.append(picture)
            site.targets.setdefault(file_path_of(picture.url), ("picture", picture.key))
        self._attachments.clear()
        site.section_paths = {key: self._category_paths(key, prefix) for key in self._sections}
        site.topic_paths = {key: [f"{prefix}/tag/{each.slug}"] for key, each in self._topics.items()}
        site.author_paths = {key: [f"{prefix}/author/{each.slug}"] for key, each in self._authors.items()}
        return self.survey

    def _url(self) -> str:
        """The site's own address; `base_site_url` is that of the network the site belongs to."""
        names = ("base_blog_url", "link", "base_site_url")
        return next((url for name in names if host_of(url := self._channel.get(name, ""))), "")

    def _hosts(self) -> frozenset[str]:
        hosts = {host_of(self._channel.get(name, "")) for name in ("base_blog_url", "link")} - {""}
        hosts = hosts or {host_of(self._url())} - {""}
        # WordPress.com keeps the files of example.wordpress.com there.
        hosted = {
            host.removesuffix(".wordpress.com") + ".files.wordpress.com"
            for host in hosts
            if host.endswith(".wordpress.com")
        }
        return frozenset(hosts | hosted)

    def _category_paths(self, key: str, prefix: str) -> list[str]:
        chain, seen = [self._sections[key].slug], {key}
        above = self._sections[key].parent_key
        while above in self._sections and above not in seen:
            seen.add(above)
            chain.insert(0, self._sections[above].slug)
            above = self._sections[above].parent_key
        return list(dict.fromkeys([f"{prefix}/category/{'/'.join(chain)}", f"{prefix}/category/{chain[-1]}"]))


def term_key(term: Term) -> str:
    return clean_slug(term.slug, term.name, length=100 if term.domain in {"post_tag", "tag"} else 200)


def author_key(nicename: str) -> str:
    """Co-Authors Plus marks the terms it makes of authors."""
    return nicename.removeprefix("cap-")
