"""What somebody may have meant whose words are not in the archive."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from coranto.kit import spelling, terms
from coranto.newsroom.models import SearchSpelling

if TYPE_CHECKING:
    from collections.abc import Sequence

# Of words that are found under one key the most usual are compared: a key of few letters is shared by many.
MOST_COMPARED: Final = 400
# A word that stands in the archive itself is taken for a slip where another is as many times as usual.
AS_USUAL: Final = 20


def meant_words(words: Sequence[str]) -> list[str]:
    """These words with the unknown among them replaced by the nearest the archive has. One query."""
    asked = {each: terms.folded(each) for each in words if _may_be_misspelt(each)}
    if not asked:
        return list(words)
    near = _near(asked)
    return [_better(each, asked[each], near) if each in asked else each for each in words]


def _may_be_misspelt(word: str) -> bool:
    return (
        spelling.SHORTEST <= len(word) <= spelling.LONGEST
        and not any(each.isdigit() for each in word)
        and not terms.is_unspaced(word)
    )


def _near(asked: dict[str, str]) -> dict[str, list[tuple[str, int]]]:
    """Words of the archive with their counts, under the keys that they share with what was asked for."""
    keys = {key for folded in asked.values() for key in spelling.keys_of(folded)}
    rows = SearchSpelling.objects.filter(key__in=keys).order_by("-word__articles", "word__word")
    near = defaultdict(list)
    for key, word, articles in rows.values_list("key", "word__word", "word__articles")[: MOST_COMPARED * len(asked)]:
        near[key].append((word, articles))
    return near


def _better(word: str, folded: str, near: dict[str, list[tuple[str, int]]]) -> str:
    most = spelling.forgiven(folded)
    others = {each for key in spelling.keys_of(folded) for each in near.get(key, ())}
    away = {other: spelling.distance(folded, terms.folded(other), most) for other, _ in others}
    # Other accents make no other word.
    own = sum(count for other, count in others if away[other] == 0)
    found = [
        (away[other], -count, other)
        for other, count in others
        if 0 < away[other] <= most and count >= max(1, AS_USUAL * own)
    ]
    return min(found)[2] if found else word
