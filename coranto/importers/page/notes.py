"""The note an editor finds with a draft that was read from a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.importers.page.assembling import Assembled
    from coranto.importers.page.reading import Article

_NAMED: Final = 12
_LENGTH: Final = 90


def note_of(article: Article, made: Assembled, *, file: str, place: int, of: int) -> str:
    """Plain sentences, one a line: where it came from, what was left out, what to look at."""
    lines = [_("Read from the saved page %(file)s.") % {"file": file}]
    if of > 1:
        lines = [
            _("Read from the saved page %(file)s, article %(place)d of %(of)d.")
            % {"file": file, "place": place, "of": of}
        ]
    if made.captions:
        lines.append(_("Captions whose picture is missing: %(list)s.") % {"list": _list(made.captions)})
    if made.pictures_missing:
        lines.append(
            ngettext(
                "%(n)d picture was not beside the page.",
                "%(n)d pictures were not beside the page.",
                made.pictures_missing,
            )
            % {"n": made.pictures_missing}
        )
    if article.dropped:
        lines.append(_("Left out as the site's own: %(list)s.") % {"list": _list(list(dict.fromkeys(article.dropped)))})
    lines += _to_check(article)
    return "\n".join(lines)


def _to_check(article: Article) -> list[str]:
    missing = [
        name
        for name, is_there in (
            (_("author"), article.head.people or article.head.credit),
            (_("date"), article.head.published),
            (_("standfirst"), article.head.standfirst),
        )
        if not is_there
    ]
    lines = [_("Please check the headline and where the text begins and ends.")]
    if missing:
        lines.append(_("Not found: %(list)s.") % {"list": ", ".join(missing)})
    return lines


def _list(texts: Sequence[str]) -> str:
    shown = ", ".join(f"\u201c{_cut(text)}\u201d" for text in texts[:_NAMED])
    more = len(texts) - _NAMED
    return shown if more <= 0 else _("%(list)s and %(n)d more") % {"list": shown, "n": more}


def _cut(text: str) -> str:
    return text if len(text) <= _LENGTH else f"{text[: _LENGTH - 1]}\u2026"
