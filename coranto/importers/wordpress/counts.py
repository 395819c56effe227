"""How often a post was viewed, as plugins keep it beside a post."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS: Final = (
    "post_views_count",
    "views",
    "_post_views",
    "_post_views_count",
    "post_views",
    "post-views",
    "wpb_post_views_count",
    "jetpack-post-views",
    "_jetpack_post_views_count",
    "tie_views",
    "_eael_post_view_count",
    "view_count",
    "hits",
    "pageviews",
)
_COUNT: Final = re.compile(r"[0-9]{1,12}")


def views_of(meta: Mapping[str, str]) -> int | None:
    """The largest: a plugin that took another's place began anew. None where nobody counted."""
    written = (meta.get(key, "").strip() for key in _KEYS)
    counts = [int(each) for each in written if _COUNT.fullmatch(each)]
    return max(counts, default=0) or None
