"""What a view looks at while it makes a page: whatever is not the same for every reader is noted.

Noting is stricter than reading the code: a template tag, a library or next year's view that looks at a cookie keeps
its page out of the store without anybody having thought of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.http.request import HttpHeaders
from django.utils.functional import SimpleLazyObject

if TYPE_CHECKING:
    from django.http import HttpRequest

# By whom the request comes and what with; CGI calls some of it by other names (RFC 3875).
_PERSONAL: Final = frozenset({"REMOTE_ADDR", "REMOTE_HOST", "REMOTE_PORT", "REMOTE_USER", "AUTH_TYPE", "CSRF_COOKIE"})
# In the key under which a page is stored, dropped by the edge, or said by the edge itself.
_SHARED: Final = frozenset(
    {"HTTP_HOST", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_SURROGATE_CAPABILITY"}
)
# A page that names its own address with the scheme would be another one for https.
_SCHEME: Final = "wsgi.url_scheme"
# Whoever asks which there are learns from what is not there as well.
ALL: Final = "all there are"


@dataclass(slots=True)
class Watch:
    """What the view looked at, in the order of the first looks."""

    seen: dict[str, None] = field(default_factory=dict)

    def note(self, what: str) -> None:
        self.seen.setdefault(what)

    def __bool__(self) -> bool:
        return bool(self.seen)

    def __str__(self) -> str:
        return "the view looked at " + ", ".join(self.seen)


class _Watched(MutableMapping[str, Any]):
    """A mapping that notes who reads what; what is written goes through."""

    def __init__(self, under: MutableMapping[str, Any], note: Callable[[str], None]) -> None:
        self._under = under
        self._note = note

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return self._under[name]

    def __contains__(self, name: object) -> bool:
        self._note(str(name))
        return name in self._under

    def __setitem__(self, name: str, value: Any) -> None:
        self._under[name] = value

    def __delitem__(self, name: str) -> None:
        del self._under[name]

    def __iter__(self) -> Iterator[str]:
        self._note(ALL)
        return iter(self._under)

    def __len__(self) -> int:
        self._note(ALL)
        return len(self._under)

    def copy(self) -> dict[str, Any]:
        return dict(self)


class _WatchedHeaders(HttpHeaders):
    def __init__(self, meta: MutableMapping[str, Any], note: Callable[[str], None]) -> None:
        super().__init__(meta)
        self._note = note

    def __getitem__(self, name: str) -> str:
        self._note(self.to_wsgi_name(name))
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(self.to_wsgi_name(str(name)))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self._note(ALL)
        return super().__iter__()

    def __len__(self) -> int:
        self._note(ALL)
        return super().__len__()

    @staticmethod
    def to_wsgi_name(name: str) -> str:
        return f"HTTP_{name.replace('-', '_').upper()}"


@contextlib.contextmanager
def watching(request: HttpRequest) -> Iterator[Watch]:
    """Note what is looked at within; the request is itself again afterwards."""
    watch = Watch()
    meta, cookies = request.META, request.COOKIES
    put = _put_in_place(request, watch)
    try:
        yield watch
    finally:
        for name, value in put.items():
            # What the view has put in its place, a session it ended for one, stays.
            if request.__dict__.get(name) is value.instead:
                request.__dict__[name] = value.own
        request.META, request.COOKIES = meta, cookies
        request.__dict__.pop("headers", None)  # made anew from what the view may have changed
    if getattr(request, "_csp_nonce", None):
        watch.note("a nonce, which is good for one answer")
    if meta.get("CSRF_COOKIE_NEEDS_UPDATE"):
        watch.note("the CSRF token")


@dataclass(frozen=True, slots=True)
class _Replaced:
    own: Any
    instead: Any


def _noted(own: Any, watch: Watch, name: str) -> Any:
    watch.note(name)
    return own


def _put_in_place(request: HttpRequest, watch: Watch) -> dict[str, _Replaced]:
    """Put watched things in the place of the request's own."""

    def note_variable(name: str) -> None:
        if name in _PERSONAL or name in {_SCHEME, ALL} or (name.startswith("HTTP_") and name not in _SHARED):
            watch.note(name)

    def note_cookie(name: str) -> None:
        watch.note(f"the cookie {name}" if name != ALL else "the cookies")

    replaced = {}
    for name in ("session", "user"):
        own = request.__dict__.get(name)
        if own is not None:
            instead = SimpleLazyObject(partial(_noted, own, watch, f"request.{name}"))
            replaced[name] = _Replaced(own, instead)
            request.__dict__[name] = instead
    variables = _Watched(request.META, note_variable)
    environ = request.__dict__.get("environ")
    if environ is not None:
        replaced["environ"] = _Replaced(environ, variables)
        request.__dict__["environ"] = variables
    request.__dict__["headers"] = _WatchedHeaders(request.META, note_variable)
    request.META = variables  # type: ignore[assignment]
    request.COOKIES = _Watched(request.COOKIES, note_cookie)  # type: ignore[assignment]
    return replaced
