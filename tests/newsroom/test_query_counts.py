"""The number of queries is the same whatever there is: asserted at three and at sixty of everything."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from coranto.masthead.models import ChannelLink, NavigationLink, Picture, PictureRendition, Publication
from coranto.newsroom import operations
from coranto.newsroom.models import Article, Author, FrontPage, Section, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[3, 60], ids=["three", "sixty"])
def plenty(request, city, noon, paragraph):
    """A newsroom with so many of everything; the address of an article that refers to all of it."""
    count = request.param
    front = FrontPage.objects.get()
    sections = [front.add_child(instance=Section(title=f"S{n}", slug=f"s{n}")) for n in range(count)]
    pictures = [make_picture(n) for n in range(count)]
    authors = [Author.objects.create(name=f"A{n}", slug=f"a{n}", picture=pictures[n]) for n in range(count)]
    topics = [Topic.objects.create(name=f"T{n}", slug=f"t{n}") for n in range(count)]
    publication = Publication(name="The Lantern", logo=pictures[0])
    publication.channels = [ChannelLink(label=f"C{n}", url="https://c.example/") for n in range(count)]
    publication.navigation = [
        NavigationLink(place=place, page=section, sort_order=n)
        for n, section in enumerate(sections)
        for place in ("top", "foot")
    ]
    publication.save()

    def draft(number, section, body):
        return operations.ArticleDraft(
            headline=f"Article {number}",
            slug=f"article-{number}",
            section=section,
            body=body,
            first_published_at=noon + timedelta(hours=number),
            authors=authors,
            topics=topics,
            further_sections=sections,
            picture=pictures[number % count],
            credits=[operations.CreditDraft(relation="via", outlet=f"Wire {n}") for n in range(count)],
        )

    others = operations.store_articles(
        drafts=[draft(n, sections[n % count], [paragraph("x")]) for n in range(count + 9)], by=None, now=noon
    )
    body = [
        *(paragraph(f'See <a linktype="page" id="{each.pk}">this</a>') for each in others[:count]),
        *({"type": "related", "value": {"article": each.pk, "label": ""}} for each in others[:count]),
        *({"type": "picture", "value": {"picture": each.pk}} for each in pictures),
        *({"type": "quote", "value": {"text": f'<p><a linktype="page" id="{s.pk}">s</a></p>'}} for s in sections),
    ]
    main = operations.store_articles(drafts=[draft(count + 99, city, body)], by=None, now=noon)[0]
    add_comments(main, count, noon)
    return main.address


def make_picture(number: int) -> Picture:
    picture = Picture(title=f"P{number}", file=f"original_images/{number}.jpg", width=1600, height=1000)
    Picture.objects.bulk_create([picture])
    PictureRendition.objects.bulk_create(
        PictureRendition(
            image=picture,
            filter_spec=f"width-{width}|format-{form}",
            file=f"x/{number}-{width}.{form}",
            width=width,
            height=width // 2,
            focal_point_key="",
        )
        for width in (320, 640)
        for form in ("avif", "webp")
    )
    return picture


def add_comments(article, count, noon):
    from coranto.comments import operations as comments

    drafts = []
    for n in range(count):
        reply_to = drafts[-1] if n % 3 else None
        drafts.append(
            comments.CommentDraft(
                article_id=article.pk, author_name="Ada", html="<p>Well.</p>", state="approved", reply_to=reply_to
            )
        )
    comments.add_comments(drafts=drafts, now=noon)


# Of these, three are the frame every page has: the publication, the sections, channels and navigation. A whole page
# has one more for the breaking strip, a front two for what is trending, and an article eighteen: its views, related
# stories, more from its section, trending and what comes next. Behind the edge these are fragments, shared by many pages.
# Comments are two of an article's: a page of its threads, and how the site takes comments, which says whether a form
# stands below them.

AT_EDGE = {"headers": {"Surrogate-Capability": 'coranto="ESI/1.0"'}, "REMOTE_ADDR": ""}


@contextmanager
def asked(number):
    """So many queries, of all databases: what is counted on the running day has one of its own on SQLite."""
    with ExitStack() as stack:
        watched = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections]
        yield
    assert sum(map(len, watched)) == number


def test_article_page_takes_thirteen_queries_behind_the_edge(client, plenty, django_assert_num_queries):
    with django_assert_num_queries(13):
        response = client.get(plenty, **AT_EDGE)
    assert response.status_code == 200
    assert "<esi:include" in response.text


def test_whole_article_page_takes_twenty_eight_queries(client, plenty, store):
    store(5, picture=Picture.objects.order_by("pk")[0])  # what follows the article
    with asked(28):
        response = client.get(plenty)
    assert response.status_code == 200


def test_front_page_takes_fourteen_queries(client, plenty):
    with asked(14):
        client.get("/")


@pytest.mark.parametrize(
    ("path", "queries"), [("/latest/", 9), ("/s0/", 10), ("/authors/a0/", 12), ("/topics/t0/", 10), ("/authors/", 5)]
)
def test_list_takes_a_fixed_number_of_queries(client, plenty, django_assert_num_queries, path, queries):
    with django_assert_num_queries(queries):
        response = client.get(path)
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("?q=article", 12),
        ("?q=article&sort=date", 11),
        ("?q=article&section=s0&author=a0&within=year", 13),
        ("?q=artcile", 11),
        ("", 7),
    ],
)
def test_search_takes_a_fixed_number_of_queries(client, plenty, noon, django_assert_num_queries, address, queries):
    operations.count_search_words(now=noon)
    with django_assert_num_queries(queries):
        response = client.get(f"/search/{address}")
    assert response.status_code == 200
    assert bool(response.context["results"].found) == ("article" in address)
    assert response.context["results"].suggestion == ("article" if "artcile" in address else "")


# Arranged fronts: the same for two rows and for twelve, besides for three and for sixty of everything.


def arranged(rows, sections, topics, picks):
    """A lead, what stands beside it, and so many rows of every kind, with picks in each."""
    kinds = [
        {"type": "row", "value": {"section": sections[0].pk, "fill": True, "count": 8, "look": "led"}},
        {"type": "opinion", "value": {"section": sections[1].pk, "articles": picks[1:2], "count": 8}},
        {"type": "row", "value": {"topic": topics[2].pk, "fill": True, "count": 8, "look": "even"}},
        {"type": "row", "value": {"articles": picks[2:3], "fill": True, "count": 8, "look": "signed"}},
    ]
    head = [
        {"type": "lead", "value": {"article": picks[0], "headline": "", "layout": "large"}},
        {"type": "seconds", "value": {"articles": [], "section": None, "count": 4}},
    ]
    return [*head, kinds[1], kinds[2], *(kinds[number % 4] for number in range(rows - 2))]


@pytest.mark.parametrize("rows", [2, 12])
@pytest.mark.parametrize(("path", "queries"), [("/", 16), ("/s0/", 17)])
def test_arranged_front_takes_a_fixed_number_of_queries(client, plenty, store, rows, path, queries):
    sections, topics = list(Section.objects.filter(slug__startswith="s").order_by("pk")), Topic.objects.order_by("pk")
    picks = list(Article.objects.filter(slug__startswith="article-").order_by("pk").values_list("pk", flat=True)[:3])
    page = sections[0] if path == "/s0/" else FrontPage.objects.get()
    store(120, section=sections[0])  # more than stand above, so that a list follows
    operations.arrange_front(front=page, blocks=arranged(rows, sections, topics, picks), by=None)
    with asked(queries):
        response = client.get(path)
    assert len(response.context["arranged"].parts) >= 2
    assert response.context["arranged"].parts[1].look == "signed"
