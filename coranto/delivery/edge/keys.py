"""How requests are told apart: host, path, the query parameters that matter there, what the reader is entitled to.

Two targets share a key only where the app cannot tell them apart. What is not plainly normal has none and is not kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

from coranto.delivery.edge.memos import Memo

if TYPE_CHECKING:
    from collections.abc import Iterable

FRAGMENTS: Final = "/-/fragments/"
LONGEST_TARGET: Final = 2_000
MOST_PARAMETERS: Final = 30
MOST_RULES: Final = 20_000
MOST_RULES_OF_MISSING_PAGES: Final = 2_000
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})

# RFC 3986's pchar without `;`, which some programs take for the beginning of parameters.
_PATH = re.compile(rb"/(?:[A-Za-z0-9\-._~!$&'()*+,=:@/]|%[0-9A-Fa-f]{2})*")
_QUERY = re.compile(rb"[!$-~]*")
_TRICKS = re.compile(r"//|/\.{1,2}(?:/|$)|%(?:2F|5C|3B|[01][0-9A-F]|7F)")
_ENCODED = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_HOST = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]+)(?::(\d{1,5}))?")


class Rule(NamedTuple):
    """What tells the pages at one path apart: `parameters` (None: all of them), and whether the entitlement does."""

    parameters: frozenset[str] | None
    by_level: bool


# What is in a fragment's address is all it depends on.
FRAGMENT: Final = Rule(None, by_level=False)
FRAGMENT_BY_LEVEL: Final = Rule(None, by_level=True)


class Key(NamedTuple):
    """What a page is stored under. `rule` is None where the path is not known yet: then everything tells it apart."""

    host: str
    path: str
    query: str
    level: str
    rule: Rule | None = None

    @property
    def target(self) -> str:
        """The request target that asks the app for this page."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def is_for_pages(self) -> bool:
        """Whether a page asks for this part, not a client."""
        return self.rule in {FRAGMENT, FRAGMENT_BY_LEVEL} and self.is_fragment

    @property
    def is_fragment(self) -> bool:
        """Whether this is a part that pages are composed of."""
        return self.path.startswith(FRAGMENTS)

    def under(self, rule: Rule) -> Key | None:
        """The key under the rule its answer came with; None where this key does not say enough for that."""
        if self.is_for_pages:
            return None if rule.by_level and not self.level else self
        if self.rule == rule:
            return self
        if self.rule is not None and not _says_more(self.rule, rule):
            return None
        pairs = parse_qsl(self.query, keep_blank_values=True)
        return Key(self.host, self.path, _canonical(pairs, rule), self.level if rule.by_level else "", rule)


class Keys:
    """The hosts that are ours, and for each path that is stored what matters there."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._known_hosts: Memo[bytes, str] = Memo(64)
        self._rules: Memo[tuple[str, str], Rule] = Memo(MOST_RULES)
        # Apart, so that whoever asks for pages that are not there does not make the others forgotten.
        self._missing_rules: Memo[tuple[str, str], Rule] = Memo(MOST_RULES_OF_MISSING_PAGES)

    def key_of(self, target: bytes, host: bytes, level: str) -> Key | None:
        """The key of a request for `target` with this `Host`, by a reader of this level."""
        name = self.host_of(host)
        parts = read_target(target) if name is not None else None
        if name is None or parts is None:
            return None
        path, pairs = parts
        rule = self._rules.get((name, path)) or self._missing_rules.get((name, path))
        if rule is None:
            return Key(name, path, _canonical(pairs, FRAGMENT), level)
        return Key(name, path, _canonical(pairs, rule), level if rule.by_level else "", rule)

    def host_of(self, host: bytes) -> str | None:
        """The host as it stands in keys; None where it is not ours."""
        known = self._known_hosts.get(host)
        if known is None:
            known = self._find_host(host)
            if known is not None:
                self._known_hosts.put(host, known)
        return known

    def learn(self, key: Key, *, is_missing: bool = False) -> None:
        """Remember by what the pages at this key's path are told apart."""
        if key.rule is not None and not key.is_for_pages:
            rules = self._missing_rules if is_missing else self._rules
            rules.put((key.host, key.path), key.rule)

    def forget(self) -> None:
        """Forget what paths depend on."""
        self._rules.clear()
        self._missing_rules.clear()

    def _find_host(self, host: bytes) -> str | None:
        found = _HOST.fullmatch(host)
        if found is None:
            return None
        name, port = found[1].decode().lower(), (found[2] or b"").decode()
        whole = f"{name}:{port}" if port else name
        if whole in self._hosts:
            return whole
        # A machine's own names serve whatever port somebody gave it; elsewhere another port is another site's.
        return whole if name in LOOPBACK and name in self._hosts else None


def is_plain_query(raw: bytes) -> bool:
    """Whether there is nothing in it but what a query may hold."""
    return _QUERY.fullmatch(raw) is not None


def read_target(target: bytes) -> tuple[str, list[tuple[str, str]]] | None:
    """The normalised path and the decoded parameters of an origin-form target; None where it is not plainly normal."""
    if len(target) > LONGEST_TARGET:
        return None
    raw_path, _, raw_query = target.partition(b"?")
    path = _read_path(raw_path)
    if path is None or not is_plain_query(raw_query) or raw_query.count(b"&") >= MOST_PARAMETERS:
        return None
    # As Django reads it, so that what is one value to the app is one value here.
    return path, parse_qsl(raw_query.decode(), keep_blank_values=True)


def fragment_key(source: str, *, host: str, level: str) -> Key | None:
    """The key of the fragment at this address, for a page of this host and level (`""`: shared by all)."""
    parts = read_target(source.encode("utf-8", "replace"))
    if parts is None:
        return None
    path, pairs = parts
    rule = FRAGMENT_BY_LEVEL if level else FRAGMENT
    return Key(host, path, _canonical(pairs, rule), level, rule)


def _read_path(raw: bytes) -> str | None:
    if not _PATH.fullmatch(raw):
        return None
    path = _ENCODED.sub(_normalised, raw).decode()
    if _TRICKS.search(path):
        return None
    try:
        unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        return None
    return path


def _normalised(found: re.Match[bytes]) -> bytes:
    byte = int(found[1], 16)
    return bytes((byte,)) if byte in _UNRESERVED else b"%%%02X" % byte


def _canonical(pairs: list[tuple[str, str]], rule: Rule) -> str:
    kept = pairs if rule.parameters is None else [pair for pair in pairs if pair[0] in rule.parameters]
    # Sorting is stable: the values of a repeated parameter stay in their order.
    return urlencode(sorted(kept, key=lambda pair: pair[0]))


def _says_more(rule: Rule, other: Rule) -> bool:
    if other.by_level and not rule.by_level:
        return False
    if rule.parameters is None:
        return True
    return other.parameters is not None and other.parameters <= rule.parameters
