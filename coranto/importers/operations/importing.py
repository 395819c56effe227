"""One import from beginning to end: groundwork, pictures, then articles and pages batch by batch.

Each batch is one transaction: articles, their comments, redirects and the rows by which they are known again.
So an import may be killed at any moment; the next one goes on where it ended.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from coranto.delivery import operations as delivery
from coranto.importers.documents import ArticleRead, PageRead, Skipped
from coranto.importers.operations.articles import ArticleWriter
from coranto.importers.operations.desk import Desk
from coranto.importers.operations.groundwork import lay_groundwork
from coranto.importers.operations.ledger import Ledger
from coranto.importers.operations.pages import PageWriter
from coranto.importers.operations.pictures import MediaFolder, Pictures, Where
from coranto.importers.operations.redirects import add_redirects
from coranto.importers.rules.addresses import OldSite

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from coranto.importers.documents import SiteRead, Source
    from coranto.importers.rules.reports import Report
    from coranto.kit.fetch import Fetcher

_BATCH: Final = 150


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """`media`: a folder with the source's files. `fetcher` makes what asks the source's own site; none: nobody."""

    media: Path | None = None
    fetcher: Callable[[], Fetcher] | None = None
    is_dry_run: bool = False


def import_site(
    *, source: Source, settings: ImportSettings, report: Report, progress: Callable[[int], None], now: datetime
) -> None:
    """Import everything a source holds; `report` says what was done with each item.

    Raises `SourceRefusedError` before anything is written. A dry run does the same work in one transaction,
    which is rolled back, and writes no file.
    """
    site = source.survey(progress)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # a mapped database counts as this process's memory, page by page
            cursor.execute("PRAGMA mmap_size=0")
    report.items["read"] = site.items
    if settings.is_dry_run:
        with transaction.atomic():
            _run(source=source, site=site, settings=settings, report=report, progress=progress, now=now)
            transaction.set_rollback(True)
    else:
        _run(source=source, site=site, settings=settings, report=report, progress=progress, now=now)
        # Each batch has said what it changed; whatever nobody thought of ends here.
        delivery.purge_everything()
    report.remarks.update(source.remarks)


def _run(
    *,
    source: Source,
    site: SiteRead,
    settings: ImportSettings,
    report: Report,
    progress: Callable[[int], None],
    now: datetime,
) -> None:
    ledger = Ledger(site.name, now=now)
    targets: dict[str, tuple[str, str]] = {path: (kind, key) for path, (kind, key) in site.targets.items()}
    for key, paths in site.section_paths.items():
        for path in paths:
            targets.setdefault(path, ("section", key))
    old = OldSite(url=site.url, hosts=site.hosts, targets=targets, ids=site.ids)
    ground = lay_groundwork(site=site, ledger=ledger, report=report)
    pictures = Pictures(
        old=old,
        reads=site.pictures,
        ledger=ledger,
        report=report,
        where=Where(MediaFolder(settings.media) if settings.media else None, settings.fetcher),
        is_dry_run=settings.is_dry_run,
        now=now,
    )
    pictures.take_items()
    desk = Desk(ground, old, ledger, pictures, report, now)
    _redirect_archives(site, desk)
    _Run(source, desk).documents(progress)


def _redirect_archives(site: SiteRead, desk: Desk) -> None:
    """The lists by category, tag and author that the source had at addresses of its own."""
    ground = desk.ground
    with transaction.atomic():
        add_redirects(
            (
                *(
                    (p, ground.sections[key].address, ground.sections[key].pk)
                    for key, ps in site.section_paths.items()
                    for p in ps
                ),
                *((p, ground.topics[key].address, None) for key, ps in site.topic_paths.items() for p in ps),
                *((p, ground.authors[key].address, None) for key, ps in site.author_paths.items() for p in ps),
            ),
            taken=desk.top_slugs(),
            report=desk.report,
        )


class _Run:
    """The readings of a source after the survey.

    What links to an item that is not written yet waits for a second reading; by then almost all are. Of two
    that link to each other one is written without that link, and gets it in a third.
    """

    def __init__(self, source: Source, desk: Desk) -> None:
        self._source, self._report = source, desk.report
        self._articles, self._pages = ArticleWriter(desk), PageWriter(desk)

    def documents(self, progress: Callable[[int], None]) -> None:
        waiting = self._read(progress, only=None, may_wait=True)
        if waiting:
            rest = self._read(_nothing, only=waiting, may_wait=False)
            if rest:
                self._read(_nothing, only=rest, may_wait=False, is_again=True)

    def _read(
        self, progress: Callable[[int], None], *, only: frozenset[str] | None, may_wait: bool, is_again: bool = False
    ) -> frozenset[str]:
        """One reading; keys of the items that could not be finished in it."""
        unfinished: set[str] = set()
        batch: list[ArticleRead] = []
        for document in self._source.documents(progress, only=only):
            match document:
                case ArticleRead():
                    batch.append(document)
                    if len(batch) >= _BATCH:
                        unfinished |= self._articles.write(batch, may_wait=may_wait, is_again=is_again)
                        batch = []
                        # Pages and their children refer to each other: 16 kB an article that would stay for long.
                        gc.collect()
                case PageRead():
                    unfinished |= self._pages.write(document, may_wait=may_wait, is_again=is_again)
                case Skipped() if only is None:
                    self._report.skip(kind=document.kind, source_id=document.key, reason=document.reason)
                    self._report.items["skipped"] += 1
        if batch:
            unfinished |= self._articles.write(batch, may_wait=may_wait, is_again=is_again)
        return frozenset(unfinished)


def _nothing(_count: int) -> None:
    pass
