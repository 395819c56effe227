"""Static files with a fingerprint of their content in the address, without a build step."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class FingerprintedStaticFiles(StaticFilesStorage):
    """`theme.css` is linked as `theme.css?v=1f0c…`: a changed file has a new address, so none is ever stale."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        fingerprint = _fingerprint(name) if name and "?" not in name else ""
        return f"{address}?v={fingerprint}" if fingerprint else address


def fingerprint_of(address: str) -> str:
    """The fingerprint of the static file at this path of ours; empty where there is none."""
    return _fingerprint(address.removeprefix(settings.STATIC_URL))


@cache
def _fingerprint(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        return ""
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]
