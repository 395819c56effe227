"""The newsroom's public pages. Each view finds one thing, makes one read and hands it to the theme."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from coranto.delivery.pages import public
from coranto.delivery.tags import carry, tag
from coranto.jobs import operations as jobs
from coranto.kit import clock
from coranto.kit.addresses import address_of_request
from coranto.masthead.models import PlainPage
from coranto.masthead.queries import publication_for
from coranto.newsroom import documents, queries
from coranto.newsroom.forms import PasswordForm
from coranto.newsroom.models import Article, FrontPage, Listing, Section
from coranto.newsroom.queries.cards import card_of
from coranto.newsroom.queries.search import PARAMETERS
from coranto.newsroom.rules import Visibility, front_tag

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from wagtail.models import Page

    from coranto.newsroom.queries import Whereabouts

OLD_QUERIES = {"p", "page_id"}
UNLOCK_SECONDS = 7 * 24 * 3600
# What was searched for is rarely searched for again at once.
SEARCH_LIFE = timedelta(minutes=1)


@require_safe
@public(parameters=OLD_QUERIES)
def front_page(request: HttpRequest) -> HttpResponse:
    if OLD_QUERIES & request.GET.keys():
        # WordPress's plain addresses, `/?p=12`: no page is missing there, so no middleware looks for them.
        found = queries.stored_redirect(request.get_full_path())
        if found is not None:
            return send_on(found, request)
        carry("missing")
    return show_front(request, FrontPage.objects.live().order_by("pk").first())


def show_front(request: HttpRequest, page: FrontPage | None) -> HttpResponse:
    known = queries.sections_for(request)
    carry(front_tag(None))
    of = publication_for(request)
    context = {
        "page": page,
        "sections": known,
        "is_front": True,
        "structured_data": documents.web_site(of),
        **_arrangement(request, page, known),
    }
    if not context["arranged"]:
        context["front"] = queries.front_page(known)
    return render(request, "newsroom/front_page.html", context)


def _arrangement(
    request: HttpRequest, page: FrontPage | Section | None, known: Mapping[str, Section]
) -> dict[str, Any]:
    """What an editor arranged, nothing while that shows no article; in a preview, what of it readers would miss."""
    raw = page.raw_arrangement if page else []
    if page is None or not raw:
        return {"arranged": None, "hidden": ()}
    is_preview = getattr(request, "is_preview", False)
    coming = queries.coming_picks(page, known) if is_preview else {}
    if isinstance(page, Section):
        arranged = queries.arranged_front(raw, here=(Listing.Kind.SECTION, page.pk), known=known, coming=coming)
    else:
        below = queries.LATEST_BELOW if page.latest_below else 0
        arranged = queries.arranged_front(raw, known=known, latest_below=below, coming=coming)
    hidden = queries.hidden_picks(page) if is_preview else ()
    return {"arranged": arranged if arranged.shown else None, "hidden": hidden}


@require_safe
@public(parameters=["before"])
def latest(request: HttpRequest) -> HttpResponse:
    known = queries.sections_for(request)
    listing = _listing(request, Listing.Kind.LATEST, 0, known)
    return render(request, "newsroom/latest.html", {"listing": listing, "sections": known})


@require_safe
@public(parameters=["before"])
def section_or_page(request: HttpRequest, slug: str) -> HttpResponse:
    known = queries.sections_for(request)
    if slug in known:
        return section(request, known[slug], known)
    return plain_page(request, slug)


def section(request: HttpRequest, section: Section, known: Mapping[str, Section]) -> HttpResponse:
    carry(tag("page", section.pk), front_tag(section.pk))
    is_first = not request.GET.get("before")
    arrangement = _arrangement(request, section if is_first else None, known)
    above = arrangement["arranged"]
    context = {
        **arrangement,
        "section": section,
        "parent": next((each for each in known.values() if each.pk == section.parent_section_id), None),
        "subsections": [each for each in known.values() if each.parent_section_id == section.pk],
        "listing": _listing(request, Listing.Kind.SECTION, section.pk, known, without=above.shown if above else ()),
        "sections": known,
        "breadcrumbs": documents.section_breadcrumbs(section, known.values(), publication_for(request)),
    }
    return render(request, "newsroom/section.html", context)


@require_safe
@public()
def authors(request: HttpRequest) -> HttpResponse:
    return render(request, "newsroom/authors.html", {"authors": queries.published_authors()})


@require_safe
@public(parameters=["before"])
def author(request: HttpRequest, slug: str) -> HttpResponse:
    found = queries.find_author(slug)
    if found is None:
        raise Http404
    known = queries.sections_for(request)
    listing = _listing(request, Listing.Kind.AUTHOR, found.pk, known)
    return render(request, "newsroom/author.html", {"author": found, "listing": listing, "sections": known})


@require_safe
@public(parameters=["before"])
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = queries.find_topic(slug)
    if found is None:
        raise Http404
    known = queries.sections_for(request)
    listing = _listing(request, Listing.Kind.TOPIC, found.pk, known)
    return render(request, "newsroom/topic.html", {"topic": found, "listing": listing, "sections": known})


def _listing(
    request: HttpRequest, kind: str, subject_id: int, known: Mapping[str, Section], *, without: Collection[int] = ()
) -> queries.ListPage:
    cursor = request.GET.get("before", "")
    try:
        return queries.list_page(kind, subject_id, cursor=cursor, known=known, without=without)
    except ValueError as error:
        raise Http404(_("There is no such place in this list.")) from error


@require_safe
@public(life=SEARCH_LIFE, parameters=PARAMETERS)
def search(request: HttpRequest) -> HttpResponse:
    known = queries.sections_for(request)
    of = publication_for(request)
    wish = queries.read_wish(request.GET, known)
    results = queries.search_results(wish, language=of.language, known=known, now=clock.now())
    context = {"query": wish.query, "wish": results.wish, "results": results, "sections": known}
    return render(request, "newsroom/search.html", context)


# A form on a page that could be cached holds no token, and a reader gets no cookie for looking at one: where a post
# comes from is told by `OwnPagesMiddleware`.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public(parameters=["comments"])
def article_or_page(request: HttpRequest, section_slug: str, slug: str) -> HttpResponse:
    found = queries.find_article(section_slug, slug)
    if found is None:
        return plain_page(request, f"{section_slug}/{slug}")
    return article(request, found)


@require_safe
@public()
def deeper_page(request: HttpRequest, path: str) -> HttpResponse:
    """A plain page below others."""
    return plain_page(request, path.strip("/"))


def plain_page(request: HttpRequest, path: str) -> HttpResponse:
    # Not by way of Wagtail, which asks for each page on the way, and for the scheme, as if it mattered.
    page = queries.find_plain_page(path)
    if page is None:
        raise Http404
    return show_plain_page(request, page)


def show_plain_page(request: HttpRequest, page: PlainPage) -> HttpResponse:
    carry(tag("page", page.pk))
    context = {"page": page, "html": queries.plain_page_html(page)}
    return render(request, "masthead/plain_page.html", context)


def article(request: HttpRequest, article: Article) -> HttpResponse:
    """An article as whoever asks may see it: private ones exist for staff only, locked ones want a password."""
    if not is_open_to(request, article):
        return _ask_password(request, article)
    if request.method == "POST":
        return redirect(article.address)
    return show_article(request, article, is_preview=False)


def is_open_to(request: HttpRequest, article: Article) -> bool:
    """Whether whoever asks may read it, without a password first. For readers there is no private one."""
    if article.visibility == Visibility.PRIVATE and not _is_staff(request):
        raise Http404
    return article.visibility != Visibility.PASSWORD or _is_staff(request) or _is_unlocked(request, article)


def show_article(request: HttpRequest, article: Article, *, is_preview: bool) -> HttpResponse:
    known = queries.sections_for(request)
    content = queries.draft_page(article, known) if is_preview else queries.article_page(article, known)
    own_url = settings.ORIGIN + article.address
    of = publication_for(request)
    context = {
        "content": content,
        "article": article,
        "own_url": own_url,
        "canonical_url": documents.canonical_url(own_url, content),
        "structured_data": documents.news_article(own_url, content, of),
        "breadcrumbs": documents.breadcrumbs(content, known.values(), of),
        "is_preview": is_preview,
        "sections": known,
    }
    response = render(request, "newsroom/article.html", context)
    if article.visibility != Visibility.PUBLIC:
        response["Cache-Control"] = "private, no-store"
    return response


def preview_article(request: HttpRequest, article: Article) -> HttpResponse:
    """What is being written, in the way its writer wants to see it. Wagtail lets in only who may edit it."""
    mode = getattr(request, "preview_mode", "")
    if mode == Article.PreviewMode.LISTS:
        known = queries.sections_for(request)
        context = {"card": card_of(article, known), "article": article, "sections": known}
        return render(request, "newsroom/in_lists.html", context)
    if mode == Article.PreviewMode.DARK:
        request.preview_scheme = "dark"  # type: ignore[attr-defined]
    if mode == Article.PreviewMode.READER and article.visibility == Visibility.PASSWORD:
        return render(request, "newsroom/password.html", {"form": PasswordForm(), "is_preview": True})
    if mode == Article.PreviewMode.READER and article.visibility == Visibility.PRIVATE:
        return render(request, "newsroom/not_for_readers.html", {"article": article})
    return show_article(request, article, is_preview=True)


def _is_staff(request: HttpRequest) -> bool:
    return request.user.has_perm("wagtailadmin.access_admin")


def send_on(found: Whereabouts, request: HttpRequest) -> HttpResponse:
    """The redirect; a query that came along goes along, unless it was part of the old address."""
    query = request.META.get("QUERY_STRING", "")
    own = "?" in found.address or request.path_info == "/"
    address = found.address if own or not query else f"{found.address}?{query}"
    return (HttpResponsePermanentRedirect if found.is_permanent else HttpResponseRedirect)(address)


# Articles behind a password -----------------------------------------------------------------------------


def _unlock_cookie(article: Article) -> str:
    return f"unlocked-{article.pk}"


def _signer(article: Article) -> signing.TimestampSigner:
    # The password is part of the salt: changing it locks the article for everybody again.
    return signing.TimestampSigner(salt=f"coranto.newsroom.unlock.{article.pk}.{article.password}")


def _is_unlocked(request: HttpRequest, article: Article) -> bool:
    try:
        _signer(article).unsign(request.COOKIES.get(_unlock_cookie(article), ""), max_age=UNLOCK_SECONDS)
    except signing.BadSignature:
        return False
    return True


def _ask_password(request: HttpRequest, article: Article) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    wrong = False
    if request.method == "POST" and form.is_valid():
        if not _may_try(request, article):
            form.add_error("password", _("Too many attempts. Please wait ten minutes and try again."))
        elif constant_time_compare(form.cleaned_data["password"], article.password):
            opened = redirect(article.address)
            opened.set_cookie(
                _unlock_cookie(article),
                _signer(article).sign("yes"),
                max_age=UNLOCK_SECONDS,
                path=iri_to_uri(article.address),  # as the browser asks for it
                secure=request.is_secure(),
                httponly=True,
                samesite="Lax",
            )
            return opened
        else:
            wrong = True
    response = render(request, "newsroom/password.html", {"form": form, "wrong": wrong})
    response["Cache-Control"] = "private, no-store"
    return response


def _may_try(request: HttpRequest, article: Article) -> bool:
    """Ten attempts in ten minutes from one address."""
    address = address_of_request(request.META, settings.TRUSTED_PROXIES)
    return jobs.take_from_limit(
        key=f"article-password:{article.pk}:{address}", allowed=10, per=timedelta(minutes=10), now=clock.now()
    )


# What Wagtail routes ------------------------------------------------------------------------------------


def serve_page(page: Page, request: HttpRequest) -> HttpResponse | None:
    """Answer for a page Wagtail found or previews; nothing for kinds that are not ours."""
    is_preview = getattr(request, "is_preview", False)
    match page:
        case Article() if is_preview:
            return preview_article(request, page)
        case Article():
            return article(request, page)
        case Section():
            return section(request, page, queries.sections_for(request))
        case FrontPage():
            return show_front(request, page)
        case PlainPage():
            return show_plain_page(request, page)
    return None
