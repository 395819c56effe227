"""Comments as rows: their ids, their places in a thread, what the rows above them count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection, models, transaction

from coranto.comments.models import MAX_DEPTH, PATH_STEP, STANDING, Comment
from coranto.comments.rules.cursors import ancestors_of
from coranto.comments.rules.marks import mark_of_guest
from coranto.delivery import operations as delivery
from coranto.delivery.tags import tag
from coranto.kit.html import clean_comment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from coranto.comments.models import CommentQuerySet

# Beside the number of what is locked in the name of a pair; single numbers are other rooms'.
_TWINS: Final = 0x434F4D4D


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
        comments[draft] = _placed(
            Comment(
                article_id=draft.article_id,
                author_name=draft.author_name,
                author_email=draft.author_email,
                author_url=draft.author_url,
                commenter=mark_of_guest(draft.author_email, secret=settings.SECRET_KEY),
                html=clean_comment(draft.html),
                state=draft.state,
                written_at=draft.written_at or now,
            ),
            pk,
            parent,
        )
    _store(list(comments.values()))
    delivery.purge_tags(tags=[tag("comments", each.article_id) for each in comments.values()])
    return list(comments.values())


def insert_comment(comment: Comment, *, parent: Comment | None) -> Comment:
    """Store one that was just written. Inside the transaction of whoever wrote it; purges nothing."""
    _store([_placed(comment, _take_ids(1)[0], parent)])
    return comment


def _placed(comment: Comment, pk: int, parent: Comment | None) -> Comment:
    if parent is not None and parent.article_id != comment.article_id:
        raise ValueError(f"a comment under article {comment.article_id} cannot reply to one under {parent.article_id}")
    comment.pk = pk
    comment.parent_id = parent.pk if parent else None
    comment.path, comment.depth = _place_of(pk, parent)
    comment.root_id = int(comment.path[:PATH_STEP])
    return comment


def _store(comments: Sequence[Comment]) -> None:
    """Insert, and tell the comments above of those that stand."""
    here = {each.pk: each for each in comments}
    elsewhere: Counter[int] = Counter()
    for each in comments:
        if each.stands:
            for above in ancestors_of(each.path):
                if above in here:
                    here[above].shown_below += 1
                else:
                    elsewhere[above] += 1
    for each in comments:
        each.is_shown = each.stands or each.shown_below > 0
    lock_threads(each.path[:PATH_STEP] for each in comments if elsewhere)
    _insert(comments)
    count_below(elsewhere)


# Who waits for whom. All that changes comments takes its locks in this order, so that no two wait for each other:
#
# 1. `lock_twins`, the words somebody is about to write, of one comment at most;
# 2. `lock_threads`, the roots of all threads it touches, at once and by their ids;
# 3. no more: whoever holds the root may read and change every comment of the thread.
#
# SQLite needs none of it: a transaction is the only one that writes, from its beginning.


def lock_twins(comment: Comment) -> None:
    """Have whoever else writes the same words in the same place wait for us, who may be the same form sent twice."""
    if connection.features.has_select_for_update:
        parts = (comment.commenter, comment.article_id, comment.parent_id, comment.digest, comment.confirmed_at is None)
        mark = int.from_bytes(sha256(repr(parts).encode()).digest()[:4], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_TWINS, mark])


def lock_threads_of(comments: CommentQuerySet) -> None:
    """As `lock_threads`, of the threads of these rows. What was read of them before may be old by now."""
    if connection.features.has_select_for_update:
        lock_threads(root or pk for root, pk in comments.values_list("root_id", "pk"))


def lock_threads(roots: Iterable[str | int]) -> None:
    """Have whoever else changes a comment of these threads wait for us, until our transaction ends."""
    ids = {int(each) for each in roots}
    if ids and connection.features.has_select_for_update:
        list(Comment.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def count_below(changes: Mapping[int, int]) -> None:
    """Add to what each of these comments counts below itself; one that counts something is shown, as a tombstone."""
    by_change: dict[int, list[int]] = {}
    for pk, change in changes.items():
        if change:
            by_change.setdefault(change, []).append(pk)
    for change, pks in by_change.items():
        stays = models.Q(state__in=STANDING) | models.Q(shown_below__gt=-change)
        Comment.objects.filter(pk__in=pks).update(
            shown_below=models.F("shown_below") + change,
            is_shown=models.Case(models.When(stays, then=True), default=False),
        )


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
