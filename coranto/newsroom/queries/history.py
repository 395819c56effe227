"""An article's past: the versions that were published, and what differs from one to the next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from coranto.delivery.tags import carry, tag
from coranto.newsroom.differences import Change, Part, Row, Stretch, difference, folded
from coranto.newsroom.models import ArticleVersion, VersionWithdrawal
from coranto.newsroom.queries.versions import FOR_READERS, parts_of
from coranto.newsroom.rules import was_as_open

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from coranto.newsroom.models import Article
    from coranto.newsroom.models.version import ArticleVersionQuerySet

HISTORY_LENGTH = 10


class NoSuchVersionError(LookupError):
    """The article has no version of this number."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions, changed stretches and unchanged ones in turn."""

    before: int
    after: int
    stretches: Sequence[Stretch]

    @property
    def changes(self) -> int:
        return sum(len(each.rows) for each in self.stretches if each.is_changed)

    @property
    def is_of_form(self) -> bool:
        """Whether only links or formatting differ."""
        rows = [row for each in self.stretches if each.is_changed for row in each.rows]
        return bool(rows) and all(row.change is Change.FORM for row in rows)


@dataclass(frozen=True, slots=True)
class PastVersion:
    """A published version as readers may see it.

    Where `withdrawn_because` says why it was withdrawn, or `is_open` that it was never published for whoever may
    read the article today, it has no words: no headline, no note, no difference.
    """

    number: int
    published_at: datetime
    kind: str
    kind_label: str
    sha256: str
    is_open: bool
    is_withdrawn: bool
    withdrawn_because: str = ""
    withdrawn_at: datetime | None = None
    note: str = ""
    passage: str = ""
    headline: str = ""
    difference: Difference | None = None

    @property
    def has_words(self) -> bool:
        return self.is_open and not self.is_withdrawn


@dataclass(frozen=True, slots=True)
class History:
    """A stretch of an article's versions, newest first. `next_before` asks for what follows; 0 at the end."""

    latest: int
    versions: Sequence[PastVersion]
    next_before: int = 0
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions beside each other; no difference where the words of one of them are not to be shown."""

    before: PastVersion
    after: PastVersion
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version as it was, as text; no parts where its words are not to be shown."""

    latest: int
    version: PastVersion
    parts: Sequence[Part]
    document: bytes = b""


def history(article: Article, *, before: int | None = None) -> History:
    """The versions below the number `before`, each with what differs from the one before it. Three queries.

    Reads ten documents and one more, however many versions there are.
    """
    carry(tag("page", article.pk))
    rows = _versions(article).order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = list(rows[: HISTORY_LENGTH + 1])
    told = [
        _past(version, article, former)
        for version, former in zip(found[:HISTORY_LENGTH], [*found[1:], None], strict=False)
    ]
    more = len(found) > HISTORY_LENGTH
    return History(latest_number(article), told, told[-1].number if more else 0, is_first=before is None)


def compare_versions(article: Article, before: int, after: int) -> Comparison:
    """Two versions, the older one first whatever the order asked for. Two queries. Raises `NoSuchVersionError`."""
    carry(tag("page", article.pk))
    before, after = sorted((before, after))
    found = {each.number: each for each in _versions(article).filter(number__in=[before, after])}
    if before not in found or after not in found:
        raise NoSuchVersionError
    one, other = found[before], found[after]
    both = _past(one, article), _past(other, article)
    words = all(each.has_words for each in both)
    return Comparison(*both, _difference(one, other) if words else None)


def version_page(article: Article, number: int) -> VersionPage:
    """One version. Three queries. Raises `NoSuchVersionError`."""
    carry(tag("page", article.pk))
    version = _versions(article).filter(number=number).first()
    if version is None:
        raise NoSuchVersionError
    past, latest = _past(version, article), latest_number(article)
    if not past.has_words:
        return VersionPage(latest, past, ())
    document = bytes(version.document)
    return VersionPage(latest, past, parts_of(json.loads(document), FOR_READERS), document)


def latest_number(article: Article) -> int:
    """The number of the version published last; 0 before the first. One query."""
    carry(tag("page", article.pk))
    numbers = ArticleVersion.objects.filter(article_id=article.pk).order_by("-number").values_list("number", flat=True)
    return numbers.first() or 0


def _versions(article: Article) -> ArticleVersionQuerySet:
    withdrawals = Prefetch("withdrawals", VersionWithdrawal.objects.in_force(), to_attr="in_force")
    found: ArticleVersionQuerySet = ArticleVersion.objects.filter(article_id=article.pk).prefetch_related(withdrawals)
    return found


def _past(version: Any, article: Article, former: Any = None) -> PastVersion:
    withdrawal = next(iter(version.in_force), None)
    told = {
        "number": version.number,
        "published_at": version.published_at,
        "kind": version.kind,
        "kind_label": version.get_kind_display(),
        "sha256": version.sha256,
        "is_open": was_as_open(version.visibility, article.visibility),
        "is_withdrawn": withdrawal is not None,
        "withdrawn_because": withdrawal.reason if withdrawal else "",
        "withdrawn_at": withdrawal.withdrawn_at if withdrawal else None,
    }
    bare = PastVersion(**told)
    if not bare.has_words:
        return bare
    differs = former is not None and _past(former, article).has_words
    return PastVersion(
        **told,
        note=version.note,
        passage=version.passage,
        headline=json.loads(bytes(version.document)).get("headline", ""),
        difference=_difference(former, version) if differs else None,
    )


def _difference(before: ArticleVersion, after: ArticleVersion) -> Difference:
    one, other = (parts_of(json.loads(bytes(each.document)), FOR_READERS) for each in (before, after))
    rows: list[Row] = difference(one, other)
    return Difference(before.number, after.number, folded(rows))
