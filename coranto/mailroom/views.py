"""Where mail servers and providers report mail that came back."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from coranto.kit.origins import open_to_others
from coranto.mailroom import operations
from coranto.mailroom.rules.servers import ANYMAIL

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

_LONGEST: Final = 2_000_000
_TEXT: Final = "text/plain; charset=utf-8"


@csrf_exempt
@open_to_others
@never_cache
@require_POST
def mail_hook(request: HttpRequest) -> HttpResponse:
    """A message that came to the bounce address, raw (RFC 5322), from whoever knows the secret.

    Answers 200 with a word whatever it was: a mail server would deliver what is refused again and again.
    """
    if not settings.MAIL_HOOK_SECRET:
        raise Http404
    if not constant_time_compare(_secret_of(request), settings.MAIL_HOOK_SECRET):
        return _say("Say the secret: Authorization: Bearer …", status=403)
    if not _length_of(request) <= _LONGEST:
        return _say(f"A report has at most {_LONGEST} bytes.", status=413)
    # Before `request.body`, which gives up far later.
    raw = request.read(_LONGEST + 1)
    if len(raw) > _LONGEST:
        return _say(f"A report has at most {_LONGEST} bytes.", status=413)
    return _say(operations.receive_report(raw=raw, sent_to=request.GET.get("to", "")[:320]).word)


def _say(words: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{words}\n", content_type=_TEXT, status=status)


def _length_of(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return _LONGEST + 1


def _secret_of(request: HttpRequest) -> str:
    """As a bearer token or as the password of Basic (RFC 7617), which more programs can say."""
    scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


@csrf_exempt
@open_to_others
@never_cache
def provider_hook(request: HttpRequest, provider: str) -> HttpResponse:
    """What the provider that carries our mail reports; anymail checks its signature, and our secret in any case."""
    server = settings.MAIL_SERVER
    if not settings.MAIL_HOOK_SECRET or server.kind != ANYMAIL or provider != server.provider:
        raise Http404
    view = _tracking_view(provider)
    if view is None:
        raise Http404
    return view(request)


def _tracking_view(provider: str) -> Callable[..., HttpResponse] | None:
    for pattern in import_string("anymail.urls.urlpatterns"):
        if str(pattern.pattern) == f"{provider}/tracking/":
            return pattern.callback
    return None
