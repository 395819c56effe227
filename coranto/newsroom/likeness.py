"""How much two texts speak of the same, told by the few terms that set each apart from all others. Pure arithmetic.

No list of words in any language and no stemming: what is common is what many articles of this archive hold. Words
are what stands between spaces; scripts that set none (Chinese, Japanese, Thai …) and Korean, whose words end in
particles, are taken by pairs of characters, as Lucene's CJK analyser does.
"""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from heapq import nsmallest
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

TERM_LENGTH: Final = 40
TEXT_LENGTH: Final = 100_000  # characters; a book says nothing more of itself than its beginning does
MOST_TERMS: Final = 4000
KEPT_TERMS: Final = 24

IN_HEADLINE: Final = 4.0  # what a word there counts for, beside one in the text
IN_STANDFIRST: Final = 2.0
AS_TOPIC: Final = 8.0

RAREST: Final = 7.0  # rarer than one in a thousand articles says no more than that
FEW: Final = 3  # so many articles may hold a term in the smallest archive
SHARE: Final = 0.1  # and so many of a large one, before it tells them apart no longer

ENOUGH: Final = 0.07  # two articles less alike than this have nothing to do with each other
SAME_SECTION: Final = 1.15
OLDEST: Final = 0.6  # what an article from long before counts for
HALF_LIFE_DAYS: Final = 365.0

_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]+"
)
# Arabic's vowel signs and its stretched line: the same word stands with them and without.
_UNSAID: Final = dict.fromkeys([0x0640, 0x0670, *range(0x064B, 0x0660)])
_SHORTEST_NUMBER: Final = 4  # a year may tell something; a count seldom does


def terms_of(text: str) -> Counter[str]:
    """How often each term occurs: words, folded and cut to `TERM_LENGTH`, and pairs of unspaced characters."""
    folded = unicodedata.normalize("NFKC", text[:TEXT_LENGTH]).casefold().translate(_UNSAID)
    return Counter(term for word in _words().findall(folded) for term in _terms_of_word(word))


@cache
def _words() -> re.Pattern[str]:
    """Letters, digits and the marks upon them; in a plain expression Hindi's vowel signs, for one, would end a word."""
    marks = "".join(
        chr(each) for each in range(0x300, sys.maxunicode >> 4) if unicodedata.category(chr(each)) in {"Mn", "Mc"}
    )
    return re.compile(rf"(?:[^\W_]|[{marks}])+")


def _terms_of_word(word: str) -> Iterator[str]:
    if word.isascii() or not _UNSPACED.search(word):
        if _says_something(word):
            yield word[:TERM_LENGTH]
        return
    for run in _UNSPACED.findall(word):
        yield from (run[at : at + 2] for at in range(len(run) - 1))
    yield from (each[:TERM_LENGTH] for each in _UNSPACED.split(word) if _says_something(each))


def _says_something(word: str) -> bool:
    return len(word) > 1 and (len(word) >= _SHORTEST_NUMBER or not word.isdecimal())


def topic_term(topic_id: int) -> str:
    """A topic among the terms; no word has such a sign in it."""
    return f"#{topic_id}"


def count_terms(*, headline: str, standfirst: str, text: str, topics: Collection[int] = ()) -> dict[str, float]:
    """An article's terms with what each counts for there, by place and number; at most `MOST_TERMS`."""
    counted: defaultdict[str, float] = defaultdict(float)
    for part, worth in ((headline, IN_HEADLINE), (standfirst, IN_STANDFIRST), (text, 1.0)):
        for term, times in terms_of(part).items():
            counted[term] += worth * times
    counted.update({topic_term(each): AS_TOPIC for each in topics})
    return _greatest(counted, MOST_TERMS)


def _greatest(weights: Mapping[str, float], count: int) -> dict[str, float]:
    """The greatest first; of equal ones always the same."""
    return dict(nsmallest(count, weights.items(), key=lambda each: (-each[1], each[0])))


def profile(counted: Mapping[str, float], *, held_by: Mapping[str, int], articles: int) -> dict[str, float]:
    """The terms that tell a text from the others, with their weights: a vector of length one, or empty.

    `held_by` says in how many of the archive's `articles` a term occurs; one it does not know occurs here alone.
    """
    weights = {
        term: (1 + math.log(max(count, 1.0))) * min(math.log(1 + articles / held), RAREST)
        for term, count in counted.items()
        if (held := max(1, held_by.get(term, 1))) <= FEW + SHARE * articles
    }
    kept = _greatest(weights, KEPT_TERMS)
    length = math.sqrt(sum(weight * weight for weight in kept.values()))
    return {term: weight / length for term, weight in kept.items()} if length else {}


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two profiles: 0 for nothing in common, 1 for the same."""
    return math.fsum(sorted(weight * other[term] for term, weight in one.items() if term in other))


def nearness(alike: float, *, in_same_section: bool, days_older: float) -> float:
    """How near another article is to one, `days_older` than it; one as new or newer is none the worse for it."""
    freshness = OLDEST + (1 - OLDEST) * 0.5 ** (max(0.0, days_older) / HALF_LIFE_DAYS)
    return alike * freshness * (SAME_SECTION if in_same_section else 1.0)


def nearest(found: Mapping[int, float], places: int) -> dict[int, float]:
    """The nearest of them, nearest first; of equally near ones the newer, which has the higher id."""
    return dict(nsmallest(places, found.items(), key=lambda each: (-each[1], -each[0])))


# What is read after an article -------------------------------------------------------------------------------

ALIKE_IN_A_ROW: Final = 2


def reading_order(*, pinned: Sequence[int], alike: Sequence[int], newest: Sequence[int], length: int) -> list[int]:
    """What comes next: what the editor pinned, then by turns two that are alike and one that is new; none twice."""
    order = list(dict.fromkeys(pinned))[:length]
    rest = {"alike": iter(alike), "new": iter(newest)}
    turns = [*["alike"] * ALIKE_IN_A_ROW, "new"]
    while rest and len(order) < length:
        for turn in [each for each in turns if each in rest]:
            following = next((each for each in rest.get(turn, ()) if each not in order), None)
            if following is None:
                rest.pop(turn, None)
            elif len(order) < length:
                order.append(following)
    return order
