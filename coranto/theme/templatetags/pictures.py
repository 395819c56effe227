"""`{% picture figure sizes="(min-width: 60rem) 40rem, 100vw" priority=True css="lead" %}`."""

from __future__ import annotations

import logging
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from django.utils.html import format_html, format_html_join

from coranto.masthead.models import Picture
from coranto.masthead.rules import renditions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.utils.safestring import SafeString

    from coranto.masthead.models import PictureRendition
    from coranto.newsroom.queries import Figure

logger = logging.getLogger(__name__)
register = template.Library()

_ORDER = ("image/avif", "image/webp")  # the first that a browser knows is taken
_STEPS = 10


@register.simple_tag
def picture(
    figure: Figure | Picture | None, sizes: str = "100vw", *, priority: bool = False, css: str = ""
) -> SafeString | str:
    """The picture in the sizes that were made of it; its original while there are none, and none for no figure.

    Reads the renditions its query prefetched and never asks the database. With `priority` it is fetched
    first, for the one picture a page opens with. Where it has a focal point it gets two classes, `fx-0` to
    `fx-10` and `fy-0` to `fy-10`, tenths from the left and from the top, for `object-position`.
    """
    if figure is None:
        return ""
    shown = figure if isinstance(figure, Picture) else figure.picture
    by_type = _by_type(shown)
    source, width, height = _fallback(shown, by_type)
    attributes = {
        "src": source,
        "width": width,
        "height": height,
        "alt": figure.alt or "",
        "class": " ".join([*css.split(), *_focus(shown)]),
        "loading": "eager" if priority else "lazy",
        "decoding": "async",
        "fetchpriority": "high" if priority else "",
    }
    return format_html("<picture>{}<img{}></picture>", _sources(by_type, sizes), _attributes(attributes))


def _by_type(shown: Picture) -> dict[str, list[PictureRendition]]:
    """Renditions by media type, the narrowest first."""
    prefetched = shown._get_prefetched_renditions()  # noqa: SLF001 - Wagtail's own templates ask so
    if prefetched is None:
        # A query for each picture would go unnoticed until a page is slow; this is seen at once.
        logger.warning("The renditions of picture %s were not prefetched: its original is shown", shown.pk)
        return {}
    by_type: dict[str, list[PictureRendition]] = {}
    for each in sorted(prefetched, key=attrgetter("width")):
        media_type = renditions.media_type(each.filter_spec)
        if media_type:
            by_type.setdefault(media_type, []).append(each)
    return by_type


def _fallback(shown: Picture, by_type: Mapping[str, Sequence[PictureRendition]]) -> tuple[str, int, int]:
    """Address, width and height for browsers that know neither format; a WebP they all know by now."""
    made = by_type.get("image/webp") or by_type.get("image/avif")
    if not made:
        return shown.file.url, shown.width, shown.height
    # The original's own proportions are those before it is turned upright, as its EXIF may ask.
    return _address(made[len(made) // 2]), made[-1].width, made[-1].height


def _address(made: PictureRendition) -> str:
    """What `made.url` says. Asking the storage for each of a picture's ten took a tenth of a list's time."""
    return f"{settings.MEDIA_URL}{filepath_to_uri(made.file.name)}"


def _sources(by_type: Mapping[str, Sequence[PictureRendition]], sizes: str) -> SafeString:
    return format_html_join(
        "",
        '<source type="{}" srcset="{}" sizes="{}">',
        (
            (each, ", ".join(f"{_address(made)} {made.width}w" for made in by_type[each]), sizes)
            for each in _ORDER
            if each in by_type
        ),
    )


def _focus(shown: Picture) -> Iterable[str]:
    point = shown.get_focal_point()
    if point is None:
        return
    for axis, place, length in (("x", point.centroid_x, shown.width), ("y", point.centroid_y, shown.height)):
        yield f"f{axis}-{min(_STEPS, max(0, round(_STEPS * place / length)))}"


def _attributes(values: Mapping[str, Any]) -> SafeString:
    """Those with a value; an empty `alt` says that there is nothing to say, and stays."""
    present = ((name, value) for name, value in values.items() if value or name == "alt")
    return format_html_join("", ' {}="{}"', present)
