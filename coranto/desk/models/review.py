from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import BigIntegerField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import Page, Task, TaskState
from wagtail.permissions import policy_registry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from coranto.masthead.models import Account


class ReasonForm(TaskStateCommentForm):
    """Nobody gets a piece back without being told why."""

    comment = forms.CharField(
        label=_("What is to be changed"), widget=forms.Textarea({"rows": 4}), help_text=_("The author reads this.")
    )


class SectionReview(Task):
    """The one step between a draft and the public: whoever may publish in the article's section approves it."""

    class Meta:
        verbose_name = _("review by the section")
        verbose_name_plural = _("reviews by the section")

    @classmethod
    def get_description(cls) -> str:
        return str(_("Approved by the editors of the article's section, or by the editor-in-chief."))

    def user_can_access_editor(self, obj: Page, user: Account) -> bool:
        return _may_publish(user, obj)

    def locked_for_user(self, obj: Page, user: Account) -> bool:
        """What an editor is reading does not change under their eyes; the author takes it back first."""
        return not _may_publish(user, obj)

    def user_can_lock(self, obj: Page, user: Account) -> bool:
        return _may_publish(user, obj)

    def user_can_unlock(self, obj: Page, user: Account) -> bool:
        return _may_publish(user, obj)

    def get_actions(self, obj: Page, user: Account) -> list[tuple[str, Any, bool]]:
        if not _may_publish(user, obj):
            return []
        return [
            ("reject", _("Send back"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with a comment"), True),
        ]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        return ReasonForm if action == "reject" else TaskStateCommentForm

    def get_task_states_user_can_moderate(self, user: Account, **_kwargs: Any) -> QuerySet[TaskState]:
        theirs = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "publish")
        states = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        # Wagtail keeps the page's id as text; PostgreSQL compares no text with a number.
        return states.alias(page_id=Cast("workflow_state__object_id", BigIntegerField())).filter(
            page_id__in=theirs.values("pk")
        )


def _may_publish(user: Account, page: Page) -> bool:
    return bool(policy_registry.get(page).user_has_permission_for_instance(user, "publish", page))
