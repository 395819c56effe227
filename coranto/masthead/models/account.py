from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from coranto.kit.domains import ascii_domain


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Account:
        """Store an account; the e-mail address is kept in lower case so that it is found however typed."""
        account = self.model(email=normalise_email(email), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Account:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email=normalise_email(username or ""))


def normalise_email(email: str) -> str:
    """The one spelling of a mailbox by which accounts are stored and found; what is no address stays what it is."""
    local, at, domain = email.strip().lower().rpartition("@")
    with suppress(ValueError):
        domain = ascii_domain(domain)
    return f"{local}{at}{domain}"


class Account(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # Picture's: untyped
    """Whoever can sign in, known by an e-mail address. What they may do are groups, not kinds of account."""

    email = models.EmailField(_("e-mail address"), unique=True, max_length=254)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    is_staff = models.BooleanField(
        _("staff"),
        default=False,
        help_text=_("Works for the publication. What an account may do is said by its groups."),
    )
    is_active = models.BooleanField(_("active"), default=True, help_text=_("May sign in."))
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_any_case")]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def clean(self) -> None:
        super().clean()
        self.email = normalise_email(self.email)

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email
