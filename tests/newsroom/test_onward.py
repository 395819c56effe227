"""What is read after an article: what the editor pinned, what is like it, what is new."""

from __future__ import annotations

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from coranto.newsroom import queries
from coranto.newsroom.models import Article, ReadNext, RelatedArticle
from coranto.newsroom.models.related import MOST_READ_NEXT
from coranto.newsroom.rules import Visibility

pytestmark = pytest.mark.django_db

HERONS = "Herons nest in the reedbeds of Saltmere"


@pytest.fixture
def pin():
    """A function that puts articles next to one, in order, and publishes it as an editor would."""

    def pin(article, *others):
        draft = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
        draft.read_next = [ReadNext(other=each, sort_order=n) for n, each in enumerate(others)]
        draft.save_revision().publish()

    return pin


def onward(article, **more):
    return [card.article.pk for card in queries.onward(article.pk, queries.sections(), **more)]


def pks(articles):
    return [each.pk for each in articles]


# What comes next ----------------------------------------------------------------------------------------------


def test_pinned_articles_come_first_in_the_editor_s_order_then_the_newest_of_the_section(
    write, store, pin, make_section
):
    article = write()
    stored = store(4)
    elsewhere = store(2, section=make_section("Culture"))
    pin(article, elsewhere[0], stored[0])
    assert onward(article) == pks([elsewhere[0], stored[0], stored[3], stored[2], stored[1], elsewhere[1]])


def test_two_that_are_alike_come_to_one_that_is_new(write, store, relate):
    store(30)
    article = write(HERONS)
    alike = [write(f"{HERONS} {n}", standfirst="Herons count.") for n in "abc"]
    relate()
    store(3)
    found = onward(article)
    assert [each in pks(alike) for each in found] == [True, True, False, True, False, False, False, False]


def test_list_is_filled_with_the_latest_of_the_whole_paper(write, store, make_section):
    article = write()
    stored = store(3, section=make_section("Culture"))
    assert onward(article) == pks(reversed(stored))
    assert onward(article, length=2) == pks([stored[2], stored[1]])


def test_article_alone_leads_nowhere(write):
    assert onward(write()) == []


def test_article_that_is_not_there_leads_nowhere(store):
    store(2)
    assert queries.onward(987_654, queries.sections()) == []


def test_list_never_holds_the_article_itself(write, store, relate):
    stored = store(5)
    relate()
    for each in stored:
        assert each.pk not in onward(each)
        assert len(onward(each)) == 4


def test_list_is_the_same_each_time(write, store, relate):
    stored = store(12)
    relate()
    assert {tuple(onward(stored[3])) for _ in range(3)} == {tuple(onward(stored[3]))}


@pytest.mark.parametrize("way", ["withdrawn", "draft", "private", "password", "deleted"])
def test_what_not_everybody_may_read_comes_nowhere_even_when_pinned(write, store, pin, relate, way):
    article = write(HERONS)
    hidden = write(HERONS, publish=way != "draft", live=way != "draft")
    store(3)
    relate()
    pin(article, hidden)
    if way != "draft":
        assert onward(article)[0] == hidden.pk
    if way == "withdrawn":
        hidden.unpublish()
    elif way == "deleted":
        hidden.delete()
    elif way in Visibility:
        hidden.visibility, hidden.password = way, "reed"
        hidden.save_revision().publish()
    assert hidden.pk not in onward(article)
    assert len(onward(article)) == 3


def test_pinned_article_comes_back_with_its_publication(client, write, store, pin):
    article, other = write(), write("Ferry bought twice")
    pin(article, other)
    other.unpublish()
    assert other.pk not in onward(article)
    other.save_revision().publish()
    assert onward(article)[0] == other.pk


# What it costs and what it depends on -------------------------------------------------------------------------


@pytest.mark.parametrize("count", [3, 60])
def test_onward_takes_six_queries(write, store, pin, django_assert_num_queries, count, picture):
    article = write(HERONS)
    stored = store(count, picture=picture)
    alike = store(count, picture=picture)
    RelatedArticle.objects.bulk_create([RelatedArticle(article=article, other=each, nearness=0.5) for each in alike])
    pin(article, *stored[:2])
    known = queries.sections()
    with django_assert_num_queries(6):
        found = queries.onward(article.pk, known)
    assert [each.article.pk for each in found[:2]] == pks(stored[:2])
    assert found[2].article.pk in pks(alike)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what the tables hold")
def test_onward_reads_no_table_from_end_to_end(write, store, pin, relate, plans):
    article = write(HERONS)
    store(20)
    relate()
    found = plans(lambda: onward(article))
    assert any("listing_newest_first" in plan for plan, _ in found)
    grow = r"SCAN (newsroom_(article|relatedarticle|readnext|listing)|wagtailcore_page)( |$)"
    assert [(plan, sql) for plan, sql in found if re.match(grow, plan)] == []


def test_list_depends_on_the_section_and_on_the_whole_paper_only_where_it_is_short(write, store, city):
    article = write()
    store(2)
    assert {f"related:{article.pk}", f"list:section:{city.pk}", "list:latest:0"} <= carried(article)
    store(9)
    assert "list:latest:0" not in carried(article)
    assert f"list:section:{city.pk}" in carried(article)


def carried(article):
    edge = {"Surrogate-Capability": 'coranto="ESI/1.0"'}
    response = Client(REMOTE_ADDR="").get(f"/-/fragments/onward/?article={article.pk}", headers=edge)
    return set(response["Surrogate-Key"].split())


def test_pins_that_change_are_purged(write, pin, purged, django_capture_on_commit_callbacks):
    article, other = write(), write("Ferry bought twice")
    with django_capture_on_commit_callbacks(execute=True):
        pin(article, other)
    assert f"related:{article.pk}" in purged


# The editor's form --------------------------------------------------------------------------------------------


@pytest.fixture
def save(client, cora):
    """A function that sends the article's form with these pins; the response."""
    client.force_login(cora)

    def save(article, *others, **fields):
        pins = [{"other": each if isinstance(each, int | str) else each.pk} for each in others]
        form = {
            "title": article.title,
            "slug": article.slug,
            "standfirst": "",
            "body": streamfield([("paragraph", rich_text("<p>The first tram left at five.</p>"))]),
            "comment_policy": "open",
            "visibility": "public",
            "change_note_place": "foot",
            "comments": inline_formset([]),
            "bylines": inline_formset([]),
            "credits": inline_formset([]),
            "read_next": inline_formset(pins),
            **fields,
        }
        return client.post(reverse("wagtailadmin_pages:edit", args=[article.pk]), nested_form_data(form))

    return save


def drafted(article):
    latest = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
    return [each.other_id for each in latest.read_next.order_by("sort_order")]


def test_editor_chooses_what_is_read_next_and_a_draft_keeps_it_from_readers(save, write, store):
    article, stored = write(), store(3)
    assert save(article, stored[2], stored[0]).status_code == 302
    assert drafted(article) == pks([stored[2], stored[0]])
    assert not ReadNext.objects.exists()
    Article.objects.get(pk=article.pk).get_latest_revision().publish()
    assert onward(article)[:2] == pks([stored[2], stored[0]])


def test_article_cannot_be_read_next_after_itself(save, write):
    article = write()
    response = save(article, article)
    assert response.status_code == 200
    assert "Choose another article: this is the one you are writing." in response.text
    assert drafted(article) == []


def test_article_cannot_be_read_next_twice(save, write):
    article, other = write(), write("Ferry bought twice")
    response = save(article, other, other)
    assert response.status_code == 200
    assert "duplicate" in response.text
    assert drafted(article) == []


def test_more_than_eight_are_too_many(save, write, store):
    article, stored = write(), store(MOST_READ_NEXT + 1)
    response = save(article, *stored)
    assert response.status_code == 200
    assert "at most 8" in response.text
    assert save(article, *stored[:MOST_READ_NEXT]).status_code == 302
    assert len(drafted(article)) == 8


@pytest.mark.parametrize("nonsense", ["999999999", "-1"])
def test_article_that_is_none_is_refused_with_a_sentence(save, write, nonsense):
    article = write()
    response = save(article, nonsense)
    assert response.status_code == 200
    assert "Select a valid choice" in response.text
    assert drafted(article) == []


def test_draft_survives_the_deletion_of_what_it_would_be_followed_by(save, write):
    article, other = write(), write("Ferry bought twice")
    save(article, other)
    other.delete()
    assert drafted(article) == []
    Article.objects.get(pk=article.pk).get_latest_revision().publish()
    assert onward(article) == []


def test_same_article_twice_is_refused_by_the_database_as_well(write):
    from django.db import IntegrityError

    article, other = write(), write("Ferry bought twice")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadNext.objects.bulk_create([ReadNext(article=article, other=other) for _ in range(2)])


def test_form_offers_our_chooser_of_articles(client, cora, write):
    client.force_login(cora)
    article = write()
    page = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).text
    assert "Read next" in page
    assert "id_read_next-TOTAL_FORMS" in page
