from __future__ import annotations

import pytest

from coranto.newsroom import operations, queries
from coranto.newsroom.models import Article, Listing

pytestmark = pytest.mark.django_db


def walk(kind, subject_id=0, length=3):
    """All headlines of a list, page after page."""
    headlines, cursor, pages = [], "", 0
    while True:
        page = queries.list_page(kind, subject_id, cursor=cursor, known={}, length=length)
        headlines += [card.article.title for card in page.cards]
        cursor, pages = page.next_cursor, pages + 1
        if not cursor:
            return headlines, pages


def test_list_is_newest_first_and_shows_each_article_once(store, city):
    stored = store(8)
    headlines, pages = walk("section", city.pk)
    assert headlines == [each.title for each in reversed(stored)]
    assert pages == 3


def test_articles_of_the_same_second_are_neither_lost_nor_shown_twice(store, noon):
    stored = store(7)
    Listing.objects.update(published_at=noon)
    headlines, _ = walk("latest")
    assert sorted(headlines) == sorted(each.title for each in stored)


def test_list_of_nothing_is_one_empty_page():
    assert walk("latest") == ([], 1)


def test_article_in_a_further_section_stands_in_both_once(store, city, make_section):
    culture = make_section("Culture")
    store(1, further_sections=[culture])
    assert len(walk("section", city.pk)[0]) == 1
    assert len(walk("section", culture.pk)[0]) == 1
    assert len(walk("latest")[0]) == 1


def test_rows_made_anew_are_the_rows_that_were(store):
    article = store(1)[0]
    before = set(Listing.objects.values_list("kind", "subject_id", "published_at"))
    operations.relist_article(article=article)
    assert set(Listing.objects.values_list("kind", "subject_id", "published_at")) == before


def test_what_a_program_added_but_never_published_stands_in_no_list_wherever_it_is_moved(city, make_section):
    article = city.add_child(instance=Article(title="Added", slug="added"))  # Wagtail calls such a page live
    article.move(make_section("Culture"), pos="last-child")
    assert not Listing.objects.exists()


@pytest.mark.parametrize("kind", ["latest", "section"])
def test_list_is_read_by_one_seek_in_its_index(kind, noon):
    from django.db import connection

    rows = Listing.objects.of(kind, 7).before(noon, 3).newest_first().values_list("article_id")[:21]
    if connection.vendor == "postgresql":  # of a table this small it would read all, or sort it, whatever the index
        with connection.cursor() as cursor:
            for each in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{each} = off")
    plan = rows.explain()
    assert "listing_newest_first" in plan
    assert "TEMP B-TREE" not in plan
    if connection.vendor == "sqlite":
        assert "SEARCH" in plan


@pytest.mark.parametrize("page", ["/", "/latest/", "/city/", "/authors/ada-thorne/", "/city/{slug}/"])
def test_no_page_reads_through_all_articles(client, store, page):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if connection.vendor != "sqlite":
        return  # PostgreSQL plans by the size of the tables, which are empty here
    slug = store(30)[0].slug
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page.format(slug=slug)).status_code == 200
    for query in queries.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"))
            steps = [row[3] for row in cursor.fetchall()]
        for table in (
            "wagtailcore_page",
            "newsroom_article",
            "newsroom_listing",
            "comments_comment",
            "masthead_picture",
        ):
            walks = [step for step in steps if step.split()[:2] == ["SCAN", table]]
            walks += [step for step in steps if step.startswith(f"SEARCH {table} ") and "(rowid>?)" in step]
            assert not walks, query["sql"]


def test_front_page_leads_with_a_picture_and_repeats_nothing(store, make_section, picture):
    culture = make_section("Culture")
    store(3)
    with_picture = store(1, picture=picture)[0]
    store(12)
    store(6, section=culture)
    front = queries.front_page(queries.sections())
    shown = [card.article.pk for card in (front.lead, *front.seconds, *front.latest)]
    shown += [card.article.pk for row in front.rows for card in row.cards]
    assert len(shown) == len(set(shown))
    assert front.lead.article.pk != with_picture.pk  # older than the five newest: it does not lead
    assert [(row.section.slug, len(row.cards)) for row in front.rows] == [("city", 4), ("culture", 4)]


def test_newest_picture_among_the_five_newest_leads(store, picture):
    store(3)
    with_picture = store(1, picture=picture)[0]
    Listing.objects.filter(article=with_picture).update(published_at="2030-01-01T00:00Z")
    newest = store(1)[0]
    Listing.objects.filter(article=newest).update(published_at="2031-01-01T00:00Z")
    front = queries.front_page(queries.sections())
    assert front.lead.article.pk == with_picture.pk
    assert front.seconds[0].article.pk == newest.pk


def test_article_in_two_sections_stands_in_one_row_of_the_front_page(store, make_section):
    culture = make_section("Culture")
    both = store(3, further_sections=[culture])
    only = store(2, section=culture)
    newest = store(queries.LEAD_LENGTH, section=make_section("Sport"))
    Listing.objects.filter(article__in=newest).update(published_at="2030-01-01T00:00Z")
    front = queries.front_page(queries.sections())
    rows = {row.section.slug: {card.article.pk for card in row.cards} for row in front.rows}
    assert rows == {"city": {each.pk for each in both}, "culture": {each.pk for each in only}}


def test_front_page_of_an_empty_newsroom_is_empty():
    front = queries.front_page(queries.sections())
    assert (front.lead, list(front.seconds), list(front.rows)) == (None, [], [])
