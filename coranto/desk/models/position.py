from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coranto.desk.rules.roles import Role


class Position(models.Model):
    """What somebody is in this newsroom: a role, in one section or in the whole paper."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.CASCADE, related_name="positions"
    )
    role = models.CharField(_("role"), max_length=15, choices=Role.choices)
    section = models.ForeignKey(
        "newsroom.Section",
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="positions",
        help_text=_("Empty: the whole paper."),
    )

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        constraints = [
            models.UniqueConstraint(fields=["account", "role", "section"], name="held_once_in_a_section"),
            models.UniqueConstraint(
                fields=["account", "role"], condition=Q(section=None), name="held_once_in_the_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.section}" if self.section else str(self.get_role_display())


class RoleGroup(models.Model):
    """The group through which a role in a section, or in the whole paper, becomes Wagtail's permissions.

    Derived: `operations.roles.sync_roles` makes groups, their permissions and their members anew from positions.
    """

    role = models.CharField(max_length=15, choices=Role.choices)
    section = models.ForeignKey("newsroom.Section", null=True, on_delete=models.CASCADE, related_name="role_groups")
    group = models.OneToOneField("auth.Group", on_delete=models.CASCADE, related_name="role_group")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "section"], name="one_group_a_role_and_section"),
            models.UniqueConstraint(fields=["role"], condition=Q(section=None), name="one_group_a_role_in_the_paper"),
        ]

    def __str__(self) -> str:
        return str(self.group)
