"""Pictures and other files that were stored, for readers."""

from __future__ import annotations

import os
import re
import stat
from datetime import timedelta
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.http import require_safe

from coranto.delivery import pages
from coranto.delivery.tags import Carried
from coranto.masthead.rules.pictures import MEDIA_TYPES

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

# Documents are given out by Wagtail's own view, which asks who may read them; uploads in progress to nobody.
PRIVATE = frozenset({"documents", "wagtail_uploads"})

# A name as `rules.pictures.random_name` makes it never means another file.
_FOREVER = re.compile(r"[0-9a-f]{32}\.")
_IMMUTABLE = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=300"
_LIFE_IMMUTABLE, _LIFE_SHORT = timedelta(days=1), timedelta(minutes=1)

# What a file holds never runs as a page of ours, whatever a browser takes it for.
_POLICY = "default-src 'none'; sandbox; style-src 'none'"


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file below MEDIA_ROOT: pictures are shown, all else is downloaded."""
    path = _find(name)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Http404
        etag, modified = f'"{found.st_mtime_ns:x}-{found.st_size:x}"', int(found.st_mtime)
        response = get_conditional_response(request, etag, modified) or _answer(request, path, found.st_size)
    except (OSError, ValueError) as error:  # no such file, a name too long for one, a zero byte in it
        raise Http404 from error
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified)
    is_immutable = _FOREVER.match(path.name)
    response["Cache-Control"] = _IMMUTABLE if is_immutable else _SHORT
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICY
    if response.has_header("X-Sendfile"):
        pages.offer(response, carried=Carried(), life=_LIFE_IMMUTABLE if is_immutable else _LIFE_SHORT)
        response["Coranto-View"] = "media"
    return response


def _find(name: str) -> Path:
    """Where the file would lie; the real path decides, not what the address says."""
    root = os.path.realpath(settings.MEDIA_ROOT)
    try:
        path = os.path.realpath(os.path.join(root, name))  # noqa: PTH118 - Path.resolve may raise RuntimeError
    except (OSError, ValueError) as error:
        raise Http404 from error
    if os.path.commonpath([root, path]) != root:
        raise Http404
    parts = PurePath(path).relative_to(root).parts
    if not parts or parts[0].lower() in PRIVATE or any(part.startswith(".") for part in parts):
        raise Http404
    return Path(path)


def _answer(request: HttpRequest, path: Path, size: int) -> HttpResponseBase:
    media_type = MEDIA_TYPES.get(path.suffix.lower().lstrip("."))
    content_type = media_type or "application/octet-stream"
    response: HttpResponseBase
    if pages.is_behind_edge(request):  # which sends the file itself, in ranges and while others wait
        response = HttpResponse(content_type=content_type, headers={"X-Sendfile": str(path)})
    elif request.method == "HEAD":
        response = HttpResponse(content_type=content_type)
    else:
        response = FileResponse(path.open("rb"), content_type=content_type)
    if not response.has_header("X-Sendfile"):
        response["Content-Length"] = str(size)
    response["Content-Disposition"] = content_disposition_header(media_type is None, path.name) or "inline"
    return response
