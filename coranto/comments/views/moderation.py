"""The editors' screen for comments, and the page on which a writer asks them to look again."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coranto.comments import operations, queries
from coranto.comments.models import Comment
from coranto.comments.operations.moderating import NoReasonError
from coranto.comments.queries import moderation
from coranto.comments.queries.moderation import Choice, View
from coranto.comments.rules.deciding import APPEALING, LONGEST_OWN_WORDS, LONGEST_REASON, Act, Cause, reason_of
from coranto.comments.rules.judging import Reason
from coranto.comments.rules.tokens import read_token
from coranto.comments.tasks.moderating import sweep_matching_task
from coranto.kit import clock
from coranto.kit.ids import LARGEST_ID, read_id
from coranto.newsroom.queries import sections

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coranto.masthead.models import Account

_LONGEST: Final = 254
# Of all that match at once: nobody is rejected by the thousand, each is told why.
FOR_ALL: Final = (Act.APPROVE, Act.SPAM, Act.BIN)
# What is offered for comments in a state; for others the screen would say what is so already.
_OFFERED: Final[Mapping[str, tuple[Act, ...]]] = {
    Comment.State.HELD: (Act.APPROVE, Act.SPAM, Act.BIN, Act.REJECT),
    Comment.State.APPROVED: (Act.SPAM, Act.BIN, Act.HOLD, Act.REJECT),
    Comment.State.SPAM: (Act.APPROVE, Act.BIN),
    Comment.State.BINNED: (Act.APPROVE, Act.SPAM, Act.HOLD),
}


def _for_moderators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not queries.may_moderate(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@_for_moderators
def moderate(request: HttpRequest) -> HttpResponse:
    """The queue, or whatever else of the comments was asked for."""
    known = sections()
    choice = read_choice(request.GET, {slug: each.path for slug, each in known.items()})
    page, acts = moderation.moderation_page(choice, now=clock.now()), _bulk_acts(choice)
    context = {
        **_frame(request, _("Comments")),
        "page": page,
        "choice": choice,
        "query": query_of(choice),
        "tabs": _tabs(choice, page),
        "lines": [(each, _offered(each, choice)) for each in page.entries],
        "bulk_acts": acts,
        "for_all": [act for act in acts if act in FOR_ALL] if page.next_cursor else [],
        "is_counted_to_the_end": page.matching < moderation.COUNTED_UP_TO,
        "sections": known.values(),
        "reasons": Reason.choices,
        "causes": Cause.choices,
        "longest_reason": LONGEST_OWN_WORDS,
        "next": query_of(replace(choice, after=page.next_cursor)) if page.next_cursor else "",
        "start": query_of(replace(choice, after=None)) if choice.after is not None else "",
        "blocked": moderation.find_block(choice.commenter),
        "setting_address": _setting_address(request),
    }
    return render(request, "comments/admin/moderation.html", context)


def _frame(request: HttpRequest, title: str, *below: tuple[str, str]) -> dict[str, Any]:
    trail = [(reverse("wagtailadmin_home"), _("Home")), (reverse("comments_moderate"), _("Comments")), *below]
    return {
        "page_title": title,
        "header_title": title,
        "header_icon": "comment",
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in trail],
        "zone": ZoneInfo(request.publication.time_zone),  # type: ignore[attr-defined]
    }


def _tabs(choice: Choice, page: moderation.ModerationPage) -> list[dict[str, Any]]:
    labels: dict[View, tuple[str, int | None]] = {
        View.HELD: (_("Waiting"), page.waiting),
        View.REPORTED: (_("Reported"), page.reported),
        View.APPROVED: (_("Shown"), None),
        View.SPAM: (_("Spam"), None),
        View.BINNED: (_("Bin"), None),
        View.ALL: (_("All"), None),
    }
    return [
        {
            "label": label,
            "number": number,
            "query": query_of(replace(choice, view=view, newest_first=_begins_with_newest(view), after=None)),
            "is_chosen": view is choice.view,
        }
        for view, (label, number) in labels.items()
    ]


def _offered(entry: moderation.Entry, choice: Choice) -> list[Act]:
    offered = _OFFERED.get(entry.comment.state, ())
    # To let a reported comment be is a decision too: it settles the reports.
    keeps = choice.view is View.REPORTED or (entry.reports and Act.APPROVE not in offered)
    return [Act.APPROVE, *offered] if keeps and Act.APPROVE not in offered else list(offered)


def _bulk_acts(choice: Choice) -> list[Act]:
    if choice.view is View.REPORTED:
        return [Act.APPROVE, Act.SPAM, Act.BIN, Act.REJECT]
    return list(_OFFERED.get(choice.view, tuple(Act)))


def _setting_address(request: HttpRequest) -> str:
    may_change = request.user.has_perm("comments.change_scoring")
    return reverse("wagtailsettings:edit", args=["comments", "scoring"]) if may_change else ""


# What is asked for, as the address says it --------------------------------------------------------------------


def read_choice(query: QueryDict, paths: Mapping[str, str]) -> Choice:
    """Whatever of an address can be understood; the rest counts as not asked for."""

    def said(name: str) -> str:
        return query.get(name, "").replace("\x00", "").strip()[:_LONGEST]

    view, section, reason = said("state"), said("section"), said("reason")
    chosen = next((each for each in View if each == view), View.HELD)
    return Choice(
        view=chosen,
        article_id=read_id(said("article")),
        headline=said("headline"),
        section=section if section in paths else "",
        section_path=paths.get(section, ""),
        commenter=said("reader"),
        who=said("who"),
        reason=reason if reason in Reason else "",
        newest_first=said("order") == "newest" if said("order") else _begins_with_newest(chosen),
        after=read_id(said("after")),
    )


def _begins_with_newest(view: View) -> bool:
    """Who has waited longest comes first; of all else, what came last."""
    return view is not View.HELD


def query_of(choice: Choice) -> str:
    """The same as `read_choice` would read it."""
    is_usual = choice.newest_first == _begins_with_newest(choice.view)
    said = {
        "state": choice.view,
        "article": choice.article_id,
        "headline": choice.headline,
        "section": choice.section,
        "reader": choice.commenter,
        "who": choice.who,
        "reason": choice.reason,
        "order": None if is_usual else "newest" if choice.newest_first else "oldest",
        "after": choice.after,
    }
    return urlencode({name: value for name, value in said.items() if value not in {None, ""}})


def _back(request: HttpRequest, **changes: Any) -> HttpResponse:
    choice = replace(_posted_choice(request), **changes)
    return redirect(f"{reverse('comments_moderate')}?{query_of(choice)}")


def _posted_choice(request: HttpRequest) -> Choice:
    return read_choice(QueryDict(request.POST.get("query", "")), {slug: each.path for slug, each in sections().items()})


# Deciding -----------------------------------------------------------------------------------------------------


@require_POST
@_for_moderators
def decide(request: HttpRequest) -> HttpResponse:
    """About one comment (`one`, its own buttons), those that are ticked, or all that match."""
    act, _colon, one = request.POST.get("one", "").partition(":")
    act = act or request.POST.get("bulk", "")
    if act not in Act:
        messages.error(request, _("Choose what is to be done."))
        return _back(request)
    if request.POST.get("all") and not one:
        return _decide_all(request, Act(act))
    chosen = _ticked([one] if one else request.POST.getlist("comment"))
    if not chosen:
        messages.error(request, _("Tick the comments that you mean."))
        return _back(request)
    try:
        outcome = operations.moderate_comments(
            comments={pk: request.POST.get(f"stamp-{pk}", "") for pk in chosen},
            act=act,
            reason=_reason(request, one or "ticked"),
            by=_account(request),
            now=clock.now(),
        )
    except NoReasonError:
        messages.error(request, _("Say why: whoever wrote it is told. To take it away without a word, bin it."))
        return _back(request)
    _say(request, Act(act), outcome)
    return _back(request)


def _reason(request: HttpRequest, whose: str) -> str:
    """As the writer reads it: in the language of the publication, whichever the editor's own is."""
    cause, words = request.POST.get(f"cause-{whose}", ""), request.POST.get(f"words-{whose}", "").replace("\x00", "")
    with translation.override(request.publication.language):  # type: ignore[attr-defined]
        return reason_of(cause, words)


def _ticked(said: list[str]) -> list[int]:
    numbers = (read_id(each) for each in said[: moderation.PAGE_LENGTH])
    return [each for each in numbers if each is not None]


def _account(request: HttpRequest) -> Account:
    return cast("Account", request.user)  # the admin lets nobody else in


def _say(request: HttpRequest, act: Act, outcome: operations.Outcome) -> None:
    number = len(outcome.decided)
    if number:
        said = ngettext("%(act)s: %(number)d comment.", "%(act)s: %(number)d comments.", number)
        messages.success(request, said % {"act": act.label, "number": number})
    elif not outcome.changed_meanwhile:
        messages.warning(request, _("That was decided already."))
    if changed := len(outcome.changed_meanwhile):
        said = ngettext(
            "Nothing was done about %(number)d comment: its writer has changed it since you opened this page. "
            "Please look again.",
            "Nothing was done about %(number)d comments: their writers have changed them since you opened this page. "
            "Please look again.",
            changed,
        )
        messages.error(request, said % {"number": changed})


def _decide_all(request: HttpRequest, act: Act) -> HttpResponse:
    """Asked twice, since it may be thousands; then the worker does it."""
    if act not in FOR_ALL:
        messages.error(request, _("Reject comments page by page: each writer is told why."))
        return _back(request)
    choice = replace(_posted_choice(request), after=None)
    up_to = read_id(request.POST.get("up_to", ""))
    if up_to is None:
        return _back(request)
    if not request.POST.get("confirmed"):
        return render(
            request,
            "comments/admin/confirm.html",
            {
                **_frame(request, _("All that match")),
                "act": act,
                "query": query_of(choice),
                "up_to": up_to,
                "number": moderation.count_matching(choice, up_to=up_to),
            },
        )
    sweep_matching_task.enqueue(choice=asdict(choice), act=act.value, by=_account(request).pk, up_to=up_to)
    messages.success(request, _("It is under way. Thousands of comments take a few minutes."))
    return _back(request, after=None)


@require_POST
@_for_moderators
def block(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more comments from whoever wrote this one, or do so again."""
    comment = get_object_or_404(Comment, pk=pk if pk <= LARGEST_ID else 0)
    there = moderation.find_block(comment.commenter)
    if request.POST.get("unblock"):
        if there is not None:
            operations.unblock_commenter(block=there, by=_account(request))
        messages.success(request, _("Comments by %(name)s are taken again.") % {"name": comment.author_name})
    elif operations.block_commenter(
        comment=comment,
        by=_account(request),
        reason=request.POST.get("reason", "").replace("\x00", "").strip(),
        now=clock.now(),
    ):
        messages.success(request, _("No more comments are taken from %(name)s.") % {"name": comment.author_name})
    else:
        messages.error(request, _("Nobody knows who wrote this comment."))
    return _back(request)


@require_safe
@_for_moderators
def show_trail(request: HttpRequest) -> HttpResponse:
    """Who decided what about which comment, and why."""
    decisions, older = moderation.trail_page(before=read_id(request.GET.get("before", "")))
    title = _("Decisions about comments")
    context = {
        **_frame(request, title, (reverse("comments_trail"), title)),
        "decisions": decisions,
        "older": older,
    }
    return render(request, "comments/admin/trail.html", context)


# For the writer -----------------------------------------------------------------------------------------------


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in a rejection leads. Programs that look at mail open it too: it takes a button to appeal."""
    pk = read_token(token, purpose=APPEALING)
    decision = moderation.find_appealable(pk, now=clock.now()) if pk else None
    if decision is None:
        return render(request, "comments/appeal_gone.html", status=HTTPStatus.GONE)
    page = {"decision": decision, "comment": decision.comment, "article": decision.comment.article, "token": token}
    page["longest"] = LONGEST_REASON
    if request.method != "POST":
        return render(request, "comments/appeal.html", page)
    words = request.POST.get("words", "").replace("\x00", "")
    if operations.appeal_decision(decision=decision, words=words, now=clock.now()):
        return render(request, "comments/appealed.html", page)
    return render(request, "comments/appeal_gone.html", status=HTTPStatus.GONE)
