"""What makes a comment wait for an editor: small rules, each of which says nothing or one reason.

None deletes anything, and none is final: an editor decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.comments.rules.policy import Pause
from coranto.comments.rules.words import links_in, without_hidden
from coranto.kit.html import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# How long back is looked for the same words, for one writer's and a range's haste, and for a rush to one article.
REPEATED_WITHIN: Final = timedelta(days=7)
HASTE_WITHIN: Final = timedelta(minutes=10)
RUSH_WITHIN: Final = timedelta(minutes=1)
MOST_BY_WRITER, MOST_BY_RANGE, MOST_UNDER_ARTICLE = 5, 20, 30


class Reason(models.TextChoices):
    """Why a comment waits."""

    PAUSED = "paused", _("every comment waits for now")
    CLOSED = "closed", _("comments on the article were closed meanwhile")
    FIRST = "first", _("the first comment of this person by this name")
    LINKS = "links", _("many links")
    WORDS = "words", _("a word from the list")
    REPEATED = "repeated", _("the same words again")
    WRITER = "writer", _("many comments of this person at once")
    RANGE = "range", _("many comments from this part of the network")
    RUSH = "rush", _("many comments on this article at once")
    TRAP = "trap", _("the field was filled in that people do not see")
    SCORE = "score", _("its words are like those of comments the editors took away")
    APPEAL = "appeal", _("its writer asks to look again")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state a comment is given, and why it is not shown at once; `score` is what was learned, if anything."""

    state: str
    reasons: Sequence[str] = ()
    score: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known of a comment besides its words. The counts are of other comments, no further than they matter.

    `was_approved_before` is of its writer under the name it bears.
    """

    pause: str
    holds_first: bool
    most_links: int
    banned_words: str
    was_approved_before: bool
    is_open: bool = True
    is_repeated: bool = False
    by_writer: int = 0
    by_range: int = 0
    under_article: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    name: str
    source: str
    html: str


def reasons_to_hold(words: Words, facts: Facts) -> list[Reason]:
    """Every reason, in the order of `Reason`."""
    return [reason for reason, speaks in _RULES.items() if speaks(words, facts)]


def _holds_banned_word(words: Words, facts: Facts) -> bool:
    pattern = banned_pattern(facts.banned_words)
    if pattern is None:
        return False
    # The source has the addresses of links, the text what references and marks of emphasis within a word hide.
    looked_at = f"{words.name}\n{words.source}\n{text_of(words.html)}"
    return pattern.search(without_hidden(looked_at).casefold()) is not None


@lru_cache(maxsize=8)
def banned_pattern(lines: str) -> re.Pattern[str] | None:
    """What finds any of these words or phrases, one a line; `*` at an end is any continuation of the word."""
    known = [" ".join(line.casefold().split()) for line in without_hidden(lines).splitlines()]
    parts = [_pattern_of(line) for line in known if line.strip("*")]
    return re.compile("|".join(parts)) if parts else None


def _pattern_of(line: str) -> str:
    start = "" if line.startswith("*") else r"(?<!\w)"
    end = "" if line.endswith("*") else r"(?!\w)"
    return start + re.escape(line.strip("*")).replace(r"\ ", r"\s+") + end


_RULES: Final[dict[Reason, Callable[[Words, Facts], bool]]] = {
    # What is confirmed or edited while no comment is taken at all waits too.
    Reason.PAUSED: lambda _words, facts: facts.pause != Pause.NONE,
    Reason.CLOSED: lambda _words, facts: not facts.is_open,
    Reason.FIRST: lambda _words, facts: facts.holds_first and not facts.was_approved_before,
    Reason.LINKS: lambda words, facts: links_in(words.html) > facts.most_links,
    Reason.WORDS: _holds_banned_word,
    Reason.REPEATED: lambda _words, facts: facts.is_repeated,
    Reason.WRITER: lambda _words, facts: facts.by_writer >= MOST_BY_WRITER,
    Reason.RANGE: lambda _words, facts: facts.by_range >= MOST_BY_RANGE,
    Reason.RUSH: lambda _words, facts: facts.under_article >= MOST_UNDER_ARTICLE,
}
