"""Readers who have an account, and the links by which the owner of the server lets somebody in."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.readers.rules.names import LONGEST


def make_seed() -> str:
    return secrets.token_hex(8)


class Reader(models.Model):
    """An account as other readers see it: a name and a drawn picture, never the address."""

    account = models.OneToOneField(
        "masthead.Account", on_delete=models.CASCADE, primary_key=True, related_name="reader"
    )
    display_name = models.CharField(_("name"), max_length=LONGEST, blank=True)
    avatar_seed = models.CharField(max_length=16, default=make_seed)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")

    def __str__(self) -> str:
        return self.display_name or str(_("A reader"))


class EntryLink(models.Model):
    """A link that signs in one account, once. Only its digest is stored."""

    token_digest = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey("masthead.Account", on_delete=models.CASCADE, related_name="entry_links")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("entry link")
        verbose_name_plural = _("entry links")

    def __str__(self) -> str:
        return f"{self.account_id} ({self.created_at:%Y-%m-%d %H:%M})"
