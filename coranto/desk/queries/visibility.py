"""Which articles somebody may see in the admin: asked by every list of the desk and by what guards its addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from wagtail.models import Page
from wagtail.permissions import policy_registry

from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from coranto.masthead.models import Account
    from coranto.newsroom.models.article import ArticleQuerySet


def visible_articles(account: Account) -> ArticleQuerySet:
    """The articles `account` may see in the admin, drafts included; by the one rule of `queries.permissions`.

    One query to find out, none for an administrator.
    """
    if not account.is_active:
        return Article.objects.none()
    return Article.objects.filter(policy_registry.get_by_type(Page).seen(account))


def below(path: str) -> Q:
    """A page and all under it, as a range of paths that both databases seek in the index.

    `startswith` would be a scan to SQLite.
    """
    return Q(path__gte=path, path__lt=path[:-1] + chr(ord(path[-1]) + 1))


def may(account: Account, action: str, article: Article) -> bool:
    """Whether an action on an article is granted, whoever has locked it. No query after the first."""
    if not account.is_active or account.is_superuser:
        return account.is_active
    grants = policy_registry.get_by_type(Page).grants(account)
    granted = {given for place, given in grants if article.path.startswith(place)}
    if action == "change":  # whoever writes from outside changes drafts of their own
        is_own_draft = article.owner_id == account.pk and not article.live
        return bool({"change", "publish"} & granted) or ("add" in granted and is_own_draft)
    return action in granted
