"""Words a slip away from each other.

Two words that differ by one letter too many, too few, exchanged or swapped become the same when the right letter is
left out of each: so each word is kept under all it becomes that way, and found without looking at the others
(symmetric deletion, https://github.com/wolfgarbe/SymSpell). The beginning is enough to find it; the whole is compared.
"""

from __future__ import annotations

from typing import Final

BEGINNING: Final = 8
SHORTEST: Final = 3
LONGEST: Final = 24
_LONG: Final = 7  # letters; in words as long two slips are forgiven


def keys_of(word: str) -> set[str]:
    """What a word is kept and looked for under: its beginning, whole and with each letter left out."""
    beginning = word[:BEGINNING]
    return {beginning, *(beginning[:place] + beginning[place + 1 :] for place in range(len(beginning)))}


def forgiven(word: str) -> int:
    """How many slips a word may be away from the one that was meant."""
    return 2 if len(word) >= _LONG else 1


def distance(one: str, other: str, most: int) -> int:
    """How many letters to add, leave out, exchange or swap with the next; `most + 1` for any more than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, beside in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != beside))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == beside:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return min(last[-1], most + 1)
