"""The score learns from what editors decide, and from nothing else: what nobody has looked at teaches nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from coranto.comments.models import Lesson, WordCount
from coranto.comments.queries.scoring import LESSONS
from coranto.comments.rules.deciding import Verdict
from coranto.comments.rules.score import digest_of_words, words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from coranto.comments.models import Comment

# A word that was in one lesson and in none since says nothing, and may be somebody's name.
RARE_KEPT_FOR: Final = timedelta(days=180)
_AT_ONCE: Final = 1000


@transaction.atomic
def teach_score(*, comments: Collection[Comment], verdict: str, now: datetime) -> int:
    """Learn that editors let these through or took them away; how many lessons it was.

    The same words teach once, however often they come: a flood that is cleared away weighs as much as one comment of
    it. Taught with the other verdict, they first take back what they had taught.
    """
    wanted = {}
    for each in comments:
        words = words_of(each.html, website=each.author_url)
        if words:
            wanted[digest_of_words(words)] = words
    _take_turns(now.date())
    known = dict(Lesson.objects.filter(digest__in=wanted).values_list("digest", "verdict"))
    lessons = {digest: words for digest, words in wanted.items() if known.get(digest) != verdict}
    changes: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for digest, words in lessons.items():
        for word in (LESSONS, *words):
            changes[word][_column(verdict)] += 1
            if digest in known:
                changes[word][_column(known[digest])] -= 1
    Lesson.objects.bulk_create(
        [Lesson(digest=digest, verdict=verdict, taught_at=now) for digest in lessons],
        update_conflicts=True,
        unique_fields=["digest"],
        update_fields=["verdict", "taught_at"],
    )
    _count(changes, now.date())
    return len(lessons)


def _column(verdict: str) -> int:
    return 0 if verdict == Verdict.WANTED else 1


def _take_turns(today: date) -> None:
    """Whoever else teaches waits here: two who write the same words in another order would wait for each other."""
    _count({LESSONS: [0, 0]}, today)


def _count(changes: Mapping[str, Collection[int]], today: date) -> None:
    """Add to the counts, none of which falls below nothing: a rare word may have been forgotten since."""
    table = WordCount._meta.db_table
    # One statement for all words: a row is made where there is none yet (PostgreSQL and SQLite since 3.24).
    statement = f"""
        INSERT INTO "{table}" ("word", "wanted", "unwanted", "taught_on") VALUES (%s, %s, %s, %s)
        ON CONFLICT ("word") DO UPDATE SET
            "wanted" = CASE WHEN "{table}"."wanted" + %s > 0 THEN "{table}"."wanted" + %s ELSE 0 END,
            "unwanted" = CASE WHEN "{table}"."unwanted" + %s > 0 THEN "{table}"."unwanted" + %s ELSE 0 END,
            "taught_on" = excluded."taught_on"
    """  # noqa: S608 - our own name
    day = connection.ops.adapt_datefield_value(today)
    rows = [
        (word, max(wanted, 0), max(unwanted, 0), day, wanted, wanted, unwanted, unwanted)
        for word, (wanted, unwanted) in sorted(changes.items())
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def forget_rare_words(*, now: datetime) -> int:
    """Forget words that were in one lesson long ago; how many."""
    rare = WordCount.objects.exclude(word=LESSONS).filter(
        taught_on__lt=(now - RARE_KEPT_FOR).date(), wanted__lte=1, unwanted__lte=1
    )
    forgotten = 0
    while pks := list(rare.values_list("pk", flat=True)[:_AT_ONCE]):
        forgotten += WordCount.objects.filter(pk__in=pks).delete()[0]
    return forgotten
