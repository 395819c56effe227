"""Titles and descriptions for search engines, as four plugins keep them beside an article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from coranto.kit.html import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_TITLES: Final = ("_yoast_wpseo_title", "rank_math_title", "_aioseo_title", "_aioseop_title", "_seopress_titles_title")
_DESCRIPTIONS: Final = (
    "_yoast_wpseo_metadesc",
    "rank_math_description",
    "_aioseo_description",
    "_aioseop_description",
    "_seopress_titles_desc",
)
_PRIMARY: Final = ("_yoast_wpseo_primary_category", "rank_math_primary_category", "_seopress_robots_primary_cat")
_VARIABLE: Final = re.compile(
    r"%%[\w-]+%%|%[a-z_]+(?:\([^)%]*\))?%|#(?:post|site|author|tax|current|permalink|separator|tagline|categor)[a-z_]*"
)
_SEPARATORS: Final = " \t-\u2013\u2014|\u00b7\u2022\u00bb:"


def title_of(meta: Mapping[str, str]) -> str:
    return _first(meta, _TITLES)[:255]


def description_of(meta: Mapping[str, str]) -> str:
    return _first(meta, _DESCRIPTIONS)


def primary_term_of(meta: Mapping[str, str]) -> str:
    """The term id of the category chosen as the main one."""
    return next((value for name in _PRIMARY if (value := meta.get(name, "").strip()).isdigit()), "")


def _first(meta: Mapping[str, str], names: tuple[str, ...]) -> str:
    for name in names:
        value = meta.get(name, "")
        if not value:
            continue
        plain = " ".join(text_of(value).split())
        without = _VARIABLE.sub("", plain)
        if without != plain:
            without = " ".join(without.strip(_SEPARATORS).split())
        if without:
            return without
    return ""
