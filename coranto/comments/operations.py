"""What is done with comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, models, transaction

from coranto.comments.models import MAX_DEPTH, PATH_STEP, Comment
from coranto.delivery import operations as delivery
from coranto.delivery.tags import tag
from coranto.kit.html import clean_comment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True, eq=False)
class CommentDraft:
    """A comment as another room hands it over. `html` may be anybody's: it is sanitised here.

    `reply_to` is a stored comment, or a draft that stands before this one in the same call.
    """

    article_id: int
    author_name: str
    html: str
    state: str = Comment.State.HELD
    written_at: datetime | None = None
    author_email: str = ""
    author_url: str = ""
    reply_to: Comment | CommentDraft | None = None


@transaction.atomic
def add_comments(*, drafts: Sequence[CommentDraft], now: datetime) -> list[Comment]:
    """Store comments and their places in their threads; returns them in the order of the drafts.

    One insertion however many there are: the ids, of which the paths are made, are taken beforehand. Replies
    stand in the order of the drafts. A reply to a comment of another article raises `ValueError`.
    """
    ids = _take_ids(len(drafts))
    comments: dict[CommentDraft, Comment] = {}
    for pk, draft in zip(ids, drafts, strict=True):
        parent = comments[draft.reply_to] if isinstance(draft.reply_to, CommentDraft) else draft.reply_to
        if parent is not None and parent.article_id != draft.article_id:
            raise ValueError(
                f"a comment under article {draft.article_id} cannot reply to one under {parent.article_id}"
            )
        path, depth = _place_of(pk, parent)
        comments[draft] = Comment(
            pk=pk,
            article_id=draft.article_id,
            parent_id=parent.pk if parent else None,
            path=path,
            depth=depth,
            author_name=draft.author_name,
            author_email=draft.author_email,
            author_url=draft.author_url,
            html=clean_comment(draft.html),
            state=draft.state,
            written_at=draft.written_at or now,
        )
    _insert(list(comments.values()))
    delivery.purge_tags(tags=[tag("comments", each.article_id) for each in comments.values()])
    return list(comments.values())


def _insert(comments: Sequence[Comment]) -> None:
    # `bulk_create` would take five times as long, nearly all of it in composing SQL; an archive has 100,000.
    fields = Comment._meta.concrete_fields
    table, columns = Comment._meta.db_table, ", ".join(f'"{each.column}"' for each in fields)
    dates = [isinstance(each, models.DateTimeField) for each in fields]
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join(["%s"] * len(fields))})',  # noqa: S608 - our names
            [
                tuple(
                    adapt(value) if is_date else value
                    for value, is_date in zip((getattr(row, f.attname) for f in fields), dates, strict=True)
                )
                for row in comments
            ],
        )
    for row in comments:
        row._state.adding, row._state.db = False, connection.alias


def _place_of(pk: int, parent: Comment | None) -> tuple[str, int]:
    """Path and depth of the comment `pk` below `parent`; at the greatest depth a reply stands beside it."""
    own = f"{pk:0{PATH_STEP}d}"
    if parent is None:
        return own, 1
    above = parent.path if parent.depth < MAX_DEPTH else parent.path[: (MAX_DEPTH - 1) * PATH_STEP]
    return above + own, min(parent.depth + 1, MAX_DEPTH)


def _take_ids(count: int) -> Sequence[int]:
    """Ids that nobody else gets, rising. Inside the transaction that uses them."""
    if not count:
        return ()
    table = Comment._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return sorted(row[0] for row in cursor.fetchall())
        # SQLite gives AUTOINCREMENT ids from this table; the transaction holds the write lock already.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return range(first, first + count)
