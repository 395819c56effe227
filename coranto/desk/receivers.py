"""What the desk listens to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from coranto.desk.models import Position, RoleGroup
from coranto.desk.operations import letters
from coranto.desk.operations.checklist import forget_headline, note_headline
from coranto.desk.operations.following import follow_flag, follow_joining, follow_leaving
from coranto.desk.operations.people import record_sign_in
from coranto.desk.operations.roles import name_groups, settle_account, sync_roles
from coranto.kit import events
from coranto.masthead.models import Account
from coranto.newsroom.events import ArticlePublished, ArticleWithdrawn
from coranto.newsroom.models import Section

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.apps import AppConfig


def connect(*, app_config: AppConfig) -> None:
    """Connect the receivers; called once, when the program starts."""
    events.subscribe(ArticlePublished, on_article_published, when=events.WITHIN)
    events.subscribe(ArticleWithdrawn, on_article_withdrawn, when=events.WITHIN)

    post_migrate.connect(on_migrated, sender=app_config, dispatch_uid="desk-roles-migrated")
    post_save.connect(on_account_saved, sender=Account, dispatch_uid="desk-roles-account")
    m2m_changed.connect(on_groups_changed, sender=Account.groups.through, dispatch_uid="desk-roles-groups")
    post_save.connect(on_section_saved, sender=Section, dispatch_uid="desk-roles-section")
    post_delete.connect(on_position_gone, sender=Position, dispatch_uid="desk-roles-position")
    post_delete.connect(on_role_group_gone, sender=RoleGroup, dispatch_uid="desk-roles-group")
    user_logged_in.connect(on_signed_in, dispatch_uid="desk-signed-in")
    _take_over_letters()


def _take_over_letters() -> None:
    # Under the names of Wagtail's own, which it connects later: a name is taken once.
    name = "workflow_state_{}_email_notification"
    workflow_approved.connect(letters.Approved(), WorkflowState, weak=False, dispatch_uid=name.format("approved"))
    workflow_rejected.connect(letters.SentBack(), WorkflowState, weak=False, dispatch_uid=name.format("rejected"))
    workflow_submitted.connect(_stay_silent, WorkflowState, dispatch_uid=name.format("submitted"))
    task_submitted.connect(
        letters.ReviewAsked(), TaskState, weak=False, dispatch_uid="group_approval_task_submitted_email_notification"
    )


def _stay_silent(**_kwargs: Any) -> None:
    """Of what was submitted Wagtail tells superusers a second time; who is to read it has a letter already."""


def on_article_published(event: ArticlePublished) -> None:
    note_headline(article_id=event.article_id)


def on_article_withdrawn(event: ArticleWithdrawn) -> None:
    forget_headline(article_id=event.article_id)


def on_migrated(apps: Any, using: str, **_kwargs: Any) -> None:
    try:
        apps.get_model("desk", "RoleGroup")
    except LookupError:
        return  # migrated back to before there were roles
    if using == DEFAULT_DB_ALIAS:
        sync_roles()


def on_account_saved(
    instance: Account, *, raw: bool = False, update_fields: Collection[str] | None = None, **_kwargs: Any
) -> None:
    if not raw and (update_fields is None or "is_superuser" in update_fields):
        follow_flag(account=instance)


def on_groups_changed(
    instance: Any, *, action: str, reverse: bool, pk_set: set[int] | None = None, **_kwargs: Any
) -> None:
    if not pk_set:
        return
    accounts, groups = (pk_set, {instance.pk}) if reverse else ({instance.pk}, pk_set)
    if action == "post_add":
        follow_joining(accounts=accounts, groups=groups)
    elif action == "post_remove":
        follow_leaving(accounts=accounts, groups=groups)


def on_section_saved(instance: Section, *, created: bool, raw: bool = False, **_kwargs: Any) -> None:
    if not raw and not created:
        name_groups(section=instance)


def on_position_gone(instance: Position, origin: Any = None, **_kwargs: Any) -> None:
    # A section that is deleted takes its positions along. Not where the account itself is going.
    if not isinstance(origin, Position | Account):
        for account in Account.objects.filter(pk=instance.account_id):
            settle_account(account=account)


def on_role_group_gone(instance: RoleGroup, **_kwargs: Any) -> None:
    Group.objects.filter(pk=instance.group_id).delete()


def on_signed_in(user: Account, **_kwargs: Any) -> None:
    record_sign_in(account=user)
