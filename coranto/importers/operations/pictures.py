"""Pictures: from the folder given, or from the source's own site, guarded; each is looked for once."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.db import transaction

from coranto.importers.documents import PictureRead
from coranto.importers.rules.addresses import OldSite, file_path_of, host_of, original_path
from coranto.kit.fetch import Fetcher, FetchError
from coranto.masthead.models import Picture
from coranto.masthead.operations.pictures import PictureDraft, PictureRefused, store_pictures
from coranto.masthead.rules.pictures import PictureProblem, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from coranto.importers.operations.ledger import Ledger
    from coranto.importers.rules.reports import Report

KIND: Final = "picture"
MAX_BYTES: Final = 40_000_000
DEADLINE: Final = 30.0
_BATCH: Final = 20
_AT_ONCE: Final = 4
# A site that does not answer so often in a row is gone: a thousand more questions would only take time.
_PATIENCE: Final = 8

Found = tuple[PictureRead, Path | str]


class MediaFolder:
    """A folder with the source's files: its uploads folder, or one above or beside it."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._by_name: dict[str, list[Path]] | None = None

    def find(self, url: str) -> Path | None:
        """The file of an address: by its path, by the end of it, or by a name that only one file has."""
        path = file_path_of(url)
        for wanted in dict.fromkeys((path, original_path(path))):
            parts = wanted.strip("/").split("/")
            for start in range(len(parts)):
                candidate = self._root.joinpath(*parts[start:])
                if self._is_inside(candidate):
                    return candidate
        for wanted in dict.fromkeys((path, original_path(path))):
            found = self._named(wanted.rpartition("/")[2])
            if len(found) == 1:
                return found[0]
        return None

    def _is_inside(self, path: Path) -> bool:
        try:
            return path.is_file() and path.resolve().is_relative_to(self._root)
        except (OSError, ValueError):
            return False

    def _named(self, name: str) -> list[Path]:
        if self._by_name is None:
            self._by_name = {}
            for folder, _, files in os.walk(self._root):
                for each in files:
                    self._by_name.setdefault(each, []).append(Path(folder, each))
        return [each for each in self._by_name.get(name, []) if self._is_inside(each)]


@dataclass(frozen=True, slots=True)
class Where:
    """Where pictures come from. Without `fetcher` nothing is fetched."""

    media: MediaFolder | None
    fetcher: Callable[[], Fetcher] | None


class Pictures:
    """The source's pictures and what became of each."""

    def __init__(
        self,
        *,
        old: OldSite,
        reads: Sequence[PictureRead],
        ledger: Ledger,
        report: Report,
        where: Where,
        is_dry_run: bool,
        now: datetime,
    ) -> None:
        self._old, self._ledger, self._report, self._where = old, ledger, report, where
        self._is_dry_run, self._now = is_dry_run, now
        self._reads = reads
        self._by_path = {file_path_of(each.url): each.key for each in reads}
        self._tried: set[str] = set()
        self._silent = 0
        self._files: dict[int, str] = {}

    def find(self, key: str, url: str) -> int | None:
        """The id of our picture for one of the source's, by key or by address."""
        if key and (found := self._ledger.target(KIND, key)) is not None:
            return found
        return self._ledger.target(KIND, self._key_of(url)) if url else None

    def address(self, key: str) -> str:
        """Where the file of a picture is here; empty when we have none."""
        pk = self._ledger.target(KIND, key)
        if pk is None:
            return ""
        if pk not in self._files:
            name = Picture.objects.filter(pk=pk).values_list("file", flat=True).first()
            self._files[pk] = Picture._meta.get_field("file").storage.url(name) if name else ""
        return self._files[pk]

    def _key_of(self, url: str) -> str:
        """The key of the picture at an address: an item's, or one made of the path."""
        url = self._old.absolute(url)
        if host_of(url) not in self._old.hosts:
            return ""
        path = file_path_of(url)
        return self._by_path.get(path) or self._by_path.get(original_path(path)) or f"file:{original_path(path)}"

    def take_items(self, progress: Callable[[int], None] = lambda _count: None) -> None:
        """All pictures of the media library, in batches, each batch in a transaction."""
        known = 0
        wanted = []
        for read in self._reads:
            if self._ledger.get(KIND, read.key):
                known += 1
            else:
                wanted.append(read)
        self._report.unchanged["images"] += known
        self._report.items["unchanged"] += known
        for start in range(0, len(wanted), _BATCH):
            self._take(wanted[start : start + _BATCH])
            progress(_BATCH)

    def take_mentioned(self, mentioned: Iterable[tuple[str, str]]) -> None:
        """Pictures that texts show and the media library does not list: exports of a part leave it out."""
        wanted: dict[str, PictureRead] = {}
        for key, url in mentioned:
            if not url or self.find(key, url) is not None:
                continue
            own_key = self._key_of(url)
            if own_key.startswith("file:") and own_key not in self._tried:
                wanted[own_key] = PictureRead(key=own_key, url=self._old.absolute(url), is_item=False)
        reads = list(wanted.values())
        for start in range(0, len(reads), _BATCH):
            self._take(reads[start : start + _BATCH])

    def _take(self, reads: Sequence[PictureRead]) -> None:
        self._tried.update(each.key for each in reads)
        with tempfile.TemporaryDirectory(prefix="coranto-import-") as folder:
            found = self._locate(reads, Path(folder))
            present = [(read, path) for read, path in found if isinstance(path, Path)]
            for read, reason in found:
                if isinstance(reason, str):
                    self._miss(read, reason)
            self._store(present)

    def _locate(self, reads: Sequence[PictureRead], folder: Path) -> list[Found]:
        """A file for each, or the reason why there is none. Never inside a transaction: it may ask the network."""
        found: list[Found] = []
        asked: list[PictureRead] = []
        for read in reads:
            path = read.file or (self._where.media.find(read.url) if self._where.media else None)
            if path is not None:
                found.append((read, path))
            elif host_of(self._old.absolute(read.url)) not in self._old.hosts:
                found.append((read, "it stands on another site, which is not asked"))
            elif self._where.fetcher is None or self._silent >= _PATIENCE:
                found.append(
                    (read, "the site does not answer" if self._where.fetcher else "no file in the folder given")
                )
            else:
                asked.append(read)
        if asked and self._where.fetcher is not None:
            with self._where.fetcher() as fetcher, ThreadPoolExecutor(_AT_ONCE) as threads:
                jobs = [(fetcher, read, folder / str(number)) for number, read in enumerate(asked)]
                found.extend(threads.map(lambda job: self._fetch(*job), jobs))
        return found

    def _fetch(self, fetcher: Fetcher, read: PictureRead, path: Path) -> Found:
        if self._silent >= _PATIENCE:
            return read, "the site does not answer"
        try:
            with path.open("wb") as file:
                fetcher.fetch_into(
                    file, self._old.absolute(read.url), accept=["image/*"], max_bytes=MAX_BYTES, deadline=DEADLINE
                )
        except FetchError as error:
            self._silent = self._silent + 1 if error.kind in {"network", "timeout", "address"} else 0
            return read, str(error)
        self._silent = 0
        return read, path

    def _miss(self, read: PictureRead, reason: str) -> None:
        self._report.missing.append({"source_id": read.key, "url": read.url, "reason": reason})
        if read.is_item:
            self._report.skip(kind="attachment", source_id=read.key, reason=f"the picture is missing: {reason}")
            self._report.items["skipped"] += 1

    @transaction.atomic
    def _store(self, found: Sequence[tuple[PictureRead, Path]]) -> None:
        drafts = [
            PictureDraft(
                source=path,
                file_name=file_path_of(read.url).rpartition("/")[2],
                title=read.title,
                caption=read.caption,
                credit=read.credit,
                alt=read.alt,
                created_at=read.created_at,
            )
            for read, path in found
        ]
        stored = _pretend(drafts) if self._is_dry_run else store_pictures(drafts=drafts, by=None, now=self._now)
        rows = []
        for (read, _), picture in zip(found, stored, strict=True):
            if isinstance(picture, PictureRefused):
                self._miss(read, picture.reason)
                continue
            rows.append((read.key, picture.pk, "", ""))
            self._report.created["images"] += 1
            if read.is_item:
                self._report.items["created"] += 1
            else:
                self._report.remarks["pictures that only texts mention were taken as well"] += 1
        self._ledger.write(KIND, rows)


def _pretend(drafts: Sequence[PictureDraft]) -> list[Picture | PictureRefused]:
    """What storing would say, with rows for the transaction that is rolled back and without a file."""
    stored: list[Picture | PictureRefused] = []
    for draft in drafts:
        data = draft.source.read_bytes() if isinstance(draft.source, Path) else draft.source
        try:
            judged = judge(BytesIO(data))
        except PictureProblem as problem:
            stored.append(PictureRefused(draft.file_name, problem.code, str(problem)))
        else:
            stored.append(
                Picture(
                    title=draft.file_name[:255],
                    file="original_images/not-stored",
                    width=judged.width,
                    height=judged.height,
                )
            )
    Picture.objects.bulk_create([each for each in stored if isinstance(each, Picture)])
    return stored
