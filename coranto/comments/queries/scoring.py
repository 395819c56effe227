"""What the score says of comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coranto.comments.models import Scoring, WordCount
from coranto.comments.rules.score import Counts, Mode, Score, score_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coranto.comments.models import Comment

LESSONS = ""


def scoring() -> Scoring:
    """What the score may do; the defaults where nothing was saved yet. One query."""
    return Scoring.objects.first() or Scoring()


def learned(words: Iterable[str]) -> tuple[dict[str, Counts], Counts]:
    """What is known of each of these words, and how many lessons there were. One query."""
    rows = WordCount.objects.filter(word__in={LESSONS, *words}).values_list("word", "wanted", "unwanted")
    counts = {word: Counts(wanted, unwanted) for word, wanted, unwanted in rows}
    return counts, counts.pop(LESSONS, Counts())


def score_comment(comment: Comment) -> tuple[float | None, bool]:
    """The score of a comment that was just written, and whether it waits for that. Two queries at most."""
    own = scoring()
    if own.mode == Mode.OFF:
        return None, False
    words = words_of(comment.html, website=comment.author_url)
    score = score_of(words, *learned(words))
    if score is None:
        return None, False
    return score.value, own.mode == Mode.ON and score.value * 100 >= own.hold_from


def explain_scores(comments: Sequence[Comment]) -> dict[int, Score]:
    """What would be said of each of them by now, and which words say it. One query."""
    words = {each.pk: words_of(each.html, website=each.author_url) for each in comments}
    counts, lessons = learned(word for own in words.values() for word in own)
    scores = {pk: score_of(own, counts, lessons) for pk, own in words.items()}
    return {pk: score for pk, score in scores.items() if score is not None}
