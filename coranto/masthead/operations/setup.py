"""The first minute of a new site: a link that works once makes the first administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from coranto.kit.tokens import digest_of, new_token
from coranto.masthead.models import Account, Publication, SetupLink

if TYPE_CHECKING:
    from datetime import datetime


class SetupLinkSpentError(Exception):
    """The link was used, replaced by a newer one, or never written by us."""


@transaction.atomic
def create_setup_link_if_needed(*, now: datetime) -> str | None:
    """The path of a new set-up link while the site has no administrator; nothing once it has one.

    Only a digest is stored, and a new link replaces those before it.
    """
    SetupLink.objects.filter(used_at=None).delete()
    if _has_administrator():
        return None
    token = new_token()
    SetupLink.objects.create(token_digest=digest_of(token), created_at=now)
    return f"/-/setup/{token}/"


def has_open_setup_link(*, token: str) -> bool:
    """Whether the link still works."""
    return not _has_administrator() and SetupLink.objects.filter(token_digest=digest_of(token), used_at=None).exists()


def _has_administrator() -> bool:
    return Account.objects.filter(is_superuser=True, is_active=True).exists()


@transaction.atomic
def use_setup_link(
    *,
    token: str,
    email: str,
    password: str,
    publication_name: str,
    language: str,
    time_zone: str,
    now: datetime,
) -> Account:
    """Make the first administrator and name the publication. Raises `SetupLinkSpentError`."""
    # The conditional update decides between two who press the button at once.
    if not SetupLink.objects.filter(token_digest=digest_of(token), used_at=None).update(used_at=now):
        raise SetupLinkSpentError
    if _has_administrator():
        raise SetupLinkSpentError
    publication = Publication.objects.first() or Publication()
    publication.name, publication.language, publication.time_zone = publication_name, language, time_zone
    publication.save()
    return Account.objects.create_superuser(email, password)


@transaction.atomic
def name_publication_if_unnamed(*, name: str) -> None:
    """Call the publication what it was called elsewhere, unless somebody has named it here."""
    publication = Publication.objects.first() or Publication()
    if name and publication.name == Publication._meta.get_field("name").get_default():
        publication.name = name[:100]
        publication.save()
