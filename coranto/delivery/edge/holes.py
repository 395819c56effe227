"""A body as texts and holes.

A hole is `<esi:include src="/-/fragments/NAME/?QUERY"/>` (ESI Language Specification 1.0) in HTML, exactly so: anything
else of that name is left as a gap, so that no address but a fragment's is ever asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Final

from coranto.delivery.edge import pieces
from coranto.delivery.edge.keys import fragment_key
from coranto.delivery.rules.surrogate import read_variants

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from coranto.delivery.edge.answers import Answer
    from coranto.delivery.edge.keys import Key
    from coranto.delivery.edge.pieces import Piece

MARK: Final = b"<esi:include"
MOST_HOLES: Final = 100
_INCLUDE = re.compile(rb"<esi:include\b[^>]*>")
_EXACT = re.compile(rb'<esi:include src="(/-/fragments/[A-Za-z0-9_-]+/(?:\?[^"<>\s]*)?)"/>')


@dataclass(frozen=True, slots=True)
class Hole:
    """Where a fragment belongs."""

    key: Key
    weight: int = 300


if TYPE_CHECKING:
    Variants = list[tuple[tuple[Piece | Hole, ...], int]]


def cutting_variants(answer: Answer, key: Key, *, has_holes: bool) -> Generator[None, None, Variants]:
    """The variants of a body with their weights, a little at a time; one where the answer does not speak of any."""
    lengths = read_variants(answer.header(b"surrogate-variants"), len(answer.body)) or [(len(answer.body), 1)]
    level = pieces.LEVEL if answer.is_text else pieces.AS_IT_IS
    variants = []
    start = 0
    for length, weight in lengths:
        text = answer.body[start : start + length]
        parts: list[Piece | Hole] = []
        for part in split(text, key) if has_holes and answer.is_html else [text]:
            cut = (yield from pieces.cutting(part, level=level)) if isinstance(part, bytes) else part
            parts.append(cut)
        variants.append((tuple(parts), weight))
        start += length
    return variants


def split(text: bytes, key: Key) -> Iterator[bytes | Hole]:
    """A text's parts, in a page or fragment of this key."""
    start = holes = 0
    for found in _INCLUDE.finditer(text):
        if found.start() > start:
            yield text[start : found.start()]
        start = found.end()
        wanted = _source(found[0], key)
        if wanted is not None and holes < MOST_HOLES:
            holes += 1
            yield Hole(wanted)
    if start < len(text):
        yield text[start:]


def _source(include: bytes, key: Key) -> Key | None:
    found = _EXACT.fullmatch(include)
    if found is None:
        return None
    return fragment_key(unescape(found[1].decode("utf-8", "replace")), host=key.host, level=key.level)
