"""Entries within a bound of bytes and of count; what was not read lately goes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coranto.delivery.edge.entries import Entry
    from coranto.delivery.edge.keys import Key


class Shelf:
    """Least recently used, by second chance (Corbató's CLOCK, 1968): a hit costs a flag and not a move in a list."""

    def __init__(self, *, limit: int, most: int, on_leaving: Callable[[Entry], None]) -> None:
        self.limit = limit
        self.most = most
        self.bytes = 0
        self.evictions = 0
        self._on_leaving = on_leaving
        self._entries: dict[Key, Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def get(self, key: Key) -> Entry | None:
        return self._entries.get(key)

    def holds(self, entry: Entry) -> bool:
        return self._entries.get(entry.key) is entry

    def put(self, entry: Entry) -> None:
        """Keep an entry in the place of the one with its key."""
        self.drop(entry.key)
        self._entries[entry.key] = entry
        self.bytes += entry.weight
        self.make_room()

    def drop(self, key: Key) -> Entry | None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.bytes -= entry.weight
            self._on_leaving(entry)
        return entry

    def reweigh(self, entry: Entry, weight: int) -> None:
        """Note that an entry has come to weigh something else; `make_room` follows when there is time."""
        if self.holds(entry):
            self.bytes += weight - entry.weight
        entry.weight = weight

    def make_room(self) -> None:
        """Let go what was not read since it was last looked at, until the bounds are kept."""
        while self._entries and (self.bytes > self.limit or len(self._entries) > self.most):
            key, entry = next(iter(self._entries.items()))
            if entry.was_read:
                entry.was_read = False
                self._entries[key] = self._entries.pop(key)
            else:
                self.evictions += 1
                self.drop(key)
