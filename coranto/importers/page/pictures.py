"""Pictures of saved pages: beside the page, within it, in the folder given, or on the site it came from."""

from __future__ import annotations

import base64
import binascii
import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urljoin

from coranto.importers.documents import PictureRead
from coranto.importers.rules.addresses import file_path_of, host_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_BYTES: Final = 40_000_000
# Smaller than any photograph: a blank, a bullet, a counter.
_MIN_BYTES: Final = 75
_INLINE: Final = "data:image/"


@dataclass(slots=True)
class PageFiles:
    """Where the pictures of one page may be: `path` is the page's file, `url` where it was, `parts` are saved in it."""

    path: Path
    url: str
    parts: Mapping[str, bytes]


@dataclass(slots=True)
class PictureFinder:
    """Finds pictures and remembers each once, by the digest of its bytes. Files outside the folders are not read."""

    media: Path | None = None
    fetches: bool = False
    found: dict[str, PictureRead] = field(default_factory=dict)
    _folder: tempfile.TemporaryDirectory[str] | None = None

    def find(self, source: str, alt: str, page: PageFiles) -> PictureRead | None:
        """The picture of an `<img>`; nothing where its file is not to be had."""
        if not source:
            return None
        if source.startswith(_INLINE):
            data = _decoded(source)
            return self._keep(data, "picture", alt) if data else None
        for address in (source, urljoin(page.url, source) if page.url else source):
            if address in page.parts:
                return self._keep(page.parts[address], file_path_of(address).rpartition("/")[2] or "picture", alt)
        file = self._beside(source, page.path) or self._in_media(source)
        if file is not None:
            return self._keep(file.read_bytes(), file.name, alt, file)
        return self._elsewhere(source, alt, page)

    def _keep(self, data: bytes, name: str, alt: str, file: Path | None = None) -> PictureRead | None:
        if not _MIN_BYTES <= len(data) <= _MAX_BYTES:
            return None
        key = hashlib.sha256(data).hexdigest()
        if key not in self.found:
            if file is None:
                if self._folder is None:
                    self._folder = tempfile.TemporaryDirectory(prefix="coranto-page-")
                file = Path(self._folder.name, key)
                file.write_bytes(data)
            self.found[key] = PictureRead(key, name, title=Path(name).stem[:255], alt=alt[:500], file=file)
        return self.found[key]

    def _elsewhere(self, source: str, alt: str, page: PageFiles) -> PictureRead | None:
        url = urljoin(page.url, source) if page.url else source
        if not self.fetches or not page.url or host_of(url) != host_of(page.url) or not host_of(url):
            return None
        key = f"url:{url}"[:300]
        return self.found.setdefault(key, PictureRead(key, url, alt=alt[:500]))

    def _beside(self, source: str, page: Path) -> Path | None:
        """A file saved beside the page, by its address within the page's folder."""
        if "://" in source or source.startswith("//"):
            return None
        relative = unquote(source.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]).lstrip("/")
        for wanted in (source.lstrip("/"), relative):
            found = _within(page.parent, wanted)
            if found is not None:
                return found
        return None

    def _in_media(self, source: str) -> Path | None:
        if self.media is None:
            return None
        parts = file_path_of(source).strip("/").split("/")
        candidates = (_within(self.media, "/".join(parts[start:])) for start in range(len(parts)))
        return next((each for each in candidates if each is not None), None)


def _within(folder: Path, name: str) -> Path | None:
    try:
        path = (folder / name).resolve()
        if name and path.is_relative_to(folder.resolve()) and path.is_file() and path.stat().st_size <= _MAX_BYTES:
            return path
    except (OSError, ValueError):
        pass
    return None


def _decoded(url: str) -> bytes:
    head, _, data = url.partition(",")
    if not head.endswith(";base64"):
        return b""
    try:
        return base64.b64decode(unquote(data), validate=False)
    except (binascii.Error, ValueError):
        return b""
