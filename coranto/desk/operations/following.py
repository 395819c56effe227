"""Positions follow what is done to accounts elsewhere: by the set-up link, Wagtail's forms, the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from coranto.desk.models import Position, RoleGroup
from coranto.desk.operations.roles import ASSIGNED, ENDED, log_act, settle_account
from coranto.desk.rules.roles import Role
from coranto.masthead.models import Account

if TYPE_CHECKING:
    from collections.abc import Collection


@transaction.atomic
def follow_flag(*, account: Account) -> None:
    """An account made, or unmade, an administrator."""
    held = account.positions.filter(role=Role.ADMINISTRATOR)
    if account.is_superuser and not held.exists():
        position = Position.objects.create(account=account, role=Role.ADMINISTRATOR)
        log_act(position=position, action=ASSIGNED, by=None)
        settle_account(account=account)
    elif not account.is_superuser and held.exists():
        log_act(position=held.get(), action=ENDED, by=None)
        held.delete()
        settle_account(account=account)


@transaction.atomic
def follow_joining(*, accounts: Collection[int], groups: Collection[int]) -> None:
    """Whoever was put into a role's group holds the position."""
    for role_group in RoleGroup.objects.filter(group__in=groups):
        for account in Account.objects.filter(pk__in=accounts):
            place: dict[str, Any] = {"role": role_group.role, "section": role_group.section}
            position, is_new = Position.objects.get_or_create(account=account, **place)
            if is_new:
                log_act(position=position, action=ASSIGNED, by=None)
                settle_account(account=account)


@transaction.atomic
def follow_leaving(*, accounts: Collection[int], groups: Collection[int]) -> None:
    """Whoever was taken out of a role's group holds the position no more."""
    given_up = Q(pk__in=())
    for role_group in RoleGroup.objects.filter(group__in=groups):
        given_up |= Q(role=role_group.role, section=role_group.section_id)
    for position in Position.objects.filter(given_up, account__in=accounts):
        log_act(position=position, action=ENDED, by=None)
        position.delete()
        settle_account(account=position.account)
