"""The published versions of an article, as the newsroom sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from coranto.newsroom.models import ArticleVersion, VersionWithdrawal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from coranto.masthead.models import Account
    from coranto.newsroom.models import Article

LENGTH = 30
DIGITS = 9  # of a number both databases can hold


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    number: int
    published_at: datetime
    published_by: Account | None
    kind: str
    note: str
    sha256: str
    withdrawal: VersionWithdrawal | None
    is_out: bool


@dataclass(frozen=True, slots=True)
class PublishedVersions:
    """A stretch of them, newest first. `next_before` asks for what follows; 0 at the end."""

    versions: Sequence[PublishedVersion]
    next_before: int = 0


def published_versions(article: Article, *, before: str = "") -> PublishedVersions:
    """The versions below the number `before`. Three queries at most. Raises `ValueError` for what is no number."""
    withdrawals = VersionWithdrawal.objects.in_force().select_related("withdrawn_by")
    rows = (
        ArticleVersion.objects.filter(article_id=article.pk)
        .defer("document")
        .select_related("published_by")
        .prefetch_related(Prefetch("withdrawals", withdrawals, to_attr="in_force"))
        .order_by("-number")
    )
    if before:
        if not (before.isascii() and before.isdigit() and len(before) <= DIGITS):
            raise ValueError(before)
        rows = rows.filter(number__lt=int(before))
    found = list(rows[: LENGTH + 1])
    newest = None if before or not found else found[0].number
    told = [_told(each, is_out=article.live and each.number == newest) for each in found[:LENGTH]]
    return PublishedVersions(told, told[-1].number if len(found) > LENGTH else 0)


def _told(version: Any, *, is_out: bool) -> PublishedVersion:
    return PublishedVersion(
        number=version.number,
        published_at=version.published_at,
        published_by=version.published_by,
        kind=str(version.get_kind_display()),
        note=version.note,
        sha256=version.sha256,
        withdrawal=next(iter(version.in_force), None),
        is_out=is_out,
    )
