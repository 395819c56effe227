"""The edge's own store, filled through Django's test client and purged as on a real site, in this process."""

from __future__ import annotations

import re
import time
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Self

from django.test import Client

from coranto.delivery import transports
from coranto.delivery.edge.answers import Answer, for_client
from coranto.delivery.edge.encodings import IDENTITY
from coranto.delivery.edge.keys import FRAGMENTS, fragment_key
from coranto.delivery.edge.store import Store
from coranto.delivery.rules.entitlement import VISITOR
from coranto.delivery.rules.surrogate import CAPABILITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coranto.delivery.edge.entries import Entry
    from coranto.delivery.edge.keys import Key

HOST = "testserver"
LIMIT = 64_000_000
LOCATION = re.compile(rb"^location: (.*)$", re.IGNORECASE | re.MULTILINE)


class Page(NamedTuple):
    """What a reader gets to see of an answer."""

    status: int
    location: str
    body: bytes


@cache
def _client(peer: str) -> Client:
    """One for all: each has middleware of its own, which takes longer to make than a page."""
    return Client(REMOTE_ADDR=peer)


def fresh(target: str) -> Page:
    """The page as it is without a store: nobody fills holes, so the app does."""
    response = _client("127.0.0.1").get(target)
    return Page(response.status_code, response.headers.get("Location", ""), response.content)


def _ask(target: str) -> Answer:
    # Without an address: that is how a request by the app's unix socket arrives.
    response = _client("").get(target, headers={"Surrogate-Capability": CAPABILITY})
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in response.headers.items()]
    return Answer(response.status_code, headers, response.content)


class SimulatedEdge:
    """A store and what hears of purges.

    `seen` holds each purge in turn, its tags or None for everything; `answers` what the app said, by address.
    """

    def __init__(self) -> None:
        self.store = Store(limit=LIMIT, hosts=[HOST], now=time.time)
        self.seen: list[frozenset[str] | None] = []
        self.answers: dict[str, Answer] = {}

    def __enter__(self) -> Self:
        transports.listeners.append(self.hear)
        return self

    def __exit__(self, *_error: object) -> None:
        transports.listeners.remove(self.hear)

    def hear(self, tags: frozenset[str] | None) -> None:
        self.seen.append(tags)
        if tags is None:
            self.store.purge_all()
        else:
            self.store.purge(tags)

    def get(self, target: str) -> Page:
        key = self.store.keys.key_of(target.encode(), HOST.encode(), VISITOR)
        entry = self.store.find(key) if key else None
        if entry is None:
            entry, answer = self._render(key, target)
            if entry is None:
                return self._as_it_is(answer)
        return self._composed(entry)

    def is_stored(self, target: str) -> bool:
        key = self.store.keys.key_of(target.encode(), HOST.encode(), VISITOR)
        return key is not None and self.store.find(key) is not None

    def take(self, answers: Mapping[str, Answer]) -> None:
        """Have the store filled as by these answers."""
        for target, answer in answers.items():
            keys = [self.store.keys.key_of(target.encode(), HOST.encode(), VISITOR)]
            if target.startswith(FRAGMENTS):  # a page may ask for it, and so may a client
                keys.append(fragment_key(target, host=HOST, level=""))
            for key in filter(None, keys):
                self.store.finish(self.store.begin(key), answer)

    def _answer(self, target: str) -> Answer:
        answer = self.answers[target] = _ask(target)
        return answer

    def _render(self, key: Key | None, target: str) -> tuple[Entry | None, Answer]:
        ticket = self.store.begin(key) if key else None
        answer = self._answer(target)
        return (self.store.finish(ticket, answer).entry if ticket else None), answer

    def _composed(self, entry: Entry) -> Page:
        prepared = entry.choose(IDENTITY)
        while prepared is None:
            self._fetch(entry.missing)
            prepared = entry.choose(IDENTITY)
        location = LOCATION.search(prepared.head)
        return Page(entry.status, location[1].strip().decode() if location else "", prepared.body)

    def _as_it_is(self, answer: Answer) -> Page:
        location = dict(for_client(answer.headers)).get(b"location", b"").decode()
        body, missing = self.store.fill(answer.body, HOST)
        while missing:
            self._fetch(missing)
            body, missing = self.store.fill(answer.body, HOST)
        return Page(answer.status, location, body)

    def _fetch(self, missing: tuple[Key, ...]) -> None:
        for key in missing:
            self.store.finish(self.store.begin(key), self._answer(key.target))
