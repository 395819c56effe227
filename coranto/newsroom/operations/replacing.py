"""An article that came from elsewhere and has changed there, replaced as an editor would do it."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from django.db import transaction

from coranto.newsroom.models import ArticleAuthor, ArticleTopic
from coranto.newsroom.operations.publishing import UNSAID
from coranto.newsroom.rules import ChangeKind

if TYPE_CHECKING:
    from datetime import datetime

    from coranto.masthead.models import Account
    from coranto.newsroom.models import Article
    from coranto.newsroom.operations.importing import ArticleDraft


@transaction.atomic
def replace_article(*, article: Article, draft: ArticleDraft, by: Account | None, now: datetime) -> Article:
    """Give an article the contents of a draft, as a revision, published where the draft is live.

    Its slug stays, whatever the draft's, unless another article has it in a new section. Readers are told of an
    update when the draft says when it was (`updated_at`), else not. One that was live and is no longer is unpublished.
    """
    current: Article = article.get_latest_revision_as_object()
    if draft.section.pk != article.get_parent().pk:
        _move(article, draft, by=by)
        current.slug = article.slug
        current.path, current.depth, current.url_path = article.path, article.depth, article.url_path
    told = draft.updated_at is not None and article.updated_at != draft.updated_at <= now
    current.title = current.draft_title = draft.headline
    for name in (
        "standfirst",
        "picture_caption",
        "comment_policy",
        "visibility",
        "password",
        "seo_title",
        "search_description",
        "desk_note",
        "views_before",
        "picture",
        "updated_at",
        "go_live_at",
    ):
        setattr(current, name, getattr(draft, name))
    current.body = draft.body
    current.first_published_at = article.first_published_at or draft.first_published_at
    for name, nothing in UNSAID.items():
        setattr(current, name, nothing)
    current.change_kind = ChangeKind.UPDATE if told else ChangeKind.TYPO
    current.bylines = [ArticleAuthor(author=each, sort_order=i) for i, each in enumerate(draft.authors)]
    current.tagged_topics = [ArticleTopic(tag=each) for each in draft.topics]
    current.credits = [each.row(sort_order=i) for i, each in enumerate(draft.credits)]
    current.further_sections = list(draft.further_sections)
    revision = current.save_revision(user=by, clean=False)
    if draft.live or draft.go_live_at:
        revision.publish(user=by)
    elif article.live:
        article.unpublish(user=by)
    article.refresh_from_db()
    return article


def _move(article: Article, draft: ArticleDraft, *, by: Account | None) -> None:
    """Below another section, under a slug that is free there."""
    taken = set(draft.section.get_children().values_list("slug", flat=True))
    free = (f"{article.slug}-{number}" for number in count(2))
    if article.slug in taken:
        article.slug = next(each for each in free if each not in taken)
        article.save(update_fields=["slug", "url_path"])
    article.move(draft.section, pos="last-child", user=by)
    article.refresh_from_db()
