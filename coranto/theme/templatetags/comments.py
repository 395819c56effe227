"""The comments under an article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from coranto.comments import queries
from coranto.comments.forms import CommentForm
from coranto.comments.queries.own import NOBODY
from coranto.comments.rules.cursors import Sort
from coranto.comments.rules.policy import Pause, Who
from coranto.newsroom.rules import CommentPolicy
from coranto.theme import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from coranto.comments.models import Comment
    from coranto.newsroom.models import Article

register = template.Library()


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who may write below an article. The form is there where anybody may; all others are asked who they are first."""

    who: str
    is_shut: bool
    form: CommentForm | None


@dataclass(frozen=True, slots=True)
class SortLink:
    label: str
    cursor: str
    is_current: bool


@register.inclusion_tag("comments/thread.html", takes_context=True)
def thread(context: Mapping[str, Any], article: Article) -> Mapping[str, Any]:
    """The article's comments, from the place `?comments=` names; one we did not write is the beginning."""
    page = _page(context["request"], article)
    labels = {
        Sort.OLDEST: _("Oldest first"),
        Sort.NEWEST: _("Newest first"),
        Sort.REPLIED: _("Most replied first"),
    }
    return {
        "thread": page,
        "article": article,
        "invitation": _invitation() if article.comment_policy == CommentPolicy.OPEN else None,
        "sorts": [SortLink(label, str(sort), page.sort is sort) for sort, label in labels.items()],
    }


def _invitation() -> Invitation:
    known = queries.commenting()
    is_shut = known.pause == Pause.SHUT
    takes_all = known.who == Who.ANYONE and not is_shut
    form = CommentForm(writer=NOBODY, auto_id="comment-%s") if takes_all else None
    return Invitation(who=known.who, is_shut=is_shut, form=form)


@register.simple_tag(takes_context=True)
def comment_count(context: Mapping[str, Any], article: Article) -> int:
    """How many comments stand on the article's page; the thread is read once for both."""
    return _page(context["request"], article).total


def _page(request: HttpRequest, article: Article) -> queries.ThreadPage:
    read: dict[int, queries.ThreadPage] = getattr(request, "threads_read", {})
    if article.pk not in read:
        read = request.threads_read = {**read, article.pk: _thread_page(request, article)}  # type: ignore[attr-defined]
    return read[article.pk]


def _thread_page(request: HttpRequest, article: Article) -> queries.ThreadPage:
    try:
        return queries.thread_page(article_id=article.pk, cursor=request.GET.get("comments", ""))
    except ValueError:
        return queries.thread_page(article_id=article.pk)


@register.inclusion_tag("comments/link.html")
def comments_link(article: Article) -> Mapping[str, Any]:
    """How many comments an article has, and where they are, for a place where they are not shown."""
    return {"thread": queries.thread_page(article_id=article.pk, length=1), "article": article}


@register.simple_tag
def writer_name(comment: Comment) -> str:
    """Who wrote it; of somebody who has gone there is no name."""
    return comment.author_name or _("A former reader")


@register.simple_tag
def portrait(comment: Comment) -> SafeString:
    """The drawing a reader has chosen; of everybody else one that stands for the name."""
    if comment.avatar_seed:
        return format_html(
            '<img class="comment__portrait" src="{}" alt="" width="40" height="40" loading="lazy">',
            reverse("readers_avatar", args=[comment.avatar_seed]),
        )
    return render_to_string("parts/seal.html", {"seal": rules.seal_of(comment.author_name)})
