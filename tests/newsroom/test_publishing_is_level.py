"""Publishing reads no table from end to end, however many articles there are: SQLite says how it would go about it."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from coranto.newsroom import operations
from coranto.newsroom.models import Article

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what the tables hold"),
]

# These grow with every article, and so do these ways into them.
GROW = "wagtailcore_page|wagtailcore_revision|wagtailsearch_indexentry|newsroom_(article|articleversion|listing)"
READS_ALL = re.compile(rf"SCAN ({GROW})( |$)")
READS_MANY = re.compile(rf"SEARCH ({GROW}) .*\((content_type_id|base_content_type_id|live|locale_id)=\?\)")
READS_ALL_BESIDE = re.compile(r"SEARCH wagtailcore_page .*\(depth=\? AND path>\? AND path<\?\)")


def long_ways(found):
    ways = READS_ALL, READS_MANY, READS_ALL_BESIDE
    return [(plan, sql) for plan, sql in found if any(way.match(plan) for way in ways)]


def test_publishing_a_change_finds_each_row_by_an_index(write, plans, run_tasks, noon):
    article = write()
    run_tasks()

    def publish():
        draft = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
        draft.title = "Trams are back"
        draft.full_clean()
        draft.save_revision().publish()
        run_tasks()
        Article.objects.get(pk=article.pk).unpublish()
        run_tasks()
        operations.publish_due(now=noon)

    found = plans(publish)
    assert len(found) > 50
    assert long_ways(found) == []


def test_checklist_finds_what_is_scheduled_by_its_date(write, plans, noon):
    from coranto.desk.queries.checklist import _scheduled

    assert long_ways(plans(_scheduled)) == []


def test_reader_s_article_is_found_by_its_slug(write, plans):
    from coranto.newsroom import queries

    article = write()
    _, section, slug, _ = article.address.split("/")
    found = plans(lambda: queries.find_article(section, slug))
    assert any("INDEX newsroom_page_slug (slug=? AND depth=?)" in plan for plan, _ in found)
