"""Comments under what was imported: those that are new, each below what it replies to."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from coranto.comments.models import Comment
from coranto.comments.operations import CommentDraft, add_comments
from coranto.importers.documents import Skipped
from coranto.importers.operations.ledger import COMMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from coranto.importers.documents import CommentRead
    from coranto.importers.operations.ledger import Ledger
    from coranto.importers.rules.reports import Report

_CHUNK: Final = 4_000
_validate_url = URLValidator(schemes=["http", "https"])

Under = tuple[int, "CommentRead | Skipped"]


def add_threads(
    under: Iterable[tuple[int, Iterable[CommentRead | Skipped]]], *, ledger: Ledger, report: Report, now: datetime
) -> None:
    """Add the comments of many articles, given by article id, that are not here yet.

    In chunks, whatever article they are under: an article with very many does not fill the memory.
    """
    flat: Iterator[Under] = ((article_id, comment) for article_id, comments in under for comment in comments)
    while chunk := list(islice(flat, _CHUNK)):
        _add_chunk(chunk, ledger=ledger, report=report, now=now)


def _add_chunk(chunk: Sequence[Under], *, ledger: Ledger, report: Report, now: datetime) -> None:
    reads: dict[str, tuple[int, CommentRead]] = {}
    for article_id, each in chunk:
        if isinstance(each, Skipped):
            report.skip(kind=each.kind, source_id=each.key, reason=each.reason)
        elif each.key in reads:
            report.skip(kind="comment", source_id=each.key, reason="a comment with the same id came before")
        else:
            reads[each.key] = (article_id, each)
    parents = {each.parent_key for _, each in reads.values() if each.parent_key and each.parent_key not in reads}
    known = ledger.comments([*reads, *parents])
    fresh = {key: pair for key, pair in reads.items() if key not in known}
    report.unchanged["comments"] += len(reads) - len(fresh)
    if not fresh:
        return
    needed = {each.parent_key for _, each in fresh.values()} & known.keys()
    stored = Comment.objects.in_bulk([known[key] for key in needed])
    drafts: dict[str, CommentDraft] = {}
    for key in _parents_first(fresh):
        article_id, read = fresh[key]
        parent = drafts.get(read.parent_key) or stored.get(known.get(read.parent_key, 0))
        if read.parent_key and (parent is None or parent.article_id != article_id):
            parent = None
            report.remarks["comments whose parent is not in the export stand on their own"] += 1
        drafts[key] = _draft(article_id, read, parent)
    comments = add_comments(drafts=list(drafts.values()), now=now)
    ledger.write(COMMENT, [(key, comment.pk, "", "") for key, comment in zip(drafts, comments, strict=True)])
    report.created["comments"] += len(comments)


def _parents_first(fresh: dict[str, tuple[int, CommentRead]]) -> Iterator[str]:
    """Keys by date, each after the comment it replies to; a circle is cut where it is entered."""
    done: set[str] = set()
    for key in sorted(fresh, key=lambda key: _when(fresh[key][1])):
        chain = []
        at = key
        while at in fresh and at not in done:
            done.add(at)
            chain.append(at)
            at = fresh[at][1].parent_key
        yield from reversed(chain)


def _when(read: CommentRead) -> float:
    return read.written_at.timestamp() if read.written_at else 0.0


def _draft(article_id: int, read: CommentRead, parent: Comment | CommentDraft | None) -> CommentDraft:
    return CommentDraft(
        article_id=article_id,
        author_name=read.name or "Anonymous",
        author_email=_valid_email(read.email),
        author_url=_valid_url(read.url),
        html=read.html,
        state=read.state,
        written_at=read.written_at,
        reply_to=parent,
    )


@lru_cache(maxsize=20_000)
def _valid_email(email: str) -> str:
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email if len(email) <= 254 else ""  # noqa: PLR2004 - the column's length


@lru_cache(maxsize=20_000)
def _valid_url(url: str) -> str:
    if not url:
        return ""
    try:
        _validate_url(url)
    except ValidationError:
        return ""
    return url if len(url) <= 500 else ""  # noqa: PLR2004 - the column's length
