"""Where a reader came from, as one of five classes; of the address itself nothing is kept."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Referrer(models.TextChoices):
    DIRECT = "direct", _("directly")
    INTERNAL = "internal", _("from this site")
    SEARCH = "search", _("from a search engine")
    SOCIAL = "social", _("from a social network")
    SITE = "site", _("from another site")


# Names in a host, at any country's ending: google.co.uk, yandex.ru, l.facebook.com.
_SEARCH_NAMES: Final = frozenset(
    {
        *("aol", "ask", "baidu", "bing", "brave", "coccoc", "dogpile", "duckduckgo", "ecosia", "google", "kagi"),
        *("lycos", "metager", "mojeek", "naver", "perplexity", "qwant", "seznam", "sogou", "startpage", "swisscows"),
        *("yahoo", "yandex", "yep"),
    }
)
_SOCIAL_NAMES: Final = frozenset(
    {
        *("bluesky", "bsky", "discord", "facebook", "fb", "instagram", "linkedin", "lnkd", "mastodon", "messenger"),
        *("odnoklassniki", "pinterest", "quora", "reddit", "slack", "snapchat", "telegram", "threads", "tiktok"),
        *("tumblr", "twitter", "viber", "vk", "vkontakte", "weibo", "whatsapp", "xing", "youtube"),
    }
)
_SOCIAL_HOSTS: Final = frozenset(
    {
        *("t.co", "t.me", "x.com", "wa.me", "ok.ru", "youtu.be", "redd.it", "pin.it"),
        *("mastodon.social", "news.ycombinator.com"),
    }
)


def classify_referrer(host: str, *, own: str) -> Referrer:
    """The class of a host name such as `www.google.com`, with `own` for the site's; an empty one is direct."""
    host = host.strip().lower().rstrip(".")
    if not host:
        return Referrer.DIRECT
    if host.removeprefix("www.") == own.strip().lower().removeprefix("www."):
        return Referrer.INTERNAL
    bare = host.partition(":")[0]
    if _ends_in(bare, _SOCIAL_HOSTS) or _names(bare) & _SOCIAL_NAMES:
        return Referrer.SOCIAL
    return Referrer.SEARCH if _names(bare) & _SEARCH_NAMES else Referrer.SITE


def _ends_in(host: str, known: frozenset[str]) -> bool:
    return host in known or any(host.endswith(f".{each}") for each in known)


def _names(host: str) -> set[str]:
    """The last parts a name can stand in: `google` of `www.google.co.uk`, `facebook` of `m.facebook.com`."""
    parts = host.split(".")
    ending = 2 if len(parts) > 2 and len(parts[-2]) <= 3 else 1  # noqa: PLR2004 - `co.uk`, `com.br` are endings too
    return set(parts[-ending - 1 : -ending])
