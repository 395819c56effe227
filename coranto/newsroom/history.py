"""The public past of an article, and all corrections: for whom the article itself is to be read."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coranto.delivery.pages import public
from coranto.delivery.tags import carry
from coranto.newsroom import queries, views
from coranto.newsroom.queries import history as past
from coranto.newsroom.queries.history import NoSuchVersionError
from coranto.newsroom.rules import Visibility

if TYPE_CHECKING:
    from coranto.newsroom.models import Article

_HIGHEST: Final = 999_999_999  # that both databases hold
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@require_safe
@public(parameters=["from", "to", "before"])
def article_history(request: HttpRequest, section_slug: str, slug: str) -> HttpResponse:
    """Every published version of an article with what changed, or what differs between two of them."""
    article = queries.find_article(section_slug, slug)
    if article is None:
        return views.plain_page(request, f"{section_slug}/{slug}/history")
    if not views.is_open_to(request, article):
        return redirect(article.address)
    if "from" in request.GET or "to" in request.GET:
        return _compared(request, article)
    before = _number(request, "before")
    content = past.history(article, before=before)
    if before and not content.versions:
        raise _no_such_version()
    return _shown(request, article, "newsroom/history.html", {"history": content, "latest": content.latest})


def _compared(request: HttpRequest, article: Article) -> HttpResponse:
    latest = past.latest_number(article)
    before, after = _number(request, "from"), _number(request, "to")
    try:
        found = past.compare_versions(article, before or max(1, latest - 1), after or latest)
    except NoSuchVersionError as error:
        raise _no_such_version() from error
    return _shown(request, article, "newsroom/history_compared.html", {"comparison": found, "latest": latest})


@require_safe
@public()
def article_version(request: HttpRequest, section_slug: str, slug: str, number: int) -> HttpResponse:
    """One version as it was published, its words alone."""
    article = queries.find_article(section_slug, slug)
    if article is None:
        return views.plain_page(request, f"{section_slug}/{slug}/history/{number}")
    if not views.is_open_to(request, article):
        return redirect(article.address)
    found = _version(article, number)
    response = _shown(request, article, "newsroom/version.html", {"content": found, "version": found.version})
    if not found.version.has_words:
        response.status_code = HTTPStatus.GONE
    return response


@require_safe
@public()
def version_document(request: HttpRequest, section_slug: str, slug: str, number: int) -> HttpResponse:
    """The very bytes the SHA-256 of a version was made of, for whoever wants to see for themselves."""
    article = queries.find_article(section_slug, slug)
    if article is None:
        raise Http404
    if not views.is_open_to(request, article):
        return redirect(article.address)
    carry("menu")  # it stands below its section's address, as a page with a menu does
    found = _version(article, number)
    if not found.document:
        raise Http404(_("The words of this version are not shown."))
    response = HttpResponse(found.document, content_type="application/json")
    response["X-Robots-Tag"] = "noindex"
    return _kept_from_others(response, article)


@require_safe
@public(parameters=["before"])
def corrections(request: HttpRequest) -> HttpResponse:
    """Every correction and clarification of the paper, newest first."""
    known = queries.sections_for(request)
    try:
        listing = queries.corrections(before=request.GET.get("before"), known=known)
    except ValueError as error:
        raise Http404(_("There is no such place in this list.")) from error
    return render(request, "newsroom/corrections.html", {"listing": listing, "sections": known})


def _version(article: Article, number: int) -> past.VersionPage:
    if number > _HIGHEST:
        raise _no_such_version()
    try:
        return past.version_page(article, number)
    except NoSuchVersionError as error:
        raise _no_such_version() from error


def _number(request: HttpRequest, name: str) -> int | None:
    """A version's number from the address; None where none is given. Raises `Http404` for what is no number."""
    given = request.GET.get(name, "").strip()
    if not given:
        return None
    if not _NUMBER.fullmatch(given):
        raise _no_such_version()
    return int(given)


def _no_such_version() -> Http404:
    return Http404(_("This article has no such version."))


def _shown(request: HttpRequest, article: Article, template: str, context: dict[str, Any]) -> HttpResponse:
    known = queries.sections_for(request)
    shown = {"article": article, "section": known.get(article.section_slug), "sections": known, **context}
    return _kept_from_others(render(request, template, shown), article)


def _kept_from_others(response: HttpResponse, article: Article) -> HttpResponse:
    if article.visibility != Visibility.PUBLIC:
        response["Cache-Control"] = "private, no-store"
    return response
