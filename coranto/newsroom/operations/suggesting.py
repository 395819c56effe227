"""The archive's vocabulary, from which a search that finds nothing is told what may have been meant."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F

from coranto.delivery import operations as delivery
from coranto.jobs.operations import let_others_write
from coranto.kit import spelling, terms
from coranto.newsroom.models import Article, SearchEntry, SearchSpelling, SearchWord
from coranto.newsroom.operations.searching import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

BATCH: Final = 50
IN_ONE_GO: Final = 5000
# Words in these are looked up at once; SQLite takes so many values in a statement and no more.
CHUNK: Final = 500
# Half of all words of a large archive stand in one article alone, slips among them: they are kept to be counted on,
# and suggested once they stand in a second.
LARGE: Final = 20_000


def count_search_words(*, now: datetime) -> int:  # noqa: ARG001 - as all regular work is called
    """Count the words of articles that are new in the index, each article once; returns how many articles.

    What an article says later is not counted again, and what is withdrawn not subtracted: a count says how usual a
    word is, and nothing is suggested before the index has shown that it is to be found.
    """
    due = SearchEntry.objects.filter(is_counted=False).exclude(manner="").order_by("-key")
    ids = list(due.values_list("article_id", flat=True)[:IN_ONE_GO])
    for start in range(0, len(ids), BATCH):
        if start:
            let_others_write()
        _count(ids[start : start + BATCH])
    return len(ids)


@transaction.atomic
def _count(ids: list[int]) -> None:
    counts: Counter[str] = Counter()
    related = "bylines__author", "credits", "tagged_topics__tag"
    for article in Article.objects.filter(pk__in=ids).prefetch_related(*related):
        text = "\n".join([article.title, article.standfirst, article.body_text, *names_of(article)])
        counts.update({each for each in terms.words_of(text[: terms.MOST_OF_A_TEXT]) if _is_suggested(each)})
    least = 2 if SearchWord.objects.order_by("pk")[LARGE : LARGE + 1].exists() else 1
    words = sorted(counts)
    for start in range(0, len(words), CHUNK):
        _add(words[start : start + CHUNK], counts, least)
    SearchEntry.objects.filter(article__in=ids).update(is_counted=True)
    delivery.purge_tags(tags=["search"])


def _is_suggested(word: str) -> bool:
    return (
        spelling.SHORTEST < len(word) <= spelling.LONGEST
        and not any(each.isdigit() for each in word)
        and not terms.is_unspaced(word)
    )


def _add(words: Sequence[str], counts: Counter[str], least: int) -> None:
    before = dict(SearchWord.objects.filter(word__in=words).values_list("word", "articles"))
    # Most words stand in one or two of these articles: few statements, where one for each word would take minutes.
    known = defaultdict(list)
    for word in before:
        known[counts[word]].append(word)
    for more, some in known.items():
        SearchWord.objects.filter(word__in=some).update(articles=F("articles") + more)
    SearchWord.objects.bulk_create(
        [SearchWord(word=word, articles=counts[word]) for word in words if word not in before], batch_size=CHUNK
    )
    grown = [each for each in words if before.get(each, 0) < least <= before.get(each, 0) + counts[each]]
    SearchSpelling.objects.bulk_create(
        [
            SearchSpelling(key=key, word=each)
            for each in SearchWord.objects.filter(word__in=grown)
            for key in sorted(spelling.keys_of(terms.folded(each.word)))
        ],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )
