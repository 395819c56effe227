"""What a request says about where it comes from, and how much of it is believed.

The edge and nobody else reaches the app by its unix socket, in a folder that is its owner's alone. By TCP come
readers and trusted proxies; what only the edge or a proxy may say is dropped when anybody else says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from coranto.delivery.rules.entitlement import VISITOR
from coranto.kit.addresses import is_address, is_trusted

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

# In `request.META`, put there by nothing but this: no header can have such a name.
AT_EDGE: Final = "coranto.edge"
LEVEL: Final = "coranto.entitlement"

_SCHEMES: Final = frozenset({"http", "https"})
_OF_PROXIES: Final = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_", "HTTP_X_REAL_IP", "HTTP_SURROGATE_")
_OF_EDGE: Final = "HTTP_CORANTO_"
_EMPTY: Final = ""


def settle_arrival(meta: MutableMapping[str, Any], trusted: Sequence[str]) -> None:
    """Make a request's CGI variables (RFC 3875) say what is true.

    Through the edge, `REMOTE_ADDR` becomes the reader's address and `wsgi.url_scheme` what the reader spoke, so that
    everything behind works as without one.
    """
    peer = meta.get("REMOTE_ADDR", _EMPTY)
    if peer == _EMPTY:
        _believe_edge(meta)
    elif is_trusted(peer, trusted):
        _take_scheme(meta)
    else:
        _drop(meta, *_OF_PROXIES)
    _drop(meta, _OF_EDGE)


def _believe_edge(meta: MutableMapping[str, Any]) -> None:
    meta[AT_EDGE] = True
    meta[LEVEL] = meta.get("HTTP_CORANTO_ENTITLEMENT", VISITOR)
    # Exactly one: the edge has found the reader's among what proxies said.
    client = meta.get("HTTP_X_FORWARDED_FOR", _EMPTY).rpartition(",")[2].strip()
    if is_address(client):
        meta["REMOTE_ADDR"] = client
    _take_scheme(meta)
    _drop(meta, "HTTP_FORWARDED", "HTTP_X_FORWARDED_", "HTTP_X_REAL_IP")


def _take_scheme(meta: MutableMapping[str, Any]) -> None:
    scheme = meta.get("HTTP_X_FORWARDED_PROTO", _EMPTY).rpartition(",")[2].strip().lower()
    if scheme in _SCHEMES:
        meta["wsgi.url_scheme"] = scheme


def _drop(meta: MutableMapping[str, Any], *beginnings: str) -> None:
    for name in [each for each in meta if each.startswith(beginnings)]:
        del meta[name]
