"""Which elements are what."""

from __future__ import annotations

from typing import Final


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


LISTS: Final = _names("ul ol menu")
MEDIA: Final = _names("iframe embed object video audio")
PICTURES: Final = _names("img picture figure")
HEADINGS: Final = _names("h1 h2 h3 h4 h5 h6")

# Emphasis and the like, which is kept where a block can hold it and unwrapped elsewhere.
INLINE: Final = _names(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i ins kbd label mark nobr q ruby rp rt s samp"
    " small span strike strong sub sup time tt u var wbr"
)

# Left out with what is in them: no prose, or a browser's own business.
DROPPED: Final = _names(
    "script style noscript template svg math canvas select textarea title meta link base head noembed noframes"
    " applet param source track area map col colgroup"
)

# What cannot stand inside a run of text.
SPLITTING: Final = (
    PICTURES | MEDIA | HEADINGS | LISTS | _names("table blockquote dl pre hr div section article p details form")
)

# What a list or a quotation cannot hold either.
APART: Final = PICTURES | MEDIA | HEADINGS | _names("table blockquote pre hr dl")

NO_SIMPLE_CELL: Final = PICTURES | MEDIA | LISTS | _names("table blockquote pre a hr")
