"""Words that were published and may not be shown any more: withdrawn, and shown again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from coranto.desk.queries.permissions import page_policy
from coranto.newsroom.models import Article, ArticleVersion, VersionWithdrawal

if TYPE_CHECKING:
    from datetime import datetime

    from coranto.masthead.models import Account

VERSION_WITHDRAWN: Final = "desk.version_withdrawn"
VERSION_RESTORED: Final = "desk.version_restored"


class StillReadError(Exception):
    """The version is the one readers have: withdrawing its words would hide them in the history alone."""


@transaction.atomic
def withdraw_version(*, version: ArticleVersion, by: Account, reason: str, now: datetime) -> VersionWithdrawal:
    """Hide the words of a published version wherever the public could meet them; a tombstone with the reason stays.

    The version itself is not touched. Whoever may publish in the whole paper may do this. Raises `PermissionDenied`,
    and `StillReadError` for the version that is out. One that is withdrawn already stays as it is.
    """
    if not page_policy().sees_the_whole_paper(by):
        raise PermissionDenied
    # One at a time for an article, and not while it is being published.
    article = Article.objects.select_for_update(of=("self",)).get(pk=version.article_id)
    if article.live and not ArticleVersion.objects.filter(article_id=article.pk, number__gt=version.number).exists():
        raise StillReadError
    withdrawal, is_new = VersionWithdrawal.objects.in_force().get_or_create(
        version=version, restored_at=None, defaults={"reason": reason.strip(), "withdrawn_at": now, "withdrawn_by": by}
    )
    if is_new:
        data = {"number": version.number, "reason": withdrawal.reason}
        log(instance=article, action=VERSION_WITHDRAWN, user=by, timestamp=now, data=data)
    return withdrawal


@transaction.atomic
def restore_version(*, version: ArticleVersion, by: Account, now: datetime) -> bool:
    """Show the words of a version again; whether they were withdrawn. For administrators. Raises `PermissionDenied`."""
    if not (by.is_active and by.is_superuser):
        raise PermissionDenied
    withdrawal = VersionWithdrawal.objects.in_force().select_for_update().filter(version=version).first()
    if withdrawal is None:
        return False
    withdrawal.restored_at, withdrawal.restored_by = now, by
    withdrawal.save(update_fields=["restored_at", "restored_by"])
    article = Article.objects.get(pk=version.article_id)
    log(instance=article, action=VERSION_RESTORED, user=by, timestamp=now, data={"number": version.number})
    return True
