"""Slugs: cleaned, and made free by a number at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.utils.text import slugify

if TYPE_CHECKING:
    from collections.abc import Callable


def clean_slug(wanted: str, *otherwise: str, length: int = 200) -> str:
    """The first of the words given that leaves a slug; percent-encoding is undone, letters of all scripts stay."""
    for each in (wanted, *otherwise):
        slug = slugify(unquote(each), allow_unicode=True)[:length].strip("-_")
        if slug:
            return slug
    return "untitled"


def free_slug(slug: str, is_taken: Callable[[str], bool]) -> str:
    """`slug`, or it with the first number from 2 on that nobody has."""
    if not is_taken(slug):
        return slug
    number = 2
    while is_taken(f"{slug}-{number}"):
        number += 1
    return f"{slug}-{number}"
