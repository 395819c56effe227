"""What readers look for. Any text may be asked for; none makes an error."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, timedelta
from math import ceil
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from coranto.delivery.tags import carry
from coranto.kit import excerpts, terms
from coranto.newsroom.backends import archive
from coranto.newsroom.models import Article, Author, Listing, SearchEntry
from coranto.newsroom.queries.cards import Card, cards_of
from coranto.newsroom.queries.lists import headlines
from coranto.newsroom.queries.suggestions import meant_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from coranto.kit.excerpts import Excerpt
    from coranto.kit.terms import Wanted
    from coranto.newsroom.models import Section

LENGTH: Final = 20
# Of what fits the newest so many are put in order by how well they fit: further back somebody is helped by another
# word, or by the order of dates, which goes on to the end.
MOST_RANKED: Final = 400
# To weigh a word SQLite runs through all the articles it stands in. Where all of many words occur, that is fit enough.
MOST_WEIGHED: Final = 4
PAGES: Final = MOST_RANKED // LENGTH
QUERY_LENGTH: Final = 200
QUERY_WORDS: Final = 12
QUERY_PARTS: Final = 2 * QUERY_WORDS
NAME_LENGTH: Final = 150
FEW: Final = 3  # found: perhaps another word was meant
NEWEST: Final = 4
BY_DATE: Final = "date"
DAYS_WITHIN: Final = {"week": 7, "month": 30, "year": 365}
PARAMETERS: Final = ("q", "sort", "section", "author", "within", "year", "page", "before")
_KEYS: Final = range(-(1 << 63), 1 << 63)
_DIGITS: Final = 20
_LETTERS_TOGETHER: Final = "\u200c\u200d"  # controls of writing, not of machines


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for, as the address says it; what is odd there is as if it were not there."""

    query: str = ""
    sort: str = ""
    section: str = ""
    author: str = ""
    within: str = ""
    year: str = ""
    odd_year: str = ""  # what was typed there and is none
    page: int = 1
    before: int | None = None

    @property
    def is_filtered(self) -> bool:
        return any((self.section, self.author, self.within, self.year))

    def address(self, **changes: object) -> str:
        """Of the same search with these changes, from its first page on."""
        wish = replace(self, **{"page": 1, "before": None, **changes})  # type: ignore[arg-type]
        told = {
            "q": wish.query,
            **{name: getattr(wish, name) for name in ("sort", "section", "author", "within", "year")},
            "page": wish.page if wish.page > 1 else "",
            "before": "" if wish.before is None else wish.before,
        }
        return "?" + urlencode({name: value for name, value in told.items() if value != ""})


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was found: its card, and a few lines in which the words are marked."""

    card: Card
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What a search found. `wish` is what was looked for: the reader's words, cleaned, and the page that is shown."""

    wish: Wish
    found: Sequence[Found] = ()
    was_asked: bool = False  # for words, or for the newest of an author, a section, a time
    is_cut_short: bool = False  # more words than are looked for
    is_unknown_author: bool = False
    ends_early: bool = False  # there is more, but it is not put in order
    next_address: str = ""
    previous_address: str = ""
    suggestion: str = ""
    newest: Sequence[Card] = ()

    @property
    def authors(self) -> Sequence[str]:
        """Who wrote what was found: whose name may be looked for next."""
        return sorted({author.name for each in self.found for author in each.card.authors})

    @property
    def suggestion_address(self) -> str:
        return self.wish.address(query=self.suggestion)

    @property
    def unfiltered_address(self) -> str:
        return self.wish.address(section="", author="", within="", year="")

    @property
    def best_address(self) -> str:
        return self.wish.address(sort="")

    @property
    def dated_address(self) -> str:
        return self.wish.address(sort=BY_DATE)


def read_wish(parameters: Mapping[str, str], known: Mapping[str, Section]) -> Wish:
    given = {name: parameters.get(name, "") for name in PARAMETERS}
    page, before, year = (_number(given[name]) for name in ("page", "before", "year"))
    is_year = year is not None and MINYEAR <= year < MAXYEAR
    return Wish(
        query=_legible(given["q"], QUERY_LENGTH),
        sort=BY_DATE if given["sort"] == BY_DATE else "",
        section=given["section"] if given["section"] in known else "",
        author=_legible(given["author"], NAME_LENGTH),
        within=given["within"] if given["within"] in DAYS_WITHIN else "",
        year=f"{year:04}" if is_year else "",
        odd_year="" if is_year else _legible(given["year"], _DIGITS),
        page=min(max(page or 1, 1), PAGES),
        before=before if before is not None and before in _KEYS else None,
    )


def _number(raw: str) -> int | None:
    """Thousands of digits are no number anybody means, and Python takes its time over them."""
    digits = raw.removeprefix("-")
    return int(raw) if len(raw) <= _DIGITS and digits.isascii() and digits.isdigit() else None


def _legible(raw: str, length: int) -> str:
    """What somebody typed as it may be shown again: no controls, no half characters, of bounded length."""
    text = unicodedata.normalize("NFC", raw[: 4 * length])
    kept = "".join(each if _is_legible(each) else " " for each in text)
    return " ".join(kept.split())[:length].rstrip()


def _is_legible(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"} or character in _LETTERS_TOGETHER


def search_results(wish: Wish, *, language: str, known: Mapping[str, Section], now: datetime) -> SearchResults:
    """Public articles in which all the words occur, best or newest first. A fixed number of queries.

    Without words, but with a section, an author or a time, they are the newest of those. The queries are three to find
    them, four for their cards, one for their texts; one more by an author's name; two to suggest another word and three
    for the newest articles where few or none are found.
    """
    carry("search")
    words = terms.words_of(wish.query)
    if not words and (wish.query or not wish.is_filtered):
        return SearchResults(wish=wish, newest=_newest(known))
    wish = wish if words else replace(wish, sort=BY_DATE)
    results = SearchResults(wish=wish, was_asked=True, is_cut_short=len(set(words)) > QUERY_WORDS)
    words = list(dict.fromkeys(words))[:QUERY_WORDS]
    author = _author(wish.author) if wish.author else None
    if wish.author and author is None:
        return replace(results, is_unknown_author=True, newest=_newest(known))
    question = _question(wish, words, language, known=known, author=author, now=now)
    results, keys = _by_date(results, question) if wish.sort == BY_DATE else _by_rank(results, question, language)
    results = replace(results, found=_found(keys, question.wanted, language, known))
    if words and len(results.found) < FEW and wish.page == 1 and wish.before is None:
        results = replace(results, suggestion=_suggestion(words, question, language))
    return results if results.found else replace(results, newest=_newest(known))


def _author(name: str) -> Author | None:
    carry("authors")  # whoever comes or is renamed may be the one
    # SQLite tells small letters from capitals where they have accents.
    by_name = Q(slug=slugify(name, allow_unicode=True)) | Q(name__iexact=name) | Q(name__iexact=name.title())
    return Author.objects.published().filter(by_name).order_by("pk").first()


def _newest(known: Mapping[str, Section]) -> Sequence[Card]:
    return headlines(Listing.Kind.LATEST, 0, known=known, length=NEWEST)


def _question(
    wish: Wish,
    words: Sequence[str],
    language: str,
    *,
    known: Mapping[str, Section],
    author: Author | None,
    now: datetime,
) -> archive.Question:
    facets = [archive.facet(Listing.Kind.SECTION, known[wish.section].pk)] if wish.section else []
    if author:
        facets.append(archive.facet(Listing.Kind.AUTHOR, author.pk))
    wanted = [each for word in words for each in terms.wanted_in(word, language)][:QUERY_PARTS]
    return archive.Question(wanted, facets, *_stretch(wish, now))


def _stretch(wish: Wish, now: datetime) -> tuple[int | None, int | None]:
    """From which key on and up to which: days begin at midnight where the publication is."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if wish.year:
        first, next_first = (today.replace(year=int(wish.year) + more, month=1, day=1) for more in (0, 1))
        return archive.key_at(first), archive.key_at(next_first)
    if wish.within:
        return archive.key_at(today - timedelta(days=DAYS_WITHIN[wish.within])), None
    return None, None


def _by_date(results: SearchResults, question: archive.Question) -> tuple[SearchResults, list[int]]:
    wish = results.wish
    ends = [each for each in (question.until, wish.before) if each is not None]
    keys = archive.newest(replace(question, until=min(ends, default=None)), length=LENGTH + 1)
    if not keys and wish.before is not None:  # past the last: as if nobody had said where to begin
        return _by_date(replace(results, wish=replace(wish, before=None)), question)
    more = wish.address(before=keys[LENGTH - 1]) if len(keys) > LENGTH else ""
    first = wish.address() if wish.before is not None else ""
    return replace(results, next_address=more, previous_address=first), keys[:LENGTH]


def _by_rank(results: SearchResults, question: archive.Question, language: str) -> tuple[SearchResults, list[int]]:
    wish = results.wish
    fitting = archive.newest(question, length=MOST_RANKED + 1)
    has_more = len(fitting) > MOST_RANKED
    # Past the last page there is the last one.
    wish = replace(wish, page=max(1, min(wish.page, ceil(len(fitting[:MOST_RANKED]) / LENGTH))))
    if has_more:
        question = replace(question, since=fitting[MOST_RANKED - 1])
    start = (wish.page - 1) * LENGTH
    if len(question.wanted) > MOST_WEIGHED:
        keys = _headlines_first(fitting[:MOST_RANKED], question.wanted, language)[start : start + LENGTH]
    else:
        keys = archive.best(question, start=start, length=LENGTH)
    goes_on = len(fitting[:MOST_RANKED]) > start + LENGTH
    return (
        replace(
            results,
            wish=wish,
            ends_early=has_more and not goes_on,
            next_address=wish.address(page=wish.page + 1) if goes_on else "",
            previous_address=wish.address(page=wish.page - 1) if wish.page > 1 else "",
        ),
        keys,
    )


def _headlines_first(fitting: Sequence[int], wanted: Sequence[Wanted], language: str) -> list[int]:
    """The newest first, but before all others those with each word in the headline: somebody has pasted one.

    One query. The index would go through all its headlines to say that the words stand together in none.
    """
    headlines = dict(SearchEntry.objects.filter(pk__in=fitting).values_list("pk", "article__title"))
    headed = {key for key, headline in headlines.items() if terms.are_in(headline, wanted, language)}
    return sorted(fitting, key=lambda key: key not in headed)


def _found(
    keys: Sequence[int], wanted: Sequence[Wanted], language: str, known: Mapping[str, Section]
) -> Sequence[Found]:
    ids = dict(SearchEntry.objects.filter(pk__in=keys).values_list("pk", "article_id")) if keys else {}
    cards = cards_of([ids[each] for each in keys if each in ids], known)
    standfirsts = {each.article.pk: excerpts.marked(each.article.standfirst, wanted, language) for each in cards}
    silent = [pk for pk, each in standfirsts.items() if wanted and not each.has_hits]
    bodies = {each.pk: each.body_text for each in Article.objects.filter(pk__in=silent).only("body")} if silent else {}
    found = []
    for card in cards:
        pk = card.article.pk
        excerpt = excerpts.around(bodies[pk], wanted, language) if pk in bodies else None
        found.append(Found(card, excerpt if excerpt and excerpt.pieces else standfirsts[pk]))
    return found


def _suggestion(words: Sequence[str], question: archive.Question, language: str) -> str:
    """The same search in words of the archive, where that finds something."""
    meant = meant_words(words)
    wanted = [each for word in meant for each in terms.wanted_in(word, language)][:QUERY_PARTS]
    if wanted == question.wanted:  # no other word, or one that is found by the same term
        return ""
    return " ".join(meant) if archive.newest(replace(question, wanted=wanted), length=1) else ""
