"""Corrections and clarifications: of the whole paper, and of one article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from coranto.delivery.tags import carry, tag
from coranto.newsroom.models import Article, ArticleVersion, VersionWithdrawal
from coranto.newsroom.queries.cards import Card, headlines_of, sections
from coranto.newsroom.queries.lists import read_cursor, write_cursor
from coranto.newsroom.rules import NOTED, ChangeKind, NotePlace, Visibility, open_as

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from coranto.newsroom.models import Section

CORRECTIONS_LENGTH = 50


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    """A correction or clarification. `passage` is empty where it is about the whole article."""

    article: Card
    kind: str
    note: str
    passage: str
    published_at: datetime
    number: int
    place: str = NotePlace.FOOT

    @property
    def kind_label(self) -> str:
        return str(ChangeKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    """A stretch of all corrections, newest first. `next_cursor` asks for what follows; empty at the end."""

    items: Sequence[CorrectionItem]
    next_cursor: str = ""
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class Corrections:
    """What an article's page says of its past."""

    items: Sequence[CorrectionItem] = ()
    has_history: bool = False


def corrections(
    *,
    length: int = CORRECTIONS_LENGTH,
    before: str | None = None,
    known: Mapping[str, Section] | None = None,
) -> CorrectionsPage:
    """Corrections and clarifications of public articles from the cursor `before` on.

    Three queries, one more without `known`. Raises `ValueError` for a cursor we did not write.
    """
    carry("corrections")
    rows = (
        ArticleVersion.objects.noted()
        .not_withdrawn()
        .filter(Exists(Article.objects.public().filter(pk=OuterRef("article_id"))), visibility=Visibility.PUBLIC)
        .order_by("-noted_at", "-pk")
    )
    if before:
        at, pk = read_cursor(before)
        rows = rows.filter(noted_at__lte=at).exclude(noted_at=at, pk__gte=pk)
    found = list(
        rows.values_list("pk", "article_id", "kind", "note", "passage", "published_at", "number", "note_place")[
            : length + 1
        ]
    )
    # Also of the one that follows: were it gone, this might be the last page.
    carry(*(tag("page", each[1]) for each in found))
    shown = found[:length]
    ids = list(dict.fromkeys(each[1] for each in shown))
    cards = {each.article.pk: each for each in headlines_of(ids, sections() if known is None else known)}
    items = [
        CorrectionItem(cards[article_id], kind, note, passage, at, number, place or NotePlace.FOOT)
        for _pk, article_id, kind, note, passage, at, number, place in shown
        if article_id in cards
    ]
    last = shown[-1] if len(found) > length else None
    return CorrectionsPage(items, write_cursor(last[5], last[0]) if last else "", is_first=not before)


def corrections_of(article: Article) -> list[CorrectionItem]:
    """The corrections and clarifications of one article, newest first. One query."""
    return list(past_of(article).items)


def past_of(article: Article) -> Corrections:
    """An article's corrections, and whether there is a version before the one readers see. One query."""
    rows = (
        ArticleVersion.objects.filter(article_id=article.pk)
        .filter(Q(kind__in=NOTED) | Q(number=2))
        .annotate(is_withdrawn=Exists(VersionWithdrawal.objects.in_force().filter(version=OuterRef("pk"))))
        .order_by("-number")
        .values_list("number", "kind", "note", "passage", "published_at", "note_place", "visibility", "is_withdrawn")
    )
    card, allowed, items, has_history = Card(article=article, section=None), open_as(article.visibility), [], False
    for number, kind, note, passage, at, place, visibility, is_withdrawn in rows:
        has_history = True
        if kind in NOTED and not is_withdrawn and visibility in allowed:
            items.append(CorrectionItem(card, kind, note, passage, at, number, place or NotePlace.FOOT))
    return Corrections(items, has_history)


def past_of_draft(article: Article, *, now: datetime) -> Corrections:
    """The same with the note of the change that is being written, as if it were published now."""
    past = past_of(article) if article.pk else Corrections()
    if article.change_kind not in NOTED or not article.change_note.strip():
        return past
    place = article.change_note_place or NotePlace.FOOT
    coming = CorrectionItem(
        Card(article=article, section=None),
        article.change_kind,
        article.change_note,
        article.change_passage,
        now,
        0,
        place,
    )
    return Corrections([coming, *past.items], past.has_history)
