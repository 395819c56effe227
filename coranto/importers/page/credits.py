"""The line over a syndicated piece, read by its shape where its words are not known."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coranto.importers.documents import CreditRead
from coranto.importers.page import labels, shapes
from coranto.importers.page.folding import names
from coranto.importers.rules.credit_lines import read_credit_line

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LENGTH: Final = 200
_SEPARATORS: Final = re.compile(r"\s*[,;|\u060c\u2013\u2014]\s+")
_TRAILING: Final = ":\uff1a.\u2026 \t,;"


def may_be_credit(text: str) -> bool:
    """Whether a line above the text announces it: it trails off, is short, and names somebody."""
    return (
        len(text) <= MAX_LENGTH
        and shapes.trails_off(text)
        and shapes.sentences(text.rstrip(_TRAILING)) == 0
        and (
            bool(names_in(text)) or labels.begins_with(text, labels.BY) > 0 or labels.begins_with(text, labels.VIA) > 0
        )
    )


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a page's credit lines say of each other, folded: names of outlets, and words such lines begin with."""

    outlets: frozenset[str] = frozenset()
    beginnings: frozenset[str] = frozenset()


def learn(lines: Sequence[str]) -> Learnt:
    """From all credit lines of a page: those with two names tell the outlets, words that come again are labels."""
    found = [credit for line in lines if (credit := read_credit(line)) is not None]
    outlets = {labels.fold(credit.outlet) for credit in found if credit.people and credit.outlet}
    firsts = Counter(labels.fold(line.split()[0]) for line in lines)
    within = {labels.fold(word) for line in lines for word in line.split()[1:] if word.islower()}
    return Learnt(frozenset(outlets), frozenset(word for word, count in firsts.items() if count > 1 or word in within))


def read_credit(text: str, learnt: Learnt = Learnt()) -> CreditRead | None:
    """Who wrote it and who carried it."""
    known = read_credit_line(text)
    if known is not None:
        relation = _as_opinion(known.relation, text, known.people, known.outlet)
        return CreditRead(relation, known.people, known.outlet)
    names = names_in(text)
    if len(names) >= 2:
        return _of_several(text, names)
    if not names:
        return _without_capitals(text)
    name = names[0]
    before = text[: text.index(name)]
    first, _, rest = name.partition(" ")
    is_label = labels.fold(first) in learnt.beginnings or rest.split(" ")[0].casefold() in labels.ARTICLE_WORDS
    if not before and len(rest.split()) > 1 and is_label:
        name, before = rest, first
    if _is_outlet(name, before, text, learnt.outlets):
        return CreditRead("via", (), name)
    return CreditRead("op-ed-via" if labels.words_in(before, labels.OPINION) else "authored-by", (name,), "")


def _as_opinion(relation: str, text: str, people: Sequence[str], outlet: str) -> str:
    if relation == "authored-by" and people and outlet:
        between = text[text.index(people[-1]) + len(people[-1]) : text.rindex(outlet)]
        if re.search(r"\bop-?\s?ed\b|\bopinion\b", between, re.IGNORECASE):
            return "op-ed-via"
    return relation


def _of_several(text: str, names: Sequence[str]) -> CreditRead:
    """The last name is the outlet's when more than a comma or an "and" stands before it."""
    *people, last = names
    start = text.index(people[-1]) + len(people[-1])
    between = text[start : text.rindex(last)].strip(" ,;|()\u060c\u2013\u2014-")
    words = between.split()
    if not words or (len(words) == 1 and labels.fold(words[0]) in _AND):
        return CreditRead("authored-by", tuple(names), "")
    # "…, opinion via …": a bare preposition says who carried it, a noun before that what it is.
    before = text[: text.index(people[0])]
    is_opinion = labels.words_in(f"{before} {between}", labels.OPINION) > 0 or (
        len(words) >= 2 and labels.begins_with(between, labels.VIA, within=len(words)) < len(words)
    )
    return CreditRead("op-ed-via" if is_opinion else "authored-by", tuple(people), last)


_AND: Final = names("and & y e et und en i och og ja ve и و a")


def _is_outlet(name: str, before: str, text: str, outlets: frozenset[str]) -> bool:
    if labels.fold(name) in outlets:
        return True
    by = labels.begins_with(before, labels.BY) if before.strip() else 0
    via = labels.begins_with(before, labels.VIA) if before.strip() else 0
    if bool(by) != bool(via):
        return bool(via)
    if name.split(maxsplit=1)[0].casefold() in labels.ARTICLE_WORDS:
        return True
    # A colon hands over to a person, dots to a page that goes on elsewhere.
    return text.rstrip().endswith(("\u2026", "..."))


def _without_capitals(text: str) -> CreditRead | None:
    """In a script without capitals only known words part the names."""
    line = text.rstrip(_TRAILING)
    people: list[str] = []
    outlet, relation = "", ""
    for part in _SEPARATORS.split(line):
        by, via = labels.begins_with(part, labels.BY), labels.begins_with(part, labels.VIA)
        opinion = labels.begins_with(part, labels.OPINION, within=3)
        words = part.split()
        if opinion and opinion < len(words):
            rest = words[opinion:]
            skip = labels.begins_with(" ".join(rest), labels.VIA, within=2)
            outlet, relation = " ".join(rest[skip:]), "op-ed-via"
        elif by:
            people.append(" ".join(words[by:]))
        elif via:
            outlet = " ".join(words[via:])
    people = [each for each in people if each]
    if not people and not outlet:
        return None
    return CreditRead(relation or ("authored-by" if people else "via"), tuple(people), outlet)


def names_in(text: str) -> list[str]:
    """Runs of two capitalised words or more; small words may stand within.

    The line's own first word is left out where it is big only because the line begins with it.
    """
    line = text.rstrip(_TRAILING)
    names: list[str] = []
    run: list[str] = []

    def end() -> None:
        while run and run[-1] in _INNER:
            run.pop()
        if len(run) >= 2 or (len(run) == 1 and "." in run[0].strip(".")):
            names.append(" ".join(run))
        run.clear()

    words = line.split()
    for place, word in enumerate(words):
        bare = word.strip('()[],;:|"\u201c\u201d\u00ab\u00bb\u060c')
        is_capital = bool(bare) and shapes.has_case(bare) and shapes.is_big(bare) and not bare[0].isdigit()
        if (is_capital and not (place == 0 and _is_label(words))) or (run and bare in _INNER):
            run.append(bare)
        else:
            end()
        if word != bare and word.endswith((",", ";", ":", ")", "\u060c")):
            end()
    end()
    return [name for name in names if name]


_INNER: Final = names(
    "de da do dos das di del della der den des du van von la le el of the and & y e i et und för für for"
)


def _is_label(words: Sequence[str]) -> bool:
    """Whether the first word is the line's and not a name's: known, or followed by a small word."""
    first = " ".join(words[:1])
    if (
        labels.begins_with(first, labels.BY)
        or labels.begins_with(first, labels.VIA)
        or labels.begins_with(first, labels.OPINION)
    ):
        return True
    second = words[1] if len(words) > 1 else ""
    return bool(second) and not shapes.is_big(second) and second not in _INNER - {"de", "von", "da", "di", "of"}
