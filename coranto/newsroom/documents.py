"""An article as machines read it: schema.org's NewsArticle, and the address search engines are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from coranto.newsroom import rules
from coranto.newsroom.rules import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.masthead.models import Picture, Publication
    from coranto.newsroom.queries import ArticlePage

# Whose words an article is made of, told by how it came here.
WRITTEN_ELSEWHERE = frozenset({Relation.AUTHORED_BY, Relation.OP_ED_VIA, Relation.TRANSLATED_FROM})


def canonical_url(own_url: str, content: ArticlePage) -> str:
    return rules.canonical_url(own_url, ((each.original_url, each.canonical_is_original) for each in content.credits))


def news_article(own_url: str, content: ArticlePage, publication: Publication) -> dict[str, Any]:
    """The JSON-LD of an article: https://schema.org/NewsArticle; empty members are left out."""
    article = content.article
    people = [_person(each.name, settings.ORIGIN + each.address) for each in content.authors]
    outside = [
        _person(name) for each in content.credits if each.relation in WRITTEN_ELSEWHERE for name in each.people_list
    ]
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": own_url,
        "url": own_url,
        "mainEntityOfPage": canonical_url(own_url, content),
        "headline": article.title,
        "description": article.search_description or article.standfirst,
        "inLanguage": publication.language,
        "datePublished": article.first_published_at and article.first_published_at.isoformat(),
        "dateModified": (content.updated_at or article.first_published_at or None)
        and (content.updated_at or article.first_published_at).isoformat(),
        "author": outside or people,
        "editor": people if outside else [],
        "articleSection": [each.title for each in _sections(content)],
        "keywords": [each.name for each in content.topics],
        "wordCount": content.words,
        "image": _shared_picture(content),
        "publisher": _publisher(publication),
        "isBasedOn": [each.original_url for each in content.credits if each.original_url],
        "sourceOrganization": [
            {"@type": "Organization", "name": each.outlet} for each in content.credits if each.outlet
        ],
        "license": next((each.licence for each in content.credits if each.licence), None),
        "isAccessibleForFree": True,
    }
    return {key: value for key, value in data.items() if value or value is False}


def _sections(content: ArticlePage) -> Iterable[Any]:
    return [*([content.section] if content.section else []), *content.further_sections]


def _person(name: str, url: str = "") -> dict[str, str]:
    return {"@type": "Person", "name": name, **({"url": url} if url else {})}


def _publisher(publication: Publication) -> dict[str, Any]:
    organisation: dict[str, Any] = {
        "@type": "NewsMediaOrganization",
        "name": publication.name,
        "url": f"{settings.ORIGIN}/",
    }
    if publication.logo:
        organisation["logo"] = _image(publication.logo)
    return organisation


def _shared_picture(content: ArticlePage) -> dict[str, Any] | None:
    """A size made by us: the original may know where its photographer stood."""
    shared = content.figure.shared if content.figure else None
    if content.figure is None or shared is None:
        return None
    size = {"url": absolute(shared.url), "width": shared.width, "height": shared.height}
    return {**_image(content.figure.picture), **size}


def _image(picture: Picture) -> dict[str, Any]:
    image = {
        "@type": "ImageObject",
        "url": absolute(picture.file.url),
        "width": picture.width,
        "height": picture.height,
        "caption": picture.caption,
        "creditText": picture.credit,
    }
    return {key: value for key, value in image.items() if value}


def absolute(url: str) -> str:
    """An address of ours with the site's origin before it; one that has an origin already stays."""
    return settings.ORIGIN + url if url.startswith("/") else url
