"""What an answer will be in the store, made a little at a time: compressing it must hold up no reader of another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from coranto.delivery.edge import admission, holes

if TYPE_CHECKING:
    from collections.abc import Generator

    from coranto.delivery.edge.answers import Answer
    from coranto.delivery.edge.holes import Variants
    from coranto.delivery.edge.keys import Key

    Draft = tuple[admission.Admission | admission.Rejection, Variants]


def drafting(key: Key, answer: Answer) -> Generator[None, None, Draft]:
    """Judge an answer to a request with this key, and where it may be stored, compress it."""
    judged = admission.judge(key, answer)
    if isinstance(judged, admission.Rejection):
        return judged, []
    return judged, (yield from holes.cutting_variants(answer, judged.key, has_holes=judged.control.has_holes))


async def draft(key: Key, answer: Answer) -> Draft:
    """Do so between requests."""
    work = drafting(key, answer)
    while True:
        try:
            next(work)
        except StopIteration as end:
            drafted: Draft = end.value
            return drafted
        await asyncio.sleep(0)
