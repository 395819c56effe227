"""What a word in a headline weighs in a search: by how long headlines are on average, known without reading them all."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Avg, F
from django.db.models.functions import Length
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from coranto.newsroom import operations
from coranto.newsroom.backends import lengths
from coranto.newsroom.models import Article, TitleLengths

pytestmark = pytest.mark.django_db

HEADLINES = [
    "Harbour",
    "Harbour opens",
    "The old harbour opens after all these years of waiting",
    "Ferry",
    "A new bridge",
]


@pytest.fixture
def archive(write, run_tasks, paragraph):
    articles = [write(each, body=[paragraph("The harbour, as it was.")]) for each in HEADLINES]
    run_tasks()
    return articles


@pytest.fixture
def index():
    return get_search_backend().get_index_for_model(Article)


def entries():
    return IndexEntry.objects.annotate(length=Length("title")).filter(length__gt=0)


def weights():
    return dict(entries().values_list("pk", "title_norm"))


def right_weights():
    """As modelsearch works them out, from all there is."""
    average = entries().aggregate(average=Avg("length"))["average"]
    return {pk: average / length for pk, length in entries().values_list("pk", "length")}


def kept():
    row = TitleLengths.objects.get()
    return row.count, row.total


def counted():
    each = entries().values_list("length", flat=True)
    return len(each), sum(each)


def found(words):
    return [each.pk for each in Article.objects.public().search(words, operator="and")]


def entry_of(article):
    return article.index_entries.annotate(length=Length("title")).get()


def test_sum_of_titles_is_kept_as_articles_come_change_and_go(archive, index, run_tasks):
    assert kept() == counted()
    longer = archive[0]
    longer.title = "Harbour, seen from the other side of the river"
    longer.save_revision().publish()
    run_tasks()
    assert kept() == counted()
    before = counted()
    length = entry_of(archive[3]).length
    index.delete_item(archive[3])
    assert kept() == counted() == (before[0] - 1, before[1] - length)


def test_entry_is_weighed_when_it_is_written(archive, run_tasks):
    row = TitleLengths.objects.get()
    entry = entry_of(archive[-1])  # the last one written: since then the average is as it was
    assert entry.title_norm == pytest.approx(row.total / row.count / entry.length, rel=lengths.OFF_WHEN_WRITTEN)
    archive[-1].title = "A new bridge across the river, and then another one"
    archive[-1].save_revision().publish()
    run_tasks()
    row, entry = TitleLengths.objects.get(), entry_of(archive[-1])
    assert entry.title_norm == pytest.approx(row.total / row.count / entry.length, rel=lengths.OFF_WHEN_WRITTEN)
    assert entry.title_norm < 1


def test_what_was_stored_at_once_is_weighed_alike(store):
    store(30)
    assert kept() == counted()
    assert weights() == pytest.approx(right_weights(), rel=lengths.OFF_LATER)


def test_daily_look_puts_right_what_the_years_have_moved(archive, noon, monkeypatch):
    monkeypatch.setattr(lengths, "BATCH", 2)
    IndexEntry.objects.update(title_norm=F("title_norm") * 7)
    TitleLengths.objects.update(count=1, total=999)
    operations.refresh_search_weights(now=noon)
    assert kept() == counted()
    assert weights() == pytest.approx(right_weights(), rel=lengths.OFF_LATER)


def test_weights_that_are_nearly_right_are_not_written_again(archive, noon):
    operations.refresh_search_weights(now=noon)
    IndexEntry.objects.update(title_norm=F("title_norm") * 1.01)
    before = weights()
    operations.refresh_search_weights(now=noon)
    assert weights() == before


def test_newsroom_that_has_kept_no_sum_yet_counts_once(archive, run_tasks):
    TitleLengths.objects.all().delete()
    archive[0].title = "Harbour again"
    archive[0].save_revision().publish()
    run_tasks()
    assert kept() == counted()


def test_articles_are_found_in_the_order_modelsearch_would_give_them(archive, index, noon):
    operations.refresh_search_weights(now=noon)
    ours = found("harbour")
    assert len(ours) == len(HEADLINES)
    stock = next(each for each in type(index).__mro__ if each.__module__.startswith("modelsearch"))
    stock._refresh_title_norms(index, full=True)
    assert weights() == pytest.approx(right_weights())
    assert found("harbour") == ours


def test_empty_index_is_no_error(index, noon):
    index.reset()
    assert kept() == (0, 0)
    operations.refresh_search_weights(now=noon)


@pytest.mark.parametrize("count", [3, 60])
def test_indexing_an_article_takes_a_fixed_number_of_queries(index, store, count, django_assert_num_queries):
    article = store(count)[0]
    article = Article.objects.get(pk=article.pk)
    with django_assert_num_queries(QUERIES):
        index.add_item(article)


# SQLite looks for an entry before it writes one.
QUERIES = 10 if connection.vendor == "sqlite" else 9
