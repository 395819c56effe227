"""The editor's form of an article readers have already: what changed has to be said before it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from coranto.desk.rules.changes import unsaid
from coranto.newsroom.models import Article
from coranto.newsroom.queries.versions import pending_change_of_draft

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from coranto.newsroom.queries.versions import PendingChange

# What a form holds apart from the article until it is saved.
FORMSETS = ("bylines", "credits")
RELATIONS = {"further_sections", "topics"}


@require_safe
def changed_passages(request: HttpRequest, page_id: int) -> HttpResponse:
    """The sentences of the newest draft that differ from what readers have, without a frame."""
    article = get_object_or_404(Article, pk=page_id)
    may = article.permissions_for_user(request.user)  # type: ignore[arg-type]
    if not (may.can_edit() or may.can_publish()):
        raise PermissionDenied
    change = pending_change_of_draft(article.get_latest_revision_as_object())
    return render(request, "newsroom/panels/changed_passages_list.html", {"change": change})


class NamesChange:
    """Refuses in the form, with every word kept, to publish a change nobody has named.

    Or one of a passage that is not there. Where nothing readers see has changed, nobody is asked: its publication
    counts as a typing error.
    """

    action_name: str
    workflow_action: str

    def form_valid(self, form: Any) -> HttpResponse:
        change = pending_change_of_draft(form.instance) if self._publishes() else None
        if change:
            kind, note = form.instance.change_kind, form.instance.change_note
            differs = bool(kind) or self._differs(form, change)
            has_passage = change.has_passage(form.instance.change_passage)
            missing = unsaid(kind, note, differs=differs, has_passage=has_passage)
            for field, sentence in missing.items():
                form.add_error(field if field in form.fields else None, sentence)
            if missing:
                return self.form_invalid(form)  # type: ignore[attr-defined]
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response

    def _publishes(self) -> bool:
        if self.action_name == "perform_workflow_action":
            return self.workflow_action == "approve"
        return self.action_name == "publish"

    def _differs(self, form: Any, change: PendingChange) -> bool:
        """By what is in the form; of what is not in the article yet, by whether it was touched."""
        if any(form.formsets[name].has_changed() for name in FORMSETS if name in form.formsets):
            return True
        if RELATIONS & set(form.changed_data):
            return True
        return change.is_changed
