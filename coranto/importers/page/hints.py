"""What the names in a page's markup say about its parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from coranto.importers.page.folding import names

if TYPE_CHECKING:
    from coranto.importers.page.lines import Hint


# Names are compared as they are, and in the parts that hyphens and capitals make of them.
_BY_NAME: Final[tuple[tuple[Hint, frozenset[str]], ...]] = (
    (
        "furniture",
        names(
            "ad ads advert adverts advertisement advertising banner breadcrumb breadcrumbs comments comment-respond"
            " consent cookie cookies disqus donate donation footer mailchimp menu most-read nav navbar navigation"
            " newsletter outbrain pagination paywall plug popular promo promoted recommended respond share"
            " sharedaddy sharing sidebar signup"
            " site-footer site-header social sponsor sponsored subscribe subscription support-us tags tag-links taboola"
            " toolbar trending widget widgets comment-form comment-list related-posts relatedposts read-next skip-link"
            " addtoany jp-relatedposts author-box author-bio post-navigation follow werbung anzeige publicidad"
            " publicite"
        ),
    ),
    (
        "headline",
        names("headline entry-title post-title article-title p-name story-title page-title titre titulo titolo"),
    ),
    (
        "standfirst",
        names(
            "standfirst dek deck subtitle subtitulo sub-title subheadline sub-headline subhead lede chapo chapeau"
            " entradilla"
            " bajada ingress vorspann sottotitolo sommario occhiello lead-text article-summary p-summary entry-summary"
            " article-intro abstract untertitel podtytul"
        ),
    ),
    ("views", names("views view-count viewcount post-views page-views pageviews hits entry-views reads")),
    ("date", names("date pubdate published dateline timestamp posted-on entry-date post-date dt-published datetime")),
    ("byline", names("byline author authors p-author entry-author post-author vcard writer autor auteur autore")),
    (
        "section",
        names("kicker category categories section-name rubric rubrik eyebrow p-category cat-links rubrique overline"),
    ),
    (
        "card",
        names(
            "related card teaser read-also readalso read-more-card lire-aussi leer-tambien internal-link related-card"
        ),
    ),
)
_BY_PROPERTY: Final[dict[str, Hint]] = {
    "headline": "headline",
    "alternativeheadline": "standfirst",
    "description": "standfirst",
    "author": "byline",
    "datepublished": "date",
    "articlesection": "section",
}
_BY_RELATION: Final[dict[str, Hint]] = {"author": "byline", "category": "section"}
_FURNITURE_FIRST: Final = names(
    "ad ads advert advertisement newsletter donate share social comments comment sponsor cookie promo trending"
)
_FURNITURE_TAGS: Final = names("nav footer aside form button dialog fieldset label input select option menu")
_FURNITURE_ROLES: Final = names("navigation complementary contentinfo search banner dialog alert form button menu")
_ARTICLE_NAMES: Final = names("hentry h-entry post article story")
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_NAMES: Final = names("sr-only screen-reader-text visually-hidden visuallyhidden hidden")
_PARTS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")


def names_of(element: Any) -> frozenset[str]:
    """Its classes and id, in lower case; BEM's `block__part` also as `part`."""
    found = set()
    for each in f"{element.get('class') or ''} {element.get('id') or ''}".split()[:30]:
        whole = each.lower()
        found.add(whole)
        if "__" in whole:
            found.add(whole.rpartition("__")[2].partition("--")[0])
        if each != whole:
            found.add("-".join(part.lower() for part in _PARTS.findall(each)))
    return frozenset(found)


def hint_of(element: Any) -> Hint:
    """What an element's tag, role, properties or names say it is; nothing mostly."""
    tag = element.tag
    if tag in _FURNITURE_TAGS or (element.get("role") or "").lower() in _FURNITURE_ROLES:
        return "furniture"
    if tag == "time":
        return "date"
    told = [_BY_PROPERTY[each] for each in (element.get("itemprop") or "").lower().split() if each in _BY_PROPERTY]
    told += [_BY_RELATION[each] for each in (element.get("rel") or "").lower().split() if each in _BY_RELATION]
    return told[0] if told else _hint_by_name(element)


def _hint_by_name(element: Any) -> Hint:
    found = names_of(element)
    for hint, known in _BY_NAME:
        if found & known:
            return hint
    # `ad-slot-3`, `newsletter-box`: the first word says whose it is.
    first = {each.partition("-")[0].partition("_")[0] for each in found}
    return "furniture" if element.tag != "body" and first & _FURNITURE_FIRST else ""


def is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or (element.get("aria-hidden") or "").lower() == "true"
        or bool(_HIDDEN.search(element.get("style") or ""))
        or bool(names_of(element) & _HIDDEN_NAMES)
    )


def is_article(element: Any) -> bool:
    """Whether the markup calls an element an article; a comment is called so too, by some."""
    found = names_of(element)
    if found & {"comment", "comments", "depth-1"}:
        return False
    kind = (element.get("itemtype") or "").rpartition("/")[2].lower()
    return (
        element.tag == "article"
        or (element.get("role") or "").lower() == "article"
        or kind.endswith("article")
        or kind in {"blogposting", "posting"}
        or (element.tag in {"div", "section", "li"} and bool(found & _ARTICLE_NAMES))
    )
