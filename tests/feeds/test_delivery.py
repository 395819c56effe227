"""How feeds, sitemaps and the small texts reach those who ask: kept by the store, compared by their tags, level."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from coranto.delivery.rules.surrogate import CAPABILITY
from coranto.feeds import queries
from coranto.masthead.models import Picture, PictureRendition
from coranto.newsroom import operations
from coranto.newsroom.models import Author, Topic
from coranto.newsroom.operations import CreditDraft

pytestmark = pytest.mark.django_db

FILES = [
    "/rss.xml",
    "/atom.xml",
    "/feed.json",
    "/city/rss.xml",
    "/authors/ada-thorne/atom.xml",
    "/topics/trams/feed.json",
]
MAPS = ["/sitemap.xml", "/sitemap-{pages}.xml", "/sitemap-authors-{authors}.xml", "/news-sitemap.xml"]


@pytest.fixture(params=[*FILES, *MAPS, "/corrections/rss.xml", "/robots.txt"])
def address(request, paper):
    """Of each file; of a sitemap's parts one in which something stands."""
    return request.param.format(**{part.kind: part.number for part in queries.sitemap_parts()})


def test_who_has_it_already_is_told_so(client, address):
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert client.get(address, headers={"If-None-Match": '"another"'}).status_code == 200


def test_tag_changes_with_what_is_told(client, write):
    article = write()
    before = client.get("/rss.xml")["ETag"]
    draft = article.get_latest_revision_as_object()
    draft.title, draft.change_kind = "Trams retrun", "typo"
    draft.save_revision().publish()

    assert client.get("/rss.xml", headers={"If-None-Match": before}).status_code == 200


def test_store_may_keep_it_under_the_tags_of_what_it_shows(paper, address):
    # Without an address: that is how a request by the app's unix socket arrives.
    response = Client(REMOTE_ADDR="").get(address, headers={"Surrogate-Capability": CAPABILITY})

    assert response.status_code == 200
    assert "max-age" in response["Surrogate-Control"]
    assert response["Surrogate-Key"].split()
    if address == "/rss.xml":
        assert {f"page:{paper.article.pk}", "list:latest:0", "publication", "discovery"} <= set(
            response["Surrogate-Key"].split()
        )


def test_locked_article_leaves_no_tag_of_its_words(paper):
    response = Client(REMOTE_ADDR="").get("/rss.xml", headers={"Surrogate-Capability": CAPABILITY})

    assert f"page:{paper.locked.pk}" not in response["Surrogate-Key"].split()


# However much there is ------------------------------------------------------------------------------------------


@pytest.fixture(params=[3, 60], ids=["three", "sixty"])
def plenty(request, store, city, ada, noon):
    """So many articles, each with several of everything."""
    count = request.param
    pictures = Picture.objects.bulk_create(
        [
            Picture(title=f"P{n}", file=f"original_images/{n}.jpg", width=1600, height=1000, description=f"P{n}")
            for n in range(count)
        ]
    )
    PictureRendition.objects.bulk_create(
        [
            PictureRendition(
                image=each, filter_spec="width-640|format-webp", width=640, height=400, file=f"images/{each.pk}.webp"
            )
            for each in pictures
        ]
    )
    topics = [Topic.objects.create(name=f"T{n}", slug=f"t{n}") for n in range(count)]
    authors = [ada, *(Author.objects.create(name=f"A{n}", slug=f"a{n}") for n in range(count))]
    first = store(count)
    body = [
        {"type": "paragraph", "value": f'<p><a linktype="page" id="{first[0].pk}">first</a></p>'},
        {"type": "picture", "value": {"picture": pictures[-1].pk}},
        {"type": "related", "value": {"article": first[-1].pk, "label": ""}},
    ]
    drafts = [
        operations.ArticleDraft(
            headline=f"Full {n}",
            slug=f"full-{n}",
            section=city,
            body=body,
            first_published_at=noon + timedelta(days=30, hours=n),
            authors=authors[:5],
            topics=topics[:5],
            picture=pictures[n],
            credits=[CreditDraft(relation="via", outlet=f"Wire {c}") for c in range(3)],
        )
        for n in range(count)
    ]
    operations.store_articles(drafts=drafts, by=None, now=noon)
    return count


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/rss.xml", 14),
        ("/atom.xml", 14),
        ("/feed.json", 14),
        ("/city/rss.xml", 14),
        ("/authors/ada-thorne/rss.xml", 16),
        ("/topics/t0/rss.xml", 15),
        ("/corrections/rss.xml", 4),
    ],
)
def test_feed_takes_a_fixed_number_of_queries(client, plenty, address, asked, django_assert_num_queries):
    with django_assert_num_queries(asked):
        assert client.get(address).status_code == 200
