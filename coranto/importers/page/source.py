"""Saved pages, one file or a folder of them, as the articles they hold: drafts, with notes of what was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from coranto.importers.documents import ArticleRead, AuthorRead, SectionRead, SiteRead, Skipped, SourceRefusedError
from coranto.importers.page import files, labels
from coranto.importers.page.assembling import assemble
from coranto.importers.page.notes import note_of
from coranto.importers.page.opening import open_page
from coranto.importers.page.pages import articles_of
from coranto.importers.page.pictures import PageFiles, PictureFinder
from coranto.importers.rules.addresses import host_of, path_of
from coranto.importers.rules.digests import digest_of
from coranto.importers.rules.slugs import clean_slug

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from datetime import datetime
    from pathlib import Path

    from coranto.importers.documents import Document
    from coranto.importers.page.metadata import Metadata
    from coranto.importers.page.reading import Article

# All saved pages are one source: whichever way a page was saved or handed over, its articles are known again.
NAME: Final = "page"
UNCATEGORISED: Final = "uncategorized"


@dataclass(slots=True)
class _Found:
    """An article with where it was read; `name` is its file's, below the folder given."""

    article: Article
    told: Metadata
    page: PageFiles
    name: str
    place: int
    of: int
    is_common: frozenset[str]
    key: str = ""


class SavedPages:
    """The articles of a saved page, or of every page in a folder. `articles` is what was read, as plain data."""

    def __init__(self, path: Path, *, now: datetime, media: Path | None = None, fetches: bool = False) -> None:
        self._path, self._now = path, now
        self._finder = PictureFinder(media, fetches)
        self._reads: list[ArticleRead | Skipped] = []
        self.articles: list[dict[str, Any]] = []
        self.remarks: Counter[str] = Counter()

    def survey(self, progress: Callable[[int], None]) -> SiteRead:
        site = SiteRead(name=NAME, url="")
        found: list[_Found] = []
        for path, name in files.pages_in(self._path):
            if isinstance(path, str):
                self._reads.append(Skipped(name, "file", path))
                continue
            try:
                found += self._read(path, name, site)
            except SourceRefusedError as error:
                if not self._path.is_dir():
                    raise
                self._reads.append(Skipped(name, "file", str(error)))
            progress(path.stat().st_size)
        if not found and not self._reads:
            raise SourceRefusedError(f"There is no saved page in {self._path}.")
        self._take(self._once_each(found), site)
        site.pictures = list(self._finder.found.values())
        site.items = len(self._reads) + len(site.pictures)
        return site

    def documents(self, progress: Callable[[int], None], *, only: Container[str] | None = None) -> Iterator[Document]:
        for read in self._reads:
            if only is None or (isinstance(read, ArticleRead) and read.key in only):
                progress(len(read.html) if isinstance(read, ArticleRead) else 0)
                yield read

    # Reading --------------------------------------------------------------------------------------------------

    def _read(self, path: Path, name: str, site: SiteRead) -> list[_Found]:
        saved = open_page(path)
        articles, told = articles_of(saved)
        if not articles:
            raise SourceRefusedError(f"{name} shows no article: no text was found that is longer than its labels.")
        self.articles += [{**article.as_data(), "file": name} for article in articles]
        site.title = site.title or told.site
        if told.url:
            site.hosts |= {host_of(told.url)}
        counts = Counter(section for article in articles for section in set(article.head.sections))
        common = frozenset(each for each, count in counts.items() if count == len(articles) > 1)
        page = PageFiles(path, told.url or saved.url, saved.parts)
        return [
            _Found(article, told, page, name, place, len(articles), common) for place, article in enumerate(articles, 1)
        ]

    def _once_each(self, found: list[_Found]) -> list[_Found]:
        """Pages that load more as one scrolls hold each other's articles: the fullest text of each is taken."""
        chosen: dict[str, _Found] = {}
        for each in found:
            same = chosen.get(_likeness(each.article))
            if same is None:
                chosen[_likeness(each.article)] = each
                continue
            fuller, other = (
                (each, same) if len(each.article.paragraphs) > len(same.article.paragraphs) else (same, each)
            )
            chosen[_likeness(each.article)] = fuller
            self._reads.append(
                Skipped(f"{other.name}#{other.place}", "article", f"the same article is in {fuller.name}")
            )
        return list(chosen.values())

    # Writing down -----------------------------------------------------------------------------------------------

    def _take(self, found: list[_Found], site: SiteRead) -> None:
        keys: Counter[str] = Counter()
        for each in found:
            key = self._address(each) or f"{each.name}/{clean_slug(each.article.head.title, length=150)}"
            keys[key] += 1
            each.key = key[:290] if keys[key] == 1 else f"{key[:285]}-{keys[key]}"
            address = self._address(each)
            if address:
                site.targets.setdefault(path_of(f"https://{address}"), ("article", each.key))
            site.ids[each.key] = "article"
        known = {labels.fold(each.article.head.title): each.key for each in found}
        self._reads += [self._as_read(each, known, site) for each in found]

    def _address(self, found: _Found) -> str:
        """Where the article itself was: host and path; empty where nobody says."""
        from urllib.parse import urljoin

        url = found.told.url if found.of == 1 else ""
        if found.article.head.target and found.told.url:
            url = urljoin(found.told.url, found.article.head.target)
        host, path = host_of(url), path_of(url) if url else ""
        return f"{host}{path}" if host and path not in {"", "/"} and host == host_of(found.told.url) else ""

    def _as_read(self, found: _Found, known: dict[str, str], site: SiteRead) -> ArticleRead:
        article, head = found.article, found.article.head
        made = assemble(article, files=found.page, finder=self._finder, known=known)
        published = head.published if head.published and head.published <= self._now else None
        title = head.title if len(head.title) <= 255 else head.title[:254].rstrip() + "\u2026"
        read = ArticleRead(
            key=found.key,
            headline=title or _("(untitled)"),
            slug=clean_slug(head.title, found.name),
            html=made.html,
            digest="",
            standfirst=head.standfirst if len(head.standfirst) <= 500 else head.standfirst[:499].rstrip() + "\u2026",
            live=False,
            first_published_at=published,
            author_keys=[self._author(name, site) for name in head.people],
            section_keys=self._sections(found, site),
            picture_key=made.picture_key,
            picture_caption=made.picture_caption,
            old_paths=[path_of(f"https://{address}")] if (address := self._address(found)) else [],
            other_keys=[_likeness(article)],
            credits=[head.credit] if head.credit else [],
            views=head.views,
            desk_note=note_of(article, made, file=found.name, place=found.place, of=found.of),
        )
        parts = {
            name: getattr(read, name)
            for name in ("headline", "standfirst", "html", "author_keys", "section_keys", "picture_key", "views")
        }
        credit = [[each.relation, list(each.people), each.outlet] for each in read.credits]
        return replace(read, digest=digest_of([parts, credit, str(published or "")]))

    def _author(self, name: str, site: SiteRead) -> str:
        name = name[:150]
        key = f"name:{labels.fold(name)}"
        if not any(each.key == key for each in site.authors):
            site.authors.append(AuthorRead(key, name, clean_slug(name, length=150), is_only_named=True))
        return key

    def _sections(self, found: _Found, site: SiteRead) -> list[str]:
        """Its sections; a label over everything, such as *Latest*, is none."""
        names = [each[:255] for each in found.article.head.sections if labels.bare(each) not in labels.LATEST]
        names = [each for each in names if each not in found.is_common] or names
        keys = []
        for name in names or ["Uncategorized"]:
            key = f"name:{labels.fold(name)}" if names else UNCATEGORISED
            if not any(each.key == key for each in site.sections):
                site.sections.append(SectionRead(key, name, clean_slug(name), is_only_named=True))
            keys.append(key)
        return list(dict.fromkeys(keys))


def _likeness(article: Article) -> str:
    """The same for the same article on whatever page: its headline and how it begins."""
    begins = "".join("".join(article.paragraphs[:1]).split())[:100]
    return f"like:{digest_of([labels.fold(article.head.title), begins])}"
