"""What is known of a comment besides its words, for those who judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection

from coranto.comments.models import Comment
from coranto.comments.queries.settings import takes_comments
from coranto.comments.rules import judging

if TYPE_CHECKING:
    from datetime import datetime

    from coranto.comments.models import Commenting

# Nobody is known by what never came to be: an address that was not confirmed may be anybody's.
_KNOWN: Final = tuple(each.value for each in Comment.State if each != Comment.State.WAITING)
_OTHERS: Final = f"""
    SELECT 1 FROM "{Comment._meta.db_table}" WHERE id <> %s AND state IN ({", ".join(f"'{each}'" for each in _KNOWN)})
"""  # noqa: S608 - our names
# One statement where the mapper would compose five, which takes it longer than to store the comment. None counts
# further than its rule looks: in a flood there are many. The first looks at the comment itself too, which is judged
# once more when it is edited, and at no other name: a guest types one anew each time.
_FACTS: Final = f"""
SELECT
    EXISTS (
        SELECT 1 FROM "{Comment._meta.db_table}"
        WHERE commenter = %s AND author_name = %s AND state = '{Comment.State.APPROVED}'
    ),
    EXISTS ({_OTHERS} AND digest = %s AND written_at > %s),
    (SELECT COUNT(*) FROM ({_OTHERS} AND commenter = %s AND written_at > %s LIMIT {judging.MOST_BY_WRITER}) AS a),
    (SELECT COUNT(*) FROM ({_OTHERS} AND origin = %s AND written_at > %s LIMIT {judging.MOST_BY_RANGE}) AS b),
    (SELECT COUNT(*) FROM ({_OTHERS} AND article_id = %s AND written_at > %s LIMIT {judging.MOST_UNDER_ARTICLE}) AS c)
"""  # noqa: S608


def facts_of(comment: Comment, *, known: Commenting, now: datetime) -> judging.Facts:
    """One query, where its article was read already."""
    was_approved, is_repeated, by_writer, by_range, under_article = _ask(comment, now)
    return judging.Facts(
        pause=known.pause,
        holds_first=known.holds_first,
        most_links=known.most_links,
        banned_words=known.banned_words,
        was_approved_before=bool(was_approved),
        is_open=takes_comments(comment.article),
        is_repeated=bool(is_repeated),
        by_writer=by_writer,
        by_range=by_range,
        under_article=under_article,
    )


def _ask(comment: Comment, now: datetime) -> tuple[int, ...]:
    # NULL is like nothing, as nobody is like another of whom nothing is known.
    commenter, digest, origin = comment.commenter or None, comment.digest or None, comment.origin or None
    adapt, pk = connection.ops.adapt_datetimefield_value, comment.pk or 0
    repeated, haste, rush = (
        adapt(now - each) for each in (judging.REPEATED_WITHIN, judging.HASTE_WITHIN, judging.RUSH_WITHIN)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _FACTS,
            [
                *(commenter, comment.author_name),
                *(pk, digest, repeated),
                *(pk, commenter, haste),
                *(pk, origin, haste),
                *(pk, comment.article_id, rush),
            ],
        )
        row: tuple[int, ...] = cursor.fetchone()
    return row
