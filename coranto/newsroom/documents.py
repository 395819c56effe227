"""An article and its site as machines read them: schema.org's terms, and the address search engines are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse

from coranto.newsroom import rules
from coranto.newsroom.rules import Relation, Visibility

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coranto.masthead.models import Publication
    from coranto.newsroom.queries import ArticlePage, CorrectionItem, Figure

CONTEXT: Final = "https://schema.org"
# Longer ones are cut off by those who show them.
HEADLINE_LENGTH: Final = 110

# Whose words an article is made of, told by how it came here.
WRITTEN_ELSEWHERE = frozenset({Relation.AUTHORED_BY, Relation.OP_ED_VIA, Relation.TRANSLATED_FROM})


def canonical_url(own_url: str, content: ArticlePage) -> str:
    return rules.canonical_url(own_url, ((each.original_url, each.canonical_is_original) for each in content.credits))


def news_article(own_url: str, content: ArticlePage, publication: Publication) -> dict[str, Any]:
    """The JSON-LD of an article: https://schema.org/NewsArticle; empty members are left out."""
    article = content.article
    people = [
        _person(each.name, settings.ORIGIN + each.address, content.links.get(each.pk, ())) for each in content.authors
    ]
    outside = [
        _person(name) for each in content.credits if each.relation in WRITTEN_ELSEWHERE for name in each.people_list
    ]
    changed_at = content.updated_at or article.first_published_at
    return _present(
        {
            "@context": CONTEXT,
            "@type": "NewsArticle",
            "@id": own_url,
            "url": own_url,
            "mainEntityOfPage": canonical_url(own_url, content),
            "headline": rules.shortened(article.title, HEADLINE_LENGTH),
            "description": article.search_description or article.standfirst,
            "inLanguage": publication.language,
            "datePublished": article.first_published_at and article.first_published_at.isoformat(),
            "dateModified": changed_at and changed_at.isoformat(),
            "author": outside or people,
            "editor": people if outside else [],
            "articleSection": [each.title for each in _sections(content)],
            "keywords": [each.name for each in content.topics],
            "wordCount": content.words,
            "image": [_image_of(each) for each in _figures(content)],
            "publisher": _publisher(publication),
            **_origin(content),
            "correction": [_correction(each) for each in content.past.items],
            **_access(article),
        }
    )


def _origin(content: ArticlePage) -> dict[str, Any]:
    """Where a syndicated piece comes from, and on what terms."""
    return {
        "isBasedOn": [each.original_url for each in content.credits if each.original_url],
        "sourceOrganization": [
            {"@type": "Organization", "name": each.outlet} for each in content.credits if each.outlet
        ],
        "license": next((rules.licence_url(each.licence) for each in content.credits if each.licence), None),
    }


def _access(article: Any) -> dict[str, Any]:
    """Who may read it; of a locked one which part is (developers.google.com/search, on paywalled content)."""
    if article.visibility == Visibility.PUBLIC:
        return {"isAccessibleForFree": True}
    locked = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".e-content"}
    return {"isAccessibleForFree": False, "hasPart": locked}


def _correction(item: CorrectionItem) -> dict[str, Any]:
    correction = {
        "@type": "CorrectionComment",
        "text": item.note,
        "datePublished": item.published_at.isoformat(),
    }
    return {**correction, **({"about": {"@type": "Quotation", "text": item.passage}} if item.passage else {})}


def _sections(content: ArticlePage) -> Iterable[Any]:
    return [*([content.section] if content.section else []), *content.further_sections]


def _person(name: str, url: str = "", elsewhere: Sequence[str] = ()) -> dict[str, Any]:
    return _present({"@type": "Person", "name": name, "url": url, "sameAs": list(elsewhere)})


def _publisher(publication: Publication) -> dict[str, Any]:
    logo = publication.logo
    return _present(
        {
            "@type": "NewsMediaOrganization",
            "name": publication.name,
            "url": f"{settings.ORIGIN}/",
            "logo": logo and _image(logo.file.url, logo.width, logo.height, caption=logo.caption, credit=logo.credit),
        }
    )


def _figures(content: ArticlePage) -> Iterator[Figure]:
    """The main picture and those in the text, each once, where there is a size of ours: nobody is shown an original."""
    inside = [each.value["figure"] for each in content.body if each.kind == "picture"]
    shown = {each.picture.pk: each for each in reversed([*([content.figure] if content.figure else []), *inside])}
    for figure in reversed(shown.values()):
        if figure.shared:
            yield figure


def _image_of(figure: Figure) -> dict[str, Any]:
    made: Any = figure.shared
    return _image(made.url, made.width, made.height, caption=figure.caption, credit=figure.credit)


def _image(url: str, width: int, height: int, *, caption: str, credit: str) -> dict[str, Any]:
    return _present(
        {
            "@type": "ImageObject",
            "url": absolute(url),
            "width": width,
            "height": height,
            "caption": caption,
            "creditText": credit,
        }
    )


def breadcrumbs(content: ArticlePage, known: Iterable[Any], publication: Publication) -> dict[str, Any]:
    """The way from the front page to an article (https://schema.org/BreadcrumbList); the last step is the page."""
    above = _down_to(content.section, known) if content.section else []
    return _way([(publication.name, "/"), *above, (content.article.headline, "")])


def section_breadcrumbs(section: Any, known: Iterable[Any], publication: Publication) -> dict[str, Any]:
    """The way from the front page to a section."""
    *above, (title, _address) = _down_to(section, known)
    return _way([(publication.name, "/"), *above, (title, "")])


def _down_to(section: Any, known: Iterable[Any]) -> list[tuple[str, str]]:
    parent = next((each for each in known if each.pk == section.parent_section_id), None)
    return [(each.title, each.address) for each in (parent, section) if each]


def _way(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            _present(
                {
                    "@type": "ListItem",
                    "position": position,
                    "name": name,
                    "item": settings.ORIGIN + address if address else "",
                }
            )
            for position, (name, address) in enumerate(steps, start=1)
        ],
    }


def web_site(publication: Publication) -> dict[str, Any]:
    """The site itself, and how it is searched: https://schema.org/WebSite."""
    return _present(
        {
            "@context": CONTEXT,
            "@type": "WebSite",
            "@id": f"{settings.ORIGIN}/#site",
            "url": f"{settings.ORIGIN}/",
            "name": publication.name,
            "description": publication.tagline,
            "inLanguage": publication.language,
            "publisher": _publisher(publication),
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": f"{settings.ORIGIN}{reverse('search')}?q={{search_term_string}}",
                },
                "query-input": "required name=search_term_string",
            },
        }
    )


def _present(data: Mapping[str, Any]) -> dict[str, Any]:
    """What has a value; that something is not free is one."""
    return {key: value for key, value in data.items() if value or value is False}


def absolute(url: str) -> str:
    """An address of ours with the site's origin before it; one that has an origin already stays."""
    return settings.ORIGIN + url if url.startswith("/") else url
