"""What a picture is called until somebody gives it a better title."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datetime import date

    from coranto.masthead.rules.metadata import Words

# Names that cameras, telephones and programs give: a word of theirs and a number, a date, or a long random row.
_BY_A_MACHINE: Final = re.compile(
    r"""(?ix) (?:
        (?: _?img | _?dsc[fn]? | pict? | picture | image | photo | foto | pxl | mvimg | dji | gopr | sam | imag | p
          | screenshot | screen[ ]shot | bildschirmfoto | captura | whatsapp[ ]image | signal | download | file
          | unnamed | untitled | unknown | scan | kopie | copy ) (?: [ _.()-] | \d | at | of | am | pm | um | de | wa )*
      | [\d _.()x-]+ (?: [ap]m )?
      | [0-9a-f -]{16,}
    )"""
)
_LONGEST: Final = 90


def is_by_a_machine(name: str) -> bool:
    """Whether a name says nothing of the picture: IMG_1234, 20260312_101112, Screenshot 2026-03-12 at 10.11.12."""
    stem = PurePath(name).stem if re.search(r"\.\w{3,4}$", name) else name
    return bool(_BY_A_MACHINE.fullmatch(stem.strip()))


def title_of(file_name: str, words: Words, *, today: date) -> str:
    """From the file's own words, its name where a human gave it one, or the day it was taken."""
    stem = PurePath(file_name).stem
    if words.title and not is_by_a_machine(words.title):
        return _shortened(words.title)
    if stem and not is_by_a_machine(stem):
        return _shortened(" ".join(re.sub(r"[_]+|(?<=\w)-(?=\w)", " ", stem).split()) or stem)
    said = words.caption or words.description
    if said:
        return _shortened(said)
    return _("Picture of %(day)s") % {"day": date_format(words.taken_on or today, "j F Y")}


def _shortened(text: str) -> str:
    """At the end of a word."""
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + "…"  # noqa: RUF001 - an en dash it is
