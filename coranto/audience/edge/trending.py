"""The list of what is trending, beside other things. It grows old by itself: no view purges it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from coranto.audience.models import Trending
from coranto.audience.queries.trending import TAG, trending_headlines
from coranto.delivery.fragments import Fragment
from coranto.delivery.fragments import register as register_fragment
from coranto.delivery.tags import carry, expire_within, purge_on_change
from coranto.kit import clock
from coranto.newsroom.queries import sections_for

if TYPE_CHECKING:
    from django.http import HttpRequest

LIFE: Final = timedelta(minutes=1)
STALE: Final = timedelta(minutes=5)
LENGTH: Final = 5
# Fewer are no list.
FEWEST: Final = 3
MOST: Final = 10


def connect() -> None:
    register_fragment(Fragment("trending", render=after_articles, life=LIFE, stale=STALE))
    purge_on_change(Trending, lambda _setting: (TAG, "missing"))  # where it is not shown, its page is missing


def after_articles(request: HttpRequest) -> str:
    """The same on every page, so that there is one for all."""
    return _list(request, length=LENGTH)


def where_an_editor_put_it(request: HttpRequest, options: str) -> str:
    """As long as the options say; the page's own list gives way to it."""
    expire_within(LIFE)
    return _list(request, length=_length(options) or LENGTH, is_placed=True)


def check_options(options: str) -> str:
    """A sentence for the editor when that is no length."""
    if not options.strip() or _length(options):
        return ""
    return _("Write how many articles, from %(fewest)d to %(most)d, or leave this empty for %(length)d.") % {
        "fewest": FEWEST,
        "most": MOST,
        "length": LENGTH,
    }


def _length(options: str) -> int:
    written = options.strip()
    number = int(written) if written.isascii() and written.isdigit() and len(written) <= len(str(MOST)) else 0
    return number if FEWEST <= number <= MOST else 0


def _list(request: HttpRequest, *, length: int, is_placed: bool = False) -> str:
    carry("publication")
    cards = trending_headlines(known=sections_for(request), length=length, now=clock.now())
    if len(cards) < FEWEST:
        return ""
    return render_to_string("parts/trending.html", {"cards": cards, "is_placed": is_placed}, request)
