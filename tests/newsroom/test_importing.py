"""Articles stored in bulk leave the rows that publishing by hand leaves."""

from __future__ import annotations

import json

import pytest
from wagtail.models import PageLogEntry

from coranto.kit import clock
from coranto.newsroom import operations
from coranto.newsroom.models import Article, ArticleVersion, Credit, Listing, Section, Topic

pytestmark = pytest.mark.django_db

# What two publications of the same words cannot share: keys, places in the tree, times, random marks.
OWN_TO_EACH = {
    "id",
    "pk",
    "page_ptr",
    "page_ptr_id",
    "path",
    "slug",
    "url_path",
    "translation_key",
    "latest_revision_id",
    "live_revision_id",
    "first_published_at",
    "last_published_at",
    "latest_revision_created_at",
    "body",
    "address",
    "uuid",
}


@pytest.fixture
def pair(city, ada_thorne, write, cora):
    """The same article twice: published by hand, and stored in bulk."""
    topic = Topic.objects.create(name="Trams", slug="trams")
    further = Section(title="Money", slug="money")
    city.get_parent().add_child(instance=further)
    credit = {"relation": "via", "people": "Tom Lark", "outlet": "Harbour Wire"}

    by_hand = write("Trams return", publish=False, standfirst="After a year.", seo_title="Trams")
    by_hand.credits = [Credit(sort_order=0, **credit)]
    by_hand.bylines.all()[0].sort_order = 0
    by_hand.topics.add(topic)
    by_hand.further_sections = [further]
    by_hand.save_revision(user=cora).publish(user=cora)

    stored = operations.store_articles(
        drafts=[
            operations.ArticleDraft(
                headline="Trams return",
                slug="trams-return",
                section=city,
                standfirst="After a year.",
                seo_title="Trams",
                body=[{k: v for k, v in block.items() if k != "id"} for block in by_hand.raw_body],
                authors=[ada_thorne],
                topics=[topic],
                further_sections=[further],
                credits=[operations.CreditDraft(**{**credit, "people": ["Tom Lark"]})],
            )
        ],
        by=cora,
        now=clock.now(),
    )
    return Article.objects.get(pk=by_hand.pk), Article.objects.get(pk=stored[0].pk)


def test_every_column_of_the_article_is_equal(pair):
    by_hand, stored = ({f.attname: getattr(a, f.attname) for f in Article._meta.concrete_fields} for a in pair)
    assert {k: v for k, v in stored.items() if k not in OWN_TO_EACH} == {
        k: v for k, v in by_hand.items() if k not in OWN_TO_EACH
    }
    assert pair[0].body_text == pair[1].body_text


def test_revision_holds_the_same_content(pair):
    by_hand, stored = (article.latest_revision for article in pair)
    assert set(stored.content) == set(by_hand.content)
    relations = {"bylines", "credits", "tagged_topics"}
    for key in set(by_hand.content) - OWN_TO_EACH - relations:
        assert stored.content[key] == by_hand.content[key], key
    for key in relations:
        assert [_without_keys(row) for row in stored.content[key]] == [_without_keys(r) for r in by_hand.content[key]]
    assert pair[1].live_revision_id == stored.pk
    assert stored.as_object().body_text == by_hand.as_object().body_text


def _without_keys(row):
    return {key: value for key, value in row.items() if key not in {"pk", "article", "content_object", "sort_order"}}


def test_version_holds_the_same_document(pair):
    documents = [json.loads(bytes(article.versions.get().document)) for article in pair]
    for document in documents:
        document["body"] = [{"type": b["type"], "value": b["value"]} for b in document["body"]]
    by_hand, stored = ({k: v for k, v in d.items() if k not in OWN_TO_EACH - {"body"}} for d in documents)
    assert stored == by_hand
    assert [article.versions.get().kind for article in pair] == ["first", "first"]


def test_places_in_lists_and_lines_in_the_log_are_equal(pair):
    by_hand, stored = (sorted(Listing.objects.filter(article=a).values_list("kind", "subject_id")) for a in pair)
    assert stored == by_hand
    logs = [
        list(PageLogEntry.objects.filter(page=a).order_by("id").values_list("action", "label", "content_changed"))
        for a in pair
    ]
    assert logs[1] == [each for each in logs[0] if each[0] in {"wagtail.create", "wagtail.publish"}]


def test_stored_article_is_found_by_search_at_once_and_by_hand_after_its_task(pair, run_tasks):
    by_hand, stored = pair
    assert [each.pk for each in Article.objects.search("tram harbour")] == []
    assert stored.pk in [each.pk for each in Article.objects.search("tram lark", operator="and")]
    run_tasks()
    found = {each.pk for each in Article.objects.search("tram lark", operator="and")}
    assert found == {by_hand.pk, stored.pk}


def test_tree_stays_sound(city, store):
    store(3)
    store(2)
    assert Article.find_problems() == ([], [], [], [], [])
    city.refresh_from_db()
    assert city.numchild == 5


def test_draft_has_neither_version_nor_place_in_a_list(city):
    draft = operations.ArticleDraft(headline="Later", slug="later", section=city, body=[], live=False)
    stored = operations.store_articles(drafts=[draft], by=None, now=clock.now())[0]
    assert not Article.objects.get(pk=stored.pk).live
    assert not ArticleVersion.objects.filter(article=stored).exists()
    assert not Listing.objects.filter(article=stored).exists()


def test_private_article_has_a_version_and_no_place_in_a_list(city):
    draft = operations.ArticleDraft(headline="Inside", slug="inside", section=city, body=[], visibility="private")
    stored = operations.store_articles(drafts=[draft], by=None, now=clock.now())[0]
    assert ArticleVersion.objects.filter(article=stored).count() == 1
    assert not Listing.objects.filter(article=stored).exists()


def test_editor_saves_a_stored_article_without_losing_anything(store):
    article = Article.objects.get(pk=store(1)[0].pk)
    article.get_latest_revision_as_object().save_revision().publish()
    assert [v.number for v in ArticleVersion.objects.filter(article=article).order_by("number")] == [1, 2]
    assert [each.author.slug for each in article.bylines.all()] == ["ada-thorne"]
