"""What a text speaks of, told from the text alone: good enough to look for related articles."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG: Final = 6  # letters of a word that says something by itself, in most languages

_WORD = re.compile(r"[^\W\d_]+(?:[\u2019'-][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?\u2026:])[\"\u201d\u2019\u00bb]?\s+|\n+")


def subjects_of(headline: str, text: str, *, limit: int) -> list[str]:
    """Names first, those most often spoken of before others, then the longest words of the headline.

    A name is two or more words in a row that begin with a capital: in headlines of some languages every word
    does, so that names come from the text. At the beginning of a sentence the first word proves nothing: a name
    that is met nowhere else comes last.
    """
    sure: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    for sentence in _SENTENCE.split(text):
        for start, name in _names(sentence):
            (doubtful if start == 0 else sure)[name] += 1
    names = Counter({name: count + doubtful[name] for name, count in sure.items()})
    found = [name for name, _ in names.most_common(limit)]
    spoken = {word.casefold() for name in found for word in name.split()}
    words = {word for word in _WORD.findall(headline) if len(word) >= LONG and word.casefold() not in spoken}
    found += sorted(words, key=_longest_first)
    found += [name for name, _ in doubtful.most_common(limit) if name not in sure]
    return found[:limit]


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word), word


def _names(sentence: str) -> Iterator[tuple[int, str]]:
    """Names with the place of their first word; of three words or more the first of a sentence is left out."""
    run: list[str] = []
    start = place = end = 0
    for match in _WORD.finditer(sentence):
        is_capital = match[0][0].isupper()
        if run and (not is_capital or sentence[end : match.start()].strip()):
            yield from _named(start, run)
            run = []
        if is_capital:
            start = start if run else place
            run.append(match[0].removesuffix("\u2019s").removesuffix("'s"))
        place, end = place + 1, match.end()
    yield from _named(start, run)


def _named(start: int, run: list[str]) -> Iterator[tuple[int, str]]:
    if start == 0 and len(run) > 2:  # noqa: PLR2004 - a name is two words
        start, run = 1, run[1:]
    if len(run) > 1:
        yield start, " ".join(run)
