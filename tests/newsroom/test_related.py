"""Related stories: found in the worker after a publication, in any script, and gone with what is withdrawn."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from coranto.newsroom import operations, queries
from coranto.newsroom.models import (
    ArchiveTerm,
    Article,
    ArticleTerm,
    ArticleToRelate,
    Listing,
    RelatedArticle,
    Topic,
)
from coranto.newsroom.operations import relating

pytestmark = pytest.mark.django_db

HERONS = "Herons nest in the reedbeds of Saltmere"
MORE_HERONS = "Count of herons at Saltmere finds the reedbeds full"
BUDGET = "Council passes its budget by one vote"


@pytest.fixture
def tell(write):
    """Write an article that says nothing besides its headline and standfirst."""

    def tell(title, **more):
        return write(title, **{"body": [{"type": "divider", "value": None}], **more})

    return tell


@pytest.fixture
def archive(store, relate):
    """Thirty articles of other matters: enough to know which words are common."""
    stored = store(30)
    relate()
    return stored


def titles(article, **more):
    article = Article.objects.get(pk=article.pk)
    return [card.headline for card in queries.related_articles(article, queries.sections(), **more)]


# What is found ------------------------------------------------------------------------------------------------


def test_article_is_related_to_one_that_speaks_of_the_same_and_that_one_to_it(tell, relate, archive):
    older = tell(HERONS)
    relate()
    assert titles(older) == []
    newer, budget = tell(MORE_HERONS), tell(BUDGET)
    relate()
    assert titles(newer) == [HERONS]
    assert titles(older) == [MORE_HERONS]
    assert titles(budget) == []


@pytest.mark.parametrize(
    ("one", "same_matter", "other_matter"),
    [
        ("Reiher brüten im Schilf von Salzmoor", "Im Schilf zählt man mehr Reiher", "Die Straßenbahn kehrt zurück"),
        ("東京で桜が満開になった", "桜の開花は東京が早い", "議会は予算を可決した"),
        ("الحكومة تعلن الميزانية", "الميزانية تثير الجدل في الحكومة", "عودة الترام إلى المدينة"),
    ],
)
def test_related_articles_are_found_in_any_script(tell, relate, archive, one, same_matter, other_matter):
    article, _, _ = (tell(title, slug=f"s{n}") for n, title in enumerate((one, same_matter, other_matter)))
    relate()
    assert titles(article) == [same_matter]


def test_topic_in_common_relates_articles_that_share_no_word(tell, relate, archive, noon):
    herons = Topic.objects.create(name="Herons", slug="herons")
    drafts = [
        operations.ArticleDraft(
            headline=headline,
            slug=f"a{n}",
            section=archive[0].get_parent().specific,
            body=[],
            first_published_at=noon,
            topics=[herons],
        )
        for n, headline in enumerate(("Wading birds counted", "Marsh closed until spring"))
    ]
    first, _ = operations.store_articles(drafts=drafts, by=None, now=noon)
    relate()
    assert titles(first) == ["Marsh closed until spring"]


def test_of_equally_alike_articles_the_newer_comes_first(tell, relate, archive, noon):
    article = tell(HERONS, first_published_at=noon)
    old, new = (
        tell(MORE_HERONS, standfirst=each, first_published_at=noon - timedelta(days=days))
        for each, days in (("Old.", 4000), ("New.", 1))
    )
    relate()
    found = queries.related_articles(Article.objects.get(pk=article.pk), {})
    assert [card.article.pk for card in found] == [new.pk, old.pk]


def test_article_its_own_text_shows_is_not_shown_again_below(tell, relate, archive):
    shown, other = tell(HERONS), tell(f"{MORE_HERONS} again")
    article = tell(MORE_HERONS, body=[{"type": "related", "value": {"article": shown.pk, "label": ""}}])
    relate()
    assert titles(article) == [other.title]


def test_lists_have_so_many_places_and_keep_the_nearest(tell, relate, archive, monkeypatch):
    monkeypatch.setattr(relating, "PLACES", 3)
    articles = [tell(f"{HERONS} {'mud ' * n}") for n in range(6)]
    relate()
    counted = [RelatedArticle.objects.filter(article=each).count() for each in articles]
    assert counted == [3] * 6
    assert len(titles(articles[0], length=2)) == 2


# What does not stay -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["withdrawn", "deleted", "private", "password"])
def test_article_out_of_the_public_s_reach_is_out_of_the_lists_at_once(tell, relate, archive, way):
    article, other = tell(HERONS), tell(MORE_HERONS)
    relate()
    assert titles(article) == [MORE_HERONS]
    if way == "withdrawn":
        other.unpublish()
    elif way == "deleted":
        other.delete()
    else:
        other.visibility, other.password = way, "reed"
        other.save_revision().publish()
    assert titles(article) == []
    relate()
    assert titles(article) == []
    assert not ArticleTerm.objects.filter(article_id=other.pk).exists()
    assert not RelatedArticle.objects.filter(article_id=other.pk).exists()


def test_article_published_again_is_related_again(tell, relate, archive):
    article, other = tell(HERONS), tell(MORE_HERONS)
    other.unpublish()
    relate()
    other.save_revision().publish()
    relate()
    assert titles(article) == [MORE_HERONS]
    assert titles(other) == [HERONS]


def test_rewritten_article_leaves_the_lists_it_no_longer_belongs_in(tell, relate, archive, paragraph):
    article, other = tell(HERONS), tell(MORE_HERONS)
    relate()
    draft = other.get_latest_revision_as_object()
    draft.title, draft.body = BUDGET, []
    draft.save_revision().publish()
    relate()
    assert titles(article) == titles(other) == []


def test_alias_is_not_related_to_what_it_repeats(tell, relate, archive, make_section):
    article = tell(HERONS)
    article.create_alias(parent=make_section("Nature"), update_slug="herons-again")
    relate()
    assert titles(article) == []


def test_draft_and_locked_article_wait_for_nothing(tell, relate, archive):
    tell(HERONS, publish=False, live=False)
    locked = tell(HERONS, visibility="password", password="reed")
    relate()
    assert not ArticleTerm.objects.filter(article=locked).exists()
    assert not ArticleToRelate.objects.exists()


# How it is worked out ------------------------------------------------------------------------------------------


def test_publication_that_is_taken_back_leaves_nothing_to_do(tell, relate, archive):
    article = tell(HERONS)
    relate()
    with transaction.atomic():
        article.save_revision().publish()
        assert ArticleToRelate.objects.count() == 1
        transaction.set_rollback(True)
    assert not ArticleToRelate.objects.exists()


def test_work_cut_off_midway_is_taken_up_again(tell, relate, archive, monkeypatch, noon):
    article, other = tell(HERONS), tell(MORE_HERONS)

    def fail(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(relating, "_write", fail)
        with pytest.raises(KeyboardInterrupt):
            operations.relate_waiting(now=noon)
    assert ArticleToRelate.objects.filter(step=ArticleToRelate.Step.RELATE).count() == 2
    relate()
    assert titles(article) == [other.title]


def test_done_twice_is_the_same_as_done_once(tell, relate, archive):
    article = tell(HERONS)
    tell(MORE_HERONS)
    relate()

    def derived():
        return (
            set(RelatedArticle.objects.values_list("article_id", "other_id", "nearness")),
            set(ArticleTerm.objects.values_list("article_id", "term", "weight")),
            set(ArchiveTerm.objects.values_list("term", "articles")),
        )

    before = derived()
    operations.await_relating(articles=[article.pk], turn=ArticleToRelate.Turn.NOW)
    relate()
    assert derived() == before


def test_terms_of_the_archive_are_counted_once_for_each_article(store, relate):
    store(7)
    relate()
    counted = dict(ArchiveTerm.objects.values_list("term", "articles"))
    assert counted[""] == counted["words"] == counted["article"] == 7


def test_article_published_by_hand_does_not_wait_for_an_archive(tell, store, relate, archive, monkeypatch, noon):
    older = tell(HERONS)
    relate()
    monkeypatch.setattr(
        relating, "_WORK", {step: relating._Work(work.do, batch=5, most=5) for step, work in relating._WORK.items()}
    )
    store(40)
    newer = tell(MORE_HERONS)
    operations.relate_waiting(now=noon)
    assert titles(newer) == [older.title]
    waiting = ArticleToRelate.objects.filter(turn=ArticleToRelate.Turn.LATER)
    assert set(waiting.values_list("step", flat=True)) == {0, 1}  # none is weighed before all are counted
    relate()
    assert not ArticleToRelate.objects.exists()


def test_command_relates_the_whole_archive_anew(tell, relate, archive, capsys):
    article, other = tell(HERONS), tell(MORE_HERONS)
    relate()
    ArticleTerm.objects.all().delete()
    ArchiveTerm.objects.update(articles=99)
    RelatedArticle.objects.all().delete()
    call_command("relate_articles")
    assert titles(article) == [other.title]
    assert ArchiveTerm.objects.get(term="").articles == 32
    assert capsys.readouterr().out.endswith("32 articles related.\n")


def test_each_list_that_changed_is_purged(tell, relate, archive, purged, django_capture_on_commit_callbacks):
    article, other = tell(HERONS), tell(MORE_HERONS)
    with django_capture_on_commit_callbacks(execute=True):
        relate()
    assert {f"related:{article.pk}", f"related:{other.pk}"} == {each for each in purged if "related" in each}


# What it costs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [3, 60])
def test_related_articles_take_three_queries(tell, store, django_assert_num_queries, count, picture):
    article = tell(HERONS)
    others = store(count, picture=picture)
    RelatedArticle.objects.bulk_create([RelatedArticle(article=article, other=each, nearness=0.5) for each in others])
    article, known = Article.objects.get(pk=article.pk), queries.sections()
    with django_assert_num_queries(3):
        assert len(queries.related_articles(article, known)) == min(count, 4)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what the tables hold")
def test_relating_finds_each_row_by_an_index(tell, relate, archive, plans):
    for number in range(4):
        tell(f"{HERONS} {number}")
    found = plans(relate)
    assert any("INDEX term_holders (term=?)" in plan for plan, _ in found)
    grow = (
        r"SCAN (newsroom_(article|articleterm|archiveterm|relatedarticle|articletorelate|listing)|wagtailcore_page)\b"
    )
    assert [(plan, sql) for plan, sql in found if re.match(grow, plan) or "TEMP B-TREE FOR ORDER" in plan] == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's way is tested above")
def test_holders_of_a_term_are_found_by_one_seek(archive):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        cursor.execute(
            "EXPLAIN SELECT article_id FROM newsroom_articleterm WHERE term = 'x' ORDER BY term, article_id DESC LIMIT 9"
        )
        assert "term_holders" in "".join(row[0] for row in cursor.fetchall())


# On the page --------------------------------------------------------------------------------------------------


def test_reader_sees_related_stories_below_the_article_and_no_heading_without(client, tell, relate, archive):
    article, other, budget = tell(HERONS), tell(MORE_HERONS), tell(BUDGET)
    relate()
    page = client.get(article.address).text
    below = page.partition("Related stories")[2]
    assert f'href="{other.address}"' in below.partition("</section>")[0]
    assert "Related stories" not in client.get(budget.address).text


def test_related_stories_are_a_fragment_of_their_own(client, tell, relate, archive):
    article, other = tell(HERONS), tell(MORE_HERONS)
    relate()
    edge = {"headers": {"Surrogate-Capability": 'coranto="ESI/1.0"'}, "REMOTE_ADDR": ""}
    assert (
        f'<esi:include src="/-/fragments/related/?article={article.pk}"/>' in client.get(article.address, **edge).text
    )
    response = client.get(f"/-/fragments/related/?article={article.pk}", **edge)
    assert other.title in response.text
    tags = set(response.headers["Surrogate-Key"].split())
    assert {f"related:{article.pk}", f"page:{article.pk}", f"page:{other.pk}"} <= tags


@pytest.mark.parametrize("given", ["", "x", "0", "-1", "1" * 30])
def test_fragment_of_no_article_is_refused(client, given):
    assert client.get(f"/-/fragments/related/?article={given}").status_code == 404


def test_fragment_of_an_article_that_is_not_public_is_empty(client, tell, relate, archive):
    locked = tell(HERONS, visibility="password", password="reed")
    tell(MORE_HERONS)
    relate()
    assert client.get(f"/-/fragments/related/?article={locked.pk}").text.strip() == ""
    assert client.get("/-/fragments/related/?article=999999").text.strip() == ""


def test_lists_of_articles_are_as_they_were(tell, relate, archive):
    tell(HERONS)
    before = Listing.objects.count()
    relate()
    assert Listing.objects.count() == before
