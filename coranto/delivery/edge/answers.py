"""What the app answered, and which of it is for the client."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Final

from coranto.delivery.rules.front import FRONT_KEY as FRONT_NAME

Headers = list[tuple[bytes, bytes]]

HOP_BY_HOP: Final = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
# Between the app and the edge; no client sees them.
CONTRACT: Final = frozenset(
    {
        b"surrogate-control",
        b"surrogate-key",
        b"surrogate-variants",
        b"no-vary-search",
        b"x-sendfile",
        b"coranto-view",
        b"coranto-staff",
    }
)
# What the app wants a cache in front to read under the name the edge keeps to itself.
FRONT_KEY: Final = FRONT_NAME.lower().encode()
LEVEL: Final = "coranto-entitlement"
_TEXT = re.compile(
    r"\s*(?:text/|image/svg\+xml|application/(?:[\w.-]+\+)?(?:json|xml)\b|application/(?:javascript|manifest)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the app: header names in lower case, the body whole and not encoded."""

    status: int
    headers: Headers
    body: bytes = b""

    def header(self, name: bytes) -> str:
        """A header's values, joined as RFC 9110 (5.2) has it; empty where there is none."""
        return b", ".join(value for each, value in self.headers if each == name).decode("latin-1")

    def has(self, name: bytes) -> bool:
        return any(each == name for each, _value in self.headers)

    @property
    def is_text(self) -> bool:
        """Whether the body is of a kind that compression makes smaller."""
        return _TEXT.match(self.header(b"content-type")) is not None

    @property
    def is_html(self) -> bool:
        return self.header(b"content-type").strip().lower().startswith("text/html")

    @property
    def view(self) -> str:
        """The view that made this, for log lines."""
        return self.header(b"coranto-view") or "an unnamed view"

    @property
    def tags(self) -> frozenset[str]:
        """What it depends on. The same few words come with every page, and are kept once."""
        return frozenset(map(sys.intern, self.header(b"surrogate-key").replace(",", " ").split()))

    @property
    def vary(self) -> frozenset[str]:
        return frozenset(each.strip().lower() for each in self.header(b"vary").split(",") if each.strip())


def named_in_connection(headers: Headers) -> frozenset[bytes]:
    """The names of the headers that are for one hop because `Connection` says so (RFC 9110, 7.6.1)."""
    values = [value for name, value in headers if name == b"connection"]
    return frozenset(each.strip().lower() for value in values for each in value.split(b","))


def for_client(headers: Headers) -> Headers:
    """The headers a client may see: neither those of one hop nor those of the contract with the app."""
    hidden = HOP_BY_HOP | CONTRACT | named_in_connection(headers)
    return [(b"surrogate-key" if name == FRONT_KEY else name, value) for name, value in headers if name not in hidden]
