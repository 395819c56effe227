"""What this site's own decisions say of words: naive Bayes, with each word's evidence tempered by how little there is.

The weight of a word follows Robinson ("A statistical approach to the spam problem", Linux Journal, 2003): the share of
the lessons it was in, by verdict, drawn towards indifference as long as it was in few.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.kit.html import text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

# Of each verdict, before anything is said at all.
FEWEST_LESSONS: Final = 20
# A word that was in one lesson says something of that one alone.
FEWEST_OF_A_WORD: Final = 2
# As many of the words as weigh most: a wall of harmless ones does not outweigh them.
MOST_TELLING: Final = 24
MOST_WORDS: Final = 300
LONGEST_WORD: Final = 60
SITE: Final = "site:"
_INDIFFERENCE: Final = 2.0
_SHORTEST, _LONGEST_IN_TEXT = 2, 30

_HREF: Final = re.compile(r'<a [^>]*?href="([^"]*)"')
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
# Scripts written without spaces: what stands for a word there is two characters.
_UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


class Mode(models.TextChoices):
    """What the score may do."""

    OFF = "off", _("off: nothing is scored")
    SHADOW = "shadow", _("in the shadow: scored and shown to the editors, and nothing waits for it")
    ON = "on", _("on: a comment with a high score waits for an editor")


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many lessons of each verdict."""

    wanted: int = 0
    unwanted: int = 0

    @property
    def total(self) -> int:
        return self.wanted + self.unwanted


@dataclass(frozen=True, slots=True)
class Weight:
    """What one word adds: above nothing it speaks against the comment, below for it."""

    word: str
    weight: float

    @property
    def is_against(self) -> bool:
        return self.weight > 0


@dataclass(frozen=True, slots=True)
class Score:
    """How like those the editors took away a comment is, from 0 to 1, and which words say so, the loudest first."""

    value: float
    weights: Sequence[Weight] = ()


def words_of(html: str, *, website: str = "") -> tuple[str, ...]:
    """What of a comment can be learned, each once: its words and where its links lead.

    Not the writer's name: nobody's comments wait for what they are called.
    """
    known = dict.fromkeys(_sites([website, *_HREF.findall(html)]))
    text = unicodedata.normalize("NFKC", text_of(html)).casefold().replace("\u2019", "'")
    for each in _in_text(text):
        if len(known) >= MOST_WORDS:
            break
        known[each] = None
    return tuple(known)


def _sites(addresses: Collection[str]) -> Iterator[str]:
    for address in addresses:
        try:
            host = urlsplit(address.replace("&amp;", "&")).hostname or ""
        except ValueError:  # a bracket where none belongs
            continue
        if host:
            yield f"{SITE}{host.removeprefix('www.')}"[:LONGEST_WORD]


def _in_text(text: str) -> Iterator[str]:
    for found in _WORD.finditer(text):
        word = found[0]
        if _UNSPACED.search(word):
            yield from (word[at : at + 2] for at in range(max(1, len(word) - 1)))
        elif _SHORTEST <= len(word) <= _LONGEST_IN_TEXT and not word.isdecimal():
            yield word


def digest_of_words(words: Collection[str]) -> str:
    """The same for the same words, in whichever order."""
    return sha256("\n".join(sorted(words)).encode()).hexdigest()[:32]


def score_of(words: Collection[str], counts: Mapping[str, Counts], lessons: Counts) -> Score | None:
    """None before there were enough lessons of either verdict."""
    if min(lessons.wanted, lessons.unwanted) < FEWEST_LESSONS:
        return None
    weighed = [
        Weight(word, weight_of(counts[word], lessons))
        for word in words
        if word in counts and counts[word].total >= FEWEST_OF_A_WORD
    ]
    telling = sorted(weighed, key=lambda each: (-abs(each.weight), each.word))[:MOST_TELLING]
    return Score(value=_logistic(sum(each.weight for each in telling)), weights=telling)


def weight_of(counts: Counts, lessons: Counts) -> float:
    """The logarithm of the odds: how much more often it was in what was taken away than in what was let through."""
    unwanted, wanted = counts.unwanted / lessons.unwanted, counts.wanted / lessons.wanted
    share = unwanted / (unwanted + wanted) if unwanted + wanted else 0.5
    tempered = (_INDIFFERENCE * 0.5 + counts.total * share) / (_INDIFFERENCE + counts.total)
    return math.log(tempered / (1 - tempered))


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
