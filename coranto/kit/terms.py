"""What a full-text index is told of a text, and what is looked for in it: terms, in any script.

A term is a word in small letters without accents, reduced to its stem where the language has a stemmer. Chinese,
Japanese, Thai and their like are written without blanks: there each two neighbouring characters are a term, so that
whatever stands inside such a run is found. Korean is treated likewise, for what hangs on its words.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import snowballstemmer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Raised whenever the same text would give other terms: what was indexed before is then indexed anew.
EDITION: Final = 1
LONGEST: Final = 64
# More than the longest read; a pasted telephone book is found by its beginning.
MOST_OF_A_TEXT: Final = 200_000
# Of a run without blanks that is looked for: longer than any name.
MOST_IN_A_ROW: Final = 32

# Snowball's Persian and Polish are young; but what is indexed and what is asked for are always cut alike.
_STEMMERS: Final = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def _marks() -> str:
    """Every combining mark, as a character class wants them: those of Python have none."""
    places = [
        each
        for stretch in (range(0x300, 0x10000), range(0x10A00, 0x12000), range(0x1E000, 0x1E950))
        for each in stretch
        if unicodedata.category(chr(each))[0] == "M"
    ]
    pairs: list[list[int]] = []
    for each in places:
        if pairs and pairs[-1][1] == each - 1:
            pairs[-1][1] = each
        else:
            pairs.append([each, each])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in pairs)


# What joins letters without being one: Persian and Indian scripts are not written without them.
_JOINERS: Final = "\u200c\u200d\u00ad\u0640"
_WORD: Final = re.compile(rf"(?:[^\W_]|[{_marks()}{_JOINERS}])+")
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3005-\u3007\u3031-\u3035\u3040-\u30ff"
    "\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff]+"
)
# Marks that a reader leaves out: accents, Arabic and Hebrew vowels. Those of Indian scripts, of Thai and of Japanese
# make another letter.
_LEFT_OUT: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ŧ": "t"}
    # Arabic letters that Persian keyboards write otherwise, and an ending that many leave half written.
    | {"\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643", "\u0629": "\u0647"}
    | dict.fromkeys(_JOINERS, "")
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word that is looked for.

    `terms` are ways to write it, of which one is enough; with `in_a_row` all of them are, as neighbours in this
    order; with `begins` it is enough that a term begins so.
    """

    terms: tuple[str, ...]
    in_a_row: bool = False
    begins: bool = False


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, composed; runs without blanks among them as they stand."""
    return [each for word in _WORD.findall(text) for each in _plain(word)]


def spans_of(text: str) -> Iterator[tuple[int, int]]:
    """Where each word of a text stands."""
    return (each.span() for each in _WORD.finditer(text))


def terms_of(text: str, language: str) -> list[str]:
    """The terms of a text in order, as an index is told them."""
    terms: list[str] = []
    for word in words_of(text[:MOST_OF_A_TEXT]):
        terms.extend(_terms_of_word(word, language))
    return terms


def wanted_in(word: str, language: str) -> list[Wanted]:
    """What to look for when somebody asks for a word, as `words_of` gave it."""
    wanted = []
    for part, is_unspaced in _parts(word):
        if not is_unspaced:
            wanted.append(Wanted(_stems(part, language)))
        elif len(part) == 1:
            wanted.append(Wanted((part,), begins=True))
        else:
            wanted.append(Wanted(_pairs(part[:MOST_IN_A_ROW]), in_a_row=True))
    return wanted


def are_in(text: str, wanted: Iterable[Wanted], language: str) -> bool:
    """Whether a text has all of that in it, as an index would say that was told its terms."""
    told = f" {' '.join(terms_of(text, language))} "
    return all(_is_in(told, each) for each in wanted)


def manner(language: str) -> str:
    """Names how terms are made for a language: two texts with the same manner can be looked through together."""
    return f"{EDITION}-{_STEMMERS.get(language.partition('-')[0], 'plain')}"


def is_unspaced(word: str) -> bool:
    return _UNSPACED.search(word) is not None


def folded(word: str) -> str:
    """Without what a reader leaves out."""
    bare = _LEFT_OUT.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def _is_in(told: str, wanted: Wanted) -> bool:
    if wanted.begins:
        return f" {wanted.terms[0]}" in told
    ways = [" ".join(wanted.terms)] if wanted.in_a_row else wanted.terms
    return any(f" {each} " in told for each in ways)


def _plain(word: str) -> tuple[str, ...]:
    if word.isascii():
        return (word.lower()[:LONGEST],)
    # What is compatible may fall into several words: ½ becomes 1, a stroke and 2.
    small = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold()).translate(_NO_JOINERS)
    return tuple(each[:LONGEST] if not is_unspaced(each) else each for each in _WORD.findall(small))


_NO_JOINERS: Final = dict.fromkeys(map(ord, _JOINERS))


def _terms_of_word(word: str, language: str) -> Sequence[str]:
    terms: list[str] = []
    for part, is_run in _parts(word):
        if is_run:
            terms += [*_pairs(part), part[-1]]  # the last alone, so that each character begins a term
        else:
            terms += _stems(part, language)
    return terms


def _parts(word: str) -> list[tuple[str, bool]]:
    """A word in stretches with and without blanks between words: 第3回tram is three."""
    parts = []
    end = 0
    for run in _UNSPACED.finditer(word):
        parts += [(word[end : run.start()], False), (unicodedata.normalize("NFC", run[0]), True)]
        end = run.end()
    parts.append((word[end:], False))
    return [(part, is_run) for part, is_run in parts if part]


def _pairs(run: str) -> tuple[str, ...]:
    return tuple(run[place : place + 2] for place in range(len(run) - 1))


@lru_cache(maxsize=50_000)
def _stems(word: str, language: str) -> tuple[str, ...]:
    """The stem, and where accents make another one of it, that of the bare word: either may be typed."""
    bare = folded(word)
    found = (folded(_stem(word, language)), _stem(bare, language)) if bare != word else (_stem(word, language),)
    return tuple(dict.fromkeys(folded(each)[:LONGEST] for each in found if each)) or (word[:LONGEST],)


def _stem(word: str, language: str) -> str:
    name = _STEMMERS.get(language.partition("-")[0])
    if name is None or not word.isalpha():
        return word
    # A stemmer keeps the word it works on, so each thread has its own.
    own: dict[str, snowballstemmer.stemmer] = _of_thread.__dict__
    if name not in own:
        own[name] = snowballstemmer.stemmer(name)
    return str(own[name].stemWord(word)) or word


_of_thread = threading.local()
