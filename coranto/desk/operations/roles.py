"""Who is what in the newsroom, and how that becomes what Wagtail lets them do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from coranto.desk.models import Position, RoleGroup
from coranto.desk.rules import roles
from coranto.desk.rules.roles import Role
from coranto.masthead import queries as masthead
from coranto.masthead.models import Account
from coranto.newsroom.models import FrontPage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.newsroom.models import Section

ASSIGNED = "desk.position.assign"
ENDED = "desk.position.end"


class PositionRefused(Exception):  # noqa: N818 - it is no fault of the program's
    """Why a position is not given or not taken, as a sentence for whoever asked."""


@transaction.atomic
def assign_position(*, account: Account, role: str, section: Section | None, by: Account | None) -> Position:
    """Give somebody a role in a section or, without one, in the whole paper; `by` nobody is the program itself.

    What was given before stays as it is. Raises `PositionRefused`.
    """
    if not roles.may_hold(role, in_a_section=section is not None):
        raise PositionRefused(_("This role is for the whole paper. Leave the section empty."))
    _check_that_one_may(by, role=role, account=account)
    position, is_new = Position.objects.get_or_create(account=account, role=role, section=section)
    if is_new:
        log_act(position=position, action=ASSIGNED, by=by)
        settle_account(account=account)
    return position


@transaction.atomic
def end_position(*, position: Position, by: Account | None) -> None:
    """Take a position; whoever holds none any more has no access. Raises `PositionRefused`."""
    account = position.account
    _check_that_one_may(by, role=position.role, account=account)
    if by is not None and by.pk == account.pk:
        raise PositionRefused(_("You cannot end a position of your own. Ask a colleague."))
    if position.role == Role.ADMINISTRATOR and not _other_administrators(account):
        raise PositionRefused(_("This is the only administrator. Appoint another one first."))
    log_act(position=position, action=ENDED, by=by)
    position.delete()
    settle_account(account=account)


def _check_that_one_may(by: Account | None, *, role: str, account: Account) -> None:
    own = roles_of(account=by) if by is not None else {Role.ADMINISTRATOR}
    if not roles.may_appoint(own, role=role, of=roles_of(account=account)):
        raise PositionRefused(_("Only an administrator may decide this."))


def roles_of(*, account: Account) -> set[str]:
    held = set(account.positions.values_list("role", flat=True))
    return held | {Role.ADMINISTRATOR} if account.is_superuser else held


def _other_administrators(account: Account) -> bool:
    return Account.objects.filter(is_superuser=True, is_active=True).exclude(pk=account.pk).exists()


def log_act(*, position: Position, action: str, by: Account | None) -> None:
    """Into the trail, where it outlives the position."""
    log(
        instance=position,
        action=action,
        user=by,
        title=str(position.account),
        data={"account": position.account_id, "role": position.role, "section": _name_of(position.section)},
    )


def _name_of(section: Section | None) -> str:
    return str(section.title) if section else ""


# From positions to permissions ------------------------------------------------------------------------------


@transaction.atomic
def settle_account(*, account: Account) -> None:
    """Make an account's flags and groups what its positions say; whoever holds none loses every group."""
    positions = list(account.positions.select_related("section"))
    held = {position.role for position in positions}
    if not positions:
        account.groups.clear()
    groups = {_group_of(each.role, each.section).pk for each in positions if each.role != Role.ADMINISTRATOR}
    former = account.groups.exclude(role_group=None).exclude(pk__in=groups)
    account.groups.remove(*former)
    account.groups.add(*groups)
    flags = {"is_staff": roles.is_staff(held), "is_superuser": Role.ADMINISTRATOR in held}
    if flags != {name: getattr(account, name) for name in flags}:
        Account.objects.filter(pk=account.pk).update(**flags)  # no signal: it would lead back here
        for name, value in flags.items():
            setattr(account, name, value)


@transaction.atomic
def sync_roles() -> None:
    """Make every group, its permissions and its members anew from the positions; repeatable.

    Run after each migration: what a role may do can change from one version to the next.
    """
    _create_missing_permissions()
    for superuser in Account.objects.filter(is_superuser=True).exclude(positions__role=Role.ADMINISTRATOR):
        Position.objects.create(account=superuser, role=Role.ADMINISTRATOR)
    for role_group in RoleGroup.objects.select_related("group", "section"):
        _grant(role_group)
    for account in Account.objects.filter(positions__isnull=False).distinct():
        settle_account(account=account)


def name_groups(*, section: Section) -> None:
    """Call the groups of a section by its present title."""
    for role_group in RoleGroup.objects.filter(section=section).select_related("group"):
        name = _group_name(role_group.role, section)
        if role_group.group.name != name:
            role_group.group.name = name
            role_group.group.save(update_fields=["name"])


def _group_of(role: str, section: Section | None) -> Group:
    found = RoleGroup.objects.filter(role=role, section=section).select_related("group").first()
    if found is None:
        group = Group.objects.create(name=_group_name(role, section))
        found = RoleGroup.objects.create(role=role, section=section, group=group)
        _grant(found)
    return found.group


def _group_name(role: str, section: Section | None) -> str:
    """`Section editor: Culture`, in the publication's language; with the address where two sections share a title."""
    with override(masthead.publication().language):
        label = str(Role(role).label).capitalize()
    name = f"{label}: {section.title}"[:140] if section else label
    taken = Group.objects.filter(name=name).exclude(role_group__role=role, role_group__section=section).exists()
    return f"{name} ({section.slug if section else role})"[:150] if taken else name


def _grant(role_group: RoleGroup) -> None:
    """Give the group what the role says, and take all else."""
    group, role = role_group.group, role_group.role
    group.permissions.set(_permissions({"wagtailadmin.access_admin", *roles.MODEL_PERMISSIONS[role]}))
    front = role_group.section or FrontPage.objects.order_by("path").first()
    on_pages = _permissions(f"wagtailcore.{action}_page" for action in roles.PAGE_ACTIONS[role])
    _make_equal(GroupPagePermission, group, {"page_id": front and front.pk}, on_pages if front else [])
    # Wagtail asks for the permission of its own model of pictures, whatever the site's is.
    on_pictures = _permissions(f"wagtailimages.{action}_image" for action in roles.PICTURE_ACTIONS[role])
    _make_equal(GroupCollectionPermission, group, {"collection_id": Collection.get_first_root_node().pk}, on_pictures)


def _make_equal(model: type[Any], group: Group, place: dict[str, Any], permissions: Iterable[Permission]) -> None:
    wanted = list(permissions)
    model.objects.filter(group=group).exclude(**place, permission__in=wanted).delete()
    for permission in wanted:
        model.objects.get_or_create(group=group, permission=permission, **place)


def _permissions(names: Iterable[str]) -> list[Permission]:
    """Permissions by `app.codename`; one whose model this version does not have is passed over."""
    wanted = {tuple(name.split(".", 1)) for name in names}
    found = Permission.objects.filter(codename__in=[codename for _app, codename in wanted])
    return [each for each in found.select_related("content_type") if _name(each) in wanted]


def _name(permission: Permission) -> tuple[str, str]:
    return permission.content_type.app_label, permission.codename


def _create_missing_permissions() -> None:
    # Django makes an app's permissions after its migration, app by app: ours may come before those we ask for.
    for app_config in apps.get_app_configs():
        if app_config.models_module is not None:
            create_permissions(app_config, verbosity=0)
    ContentType.objects.clear_cache()
