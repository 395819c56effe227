"""Dates as pages write them: for machines, in figures, or with the name of a month in any language we know."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from django.conf import settings

from coranto.importers.page.folding import fold, names

_ISO: Final = re.compile(
    r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?"
)
_FIGURES: Final = re.compile(r"\b(\d{1,2})\s?([./-])\s?(\d{1,2})\s?[./-]\s?((?:19|20)\d\d)\b")
_YEAR_FIRST: Final = re.compile(r"\b((?:19|20)\d\d)\s?[./\u5e74]\s?(\d{1,2})\s?[./\u6708]\s?(\d{1,2})(?!\d)")
_NAMED: Final = re.compile(
    r"(?<!\d)(\d{1,2})\.?(?:st|nd|rd|th|er|\u00ba|-?\u0433\u043e)?\s+(?:de\s+|of\s+)?([^\W\d_]{2,}\.?)\s*,?\s*(?:de\s+|del\s+)?((?:19|20)\d\d)"
)
_MONTH_FIRST: Final = re.compile(r"([^\W\d_]{2,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)")
_TIME: Final = re.compile(r"(?<![\d:.])([01]?\d|2[0-3])[:h.]([0-5]\d)(?!\d|[.:]\d)\s*([ap]\.?m\.?)?", re.IGNORECASE)
_DIGITS: Final = {ord("\u0660") + n: str(n) for n in range(10)} | {ord("\u06f0") + n: str(n) for n in range(10)}


def find_date(text: str) -> datetime | None:
    """The date in a short text, with its time where there is one. Without a zone it is meant in the site's.

    Of 3/4/2024 the first figure is the day, unless it can only be the other way.
    """
    text = text.translate(_DIGITS)
    if match := _ISO.search(text):
        return _made(match[1], match[2], match[3], time=(match[4], match[5]), zone=match[7])
    time = _TIME.search(_FIGURES.sub("", text))
    clock = _clock(time) if time else (None, None)
    if match := _YEAR_FIRST.search(text):
        return _made(match[1], match[2], match[3], time=clock)
    if match := _FIGURES.search(text):
        day, month = match[1], match[3]
        if int(month) > 12:
            day, month = month, day
        return _made(match[4], month, day, time=clock)
    for pattern, order in ((_NAMED, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2))):
        for match in pattern.finditer(text):
            year, name, day = (match[place] for place in order)
            month_number = _months().get(fold(name).rstrip("."))
            if month_number:
                return _made(year, str(month_number), day, time=clock)
    return None


def is_date(text: str) -> bool:
    """Whether a line is a date and hardly anything else."""
    return len(text) <= 60 and find_date(text) is not None


def _clock(match: re.Match[str]) -> tuple[str, str]:
    hour = int(match[1])
    if match[3]:
        hour = hour % 12 + (12 if match[3][0] in "pP" else 0)
    return str(hour), match[2]


def _made(
    year: str, month: str, day: str, *, time: tuple[str | None, str | None] = (None, None), zone: str | None = None
) -> datetime | None:
    hour, minute = (int(each or 0) for each in time)
    try:
        if zone:
            plain = f"{year}-{int(month):02}-{int(day):02}T{hour:02}:{minute:02}:00"
            return datetime.fromisoformat(plain + ("+00:00" if zone == "Z" else zone)).astimezone(UTC)
        here = ZoneInfo(settings.TIME_ZONE)
        return datetime(int(year), int(month), int(day), hour, minute, tzinfo=here)
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """Names and abbreviations of the months, folded, in the languages newspapers are written in (from the CLDR)."""
    found: dict[str, int] = {}
    for code in sorted(_LANGUAGES):
        for context in Locale(code).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in context[width].items():
                    folded = fold(name).rstrip(".")
                    if not folded[:1].isdigit():
                        found.setdefault(folded, number)
    return found


_LANGUAGES: Final = names(
    "en de fr es it pt nl pl ru uk ar he fa tr sv nb da fi cs sk hu ro bg hr sr sl el ca eu gl et lv "
    "lt id ms vi hi bn ur"
)
