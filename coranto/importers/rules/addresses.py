"""Addresses of another site: which are its own, and what stands at them."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIZE = re.compile(r"(?:-\d+x\d+|-scaled|-rotated|-e\d{9,})+(?=\.\w+$)")


def host_of(url: str) -> str:
    """The host name in lower case without `www.`; empty where there is none."""
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def path_of(url: str) -> str:
    """The decoded path with the query that matters, without a slash at its end: `/2020/05/a`, `/?p=7`, `/`."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    path = "/" + unquote(parts.path).strip("/")
    return f"{path}?{parts.query}" if parts.query and path == "/" else path


def file_path_of(url: str) -> str:
    """The decoded path of a file, as it may be found below a folder; `..` cannot lead out of it."""
    try:
        path = unquote(urlsplit(url.strip()).path)
    except ValueError:
        return ""
    return posixpath.normpath("/" + path.replace("\\", "/").replace("\0", ""))


def original_path(path: str) -> str:
    """The path of the picture of which this is a smaller or edited copy: `/a-300x200.jpg` → `/a.jpg`."""
    return _SIZE.sub("", path)


@dataclass(frozen=True, slots=True)
class OldSite:
    """Where links of a site lead: `hosts` are its own, without `www.`; `targets` by path; `ids` by key."""

    url: str
    hosts: frozenset[str]
    targets: Mapping[str, tuple[str, str]]
    ids: Mapping[str, str] = field(default_factory=dict)

    def absolute(self, url: str) -> str:
        """An address as a browser on the old site would understand it."""
        url = url.strip()
        try:
            return url if urlsplit(url).scheme else urljoin(self.url.rstrip("/") + "/", url)
        except ValueError:
            return url

    def is_own(self, url: str) -> bool:
        return host_of(url) in self.hosts

    def target(self, url: str) -> tuple[str, str] | None:
        """Kind and key of the item at an absolute address of this site; nothing for an address it never had."""
        if not self.is_own(url):
            return None
        found = self.targets.get(path_of(url))
        if found:
            return found
        try:
            query = parse_qs(urlsplit(url).query)
        except ValueError:
            return None
        for name in ("p", "page_id", "attachment_id"):
            key = query.get(name, [""])[0]
            if key in self.ids:
                return self.ids[key], key
        return None
