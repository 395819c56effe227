"""What the article editor asks, and two states of an article side by side."""

from __future__ import annotations

import html
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from coranto.desk.rules.subjects import subjects_of
from coranto.desk.views import writing as views
from coranto.newsroom.models import ArticleVersion, Listing, Topic

pytestmark = pytest.mark.django_db

REFUSED = {302, 403, 404}  # sent away with a sentence, or told that there is nothing


def suggestions(client, article, **fields):
    return client.post(reverse("desk_suggestions", args=[article.pk]), fields)


def headlines(response):
    return [each["headline"] for each in response.json()["articles"]]


# Own articles to link to ----------------------------------------------------------------------------------


def test_names_come_before_words_and_the_most_spoken_of_first():
    text = (
        "Estuary Works sold it. The council asked Estuary Works twice.\n"
        "Nobody else did, said Mara Lind’s office. In March it rained; Mara Lind came."
    )
    assert subjects_of("Why the harbour waited for copper", text, limit=4) == [
        "Estuary Works",
        "Mara Lind",
        "harbour",
        "copper",
    ]


@pytest.mark.parametrize("text", ["", "…", "x" * 100_000, "A B " * 25_000, "\x00\ud800", "(((((", "Ünïcode Ωmega " * 9])
def test_any_text_has_subjects_or_none(text):
    assert len(subjects_of(text, text, limit=4)) <= 4


def test_writer_is_offered_public_articles_on_what_the_text_speaks_of(client, cast, run_tasks):
    twice = cast.write("Copper bought twice", by=cast.noa, text="Estuary Works had sold it before.", publish=True)
    cast.write("Bees in the park", by=cast.noa, text="Of honey.", publish=True)
    cast.write("Secret copper", by=cast.noa, text="Estuary Works again.")
    cast.write("Staff copper", by=cast.noa, text="Estuary Works again.", visibility="private", publish=True)
    draft = cast.write("The bill", by=cast.rui, text="Now Estuary Works has sent a bill.")
    run_tasks()
    client.force_login(cast.rui)
    answer = suggestions(client, draft, headline="The bill", text="Now Estuary Works has sent a bill.")
    assert headlines(answer) == ["Copper bought twice"]
    (found,) = answer.json()["articles"]
    assert (found["id"], found["parent"], found["address"]) == (twice.pk, cast.city.pk, twice.address)
    assert (found["section"], found["about"]) == ("City", "Estuary Works")


def test_what_the_text_mentions_already_is_not_offered_nor_the_article_itself(client, cast, run_tasks):
    other = cast.write("Copper bought twice", by=cast.noa, text="Estuary Works had sold it.", publish=True)
    own = cast.write("The bill", by=cast.noa, text="Estuary Works sent a bill.", publish=True)
    run_tasks()
    client.force_login(cast.noa)
    fields = {"headline": "The bill", "text": "Estuary Works sent a bill."}
    assert headlines(suggestions(client, own, **fields)) == ["Copper bought twice"]
    assert headlines(suggestions(client, own, **fields, mentioned=[other.pk, "nonsense", "\u00b2"])) == []


def test_articles_on_the_same_topic_are_offered_too(client, cast):
    bees = cast.write("Bees in the park", by=cast.noa, text="Of honey.", publish=True)
    topic = Topic.objects.create(name="City wildlife", slug="wildlife")
    place = Listing.objects.get(article=bees, kind=Listing.Kind.LATEST)
    Listing.objects.create(kind=Listing.Kind.TOPIC, subject_id=topic.pk, article=bees, published_at=place.published_at)
    draft = cast.write("Wasps", by=cast.noa)
    client.force_login(cast.noa)
    answer = suggestions(client, draft, headline="Wasps", topics='"City wildlife", Summer')
    assert [(each["headline"], each["about"]) for each in answer.json()["articles"]] == [
        ("Bees in the park", "City wildlife")
    ]


def test_only_who_may_edit_the_article_is_told_anything(client, cast):
    draft = cast.write("The bill", by=cast.rui)
    compared = reverse("desk_compare", args=[draft.pk, "latest", "latest"])
    for name in ["rui", "noa", "cora"]:
        client.force_login(getattr(cast, name))
        assert suggestions(client, draft, headline="x").status_code == 200, name
        assert client.get(compared).status_code == 200, name
    for name in ["kai", "dov", "ada"]:
        client.force_login(getattr(cast, name))
        assert suggestions(client, draft, headline="x").status_code in REFUSED, name
        assert client.get(compared).status_code in REFUSED, name
    client.logout()
    assert suggestions(client, draft).status_code == 302
    assert client.get(compared).status_code == 302


def test_the_views_themselves_refuse_whatever_stands_before_them(rf, cast):
    draft = cast.write("The bill", by=cast.rui)
    for name in ["kai", "dov", "ada"]:
        request = rf.post("/")
        request.user = getattr(cast, name)
        with pytest.raises(PermissionDenied):
            views.suggestions(request, draft.pk)
        request = rf.get("/")
        request.user = getattr(cast, name)
        with pytest.raises(PermissionDenied):
            views.compare_newest(request, draft.pk)
        with pytest.raises(PermissionDenied):
            views.CompareView.as_view()(request, pk=draft.pk, revision_id_a="latest", revision_id_b="latest")


def test_suggestions_are_asked_for_by_post_of_articles_alone(client, cast):
    client.force_login(cast.cora)
    draft = cast.write("The bill", by=cast.cora)
    assert client.get(reverse("desk_suggestions", args=[draft.pk])).status_code == 405
    assert suggestions(client, cast.city).status_code == 404
    assert headlines(suggestions(client, draft, headline="\x00\u202e" * 9, text='"*^:' * 99, topics=',"')) == []


@pytest.mark.parametrize("count", [3, 10])
def test_suggestions_take_the_same_number_of_queries_whatever_there_is(
    client, cast, count, django_assert_num_queries, run_tasks
):
    for number in range(count):
        cast.write(f"Copper {number}", by=cast.noa, text="Estuary Works and Mara Lind met Ben Holt.", publish=True)
    run_tasks()
    Topic.objects.create(name="Copper", slug="copper")
    draft = cast.write("The bill", by=cast.cora)
    from coranto.desk.queries.writing import link_suggestions

    with django_assert_num_queries(QUERIES):
        found = link_suggestions(
            draft,
            headline="Copper again",
            standfirst="",
            text="Estuary Works. Said Mara Lind. Asked Ben Holt.",
            topics="Copper, Money",
            mentioned=(),
        )
    assert len(found) == min(count, 6)


# Each of four searches asks SQLite how many would be found before they are ranked.
QUERIES = 14 if connection.vendor == "sqlite" else 10


# Side by side ---------------------------------------------------------------------------------------------


@pytest.fixture
def changed(cast):
    """An article that came out, and a draft of it with other words."""
    article = cast.write("Trams return", by=cast.noa, text="The first tram left at five.", publish=True)
    draft = article.get_latest_revision_as_object()
    draft.title = "Trams are back"
    draft.body = [{"type": "paragraph", "value": "<p>The first tram left at six.</p><p>It rained.</p>", "id": "a"}]
    draft.save_revision(user=cast.rui)
    return article


def sides(page):
    cells = re.findall(r'<td class="compare__side"[^>]*>(.*?)</td>', page.text, re.DOTALL)
    texts = [html.unescape(each) for each in cells]
    return list(zip(texts[::2], texts[1::2], strict=True))


def test_published_version_and_newest_draft_stand_side_by_side(client, cast, changed):
    client.force_login(cast.noa)
    page = client.get(reverse("desk_compare_newest", args=[changed.pk]), follow=True)
    assert page.redirect_chain == [(reverse("desk_compare", args=[changed.pk, "live", "latest"]), 302)]
    assert ("The first tram left at <del>five</del>.", "The first tram left at <ins>six</ins>.") in sides(page)
    assert ("Trams <del>return</del>", "Trams <ins>are back</ins>") in sides(page)
    assert ("", "<ins>It rained.</ins>") in sides(page)
    assert "Published version 1" in page.text
    assert "Draft by Rui" in page.text


def test_two_published_versions_are_compared_word_by_word(client, cast, changed):
    changed.get_latest_revision().publish(user=cast.noa)
    assert ArticleVersion.objects.filter(article=changed).count() == 2
    client.force_login(cast.noa)
    page = client.get(reverse("desk_compare", args=[changed.pk, "v1", "v2"]))
    assert ("The first tram left at <del>five</del>.", "The first tram left at <ins>six</ins>.") in sides(page)
    same = client.get(reverse("desk_compare", args=[changed.pk, "v2", "v2"]))
    assert "Both say the same." in same.text


def test_comparison_is_offered_in_the_editor_of_articles_alone(client, cast, changed):
    client.force_login(cast.noa)
    address = reverse("desk_compare_newest", args=[changed.pk])
    page = client.get(reverse("wagtailadmin_pages:edit", args=[changed.pk]))
    assert f'href="{address}"' in page.text
    section = client.get(reverse("wagtailadmin_pages:edit", args=[cast.city.pk]), follow=True)
    assert "/admin/desk/compare/" not in section.text


def test_choosing_two_versions_leads_to_their_comparison(client, cast, changed):
    client.force_login(cast.noa)
    here = reverse("desk_compare", args=[changed.pk, "live", "latest"])
    answer = client.get(here, {"before": "v1", "after": "earliest"})
    assert answer["Location"] == reverse("desk_compare", args=[changed.pk, "v1", "earliest"])


@pytest.mark.parametrize("key", ["v9", "999999", "v0", "v" + "9" * 40, "9" * 40, "\u0664", "x", "v\u0664", "..", "%00"])
def test_version_that_is_not_there_is_not_found(client, cast, changed, key):
    client.force_login(cast.noa)
    assert client.get(f"/admin/desk/compare/{changed.pk}/{key}/latest/").status_code in {404, 301, 302}


def test_draft_of_another_article_is_not_shown(client, cast, changed):
    other = cast.write("Zyzzyva", by=cast.kai, section=cast.culture)
    client.force_login(cast.noa)
    key = str(other.latest_revision_id)
    assert client.get(reverse("desk_compare", args=[changed.pk, key, "latest"])).status_code == 404


def test_note_for_colleagues_and_hostile_words_stay_harmless(client, cast):
    article = cast.write(
        "<script>x()</script>", by=cast.noa, text="&lt;img src=x&gt;", desk_note="Zyzzyva", publish=True
    )
    client.force_login(cast.noa)
    page = client.get(reverse("desk_compare", args=[article.pk, "live", "latest"]))
    assert "<script>x()" not in page.text
    assert "&lt;script&gt;x()" in page.text
    assert "<img src=x>" not in page.text


# The form and its previews --------------------------------------------------------------------------------


def preview(client, article, mode):
    return client.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk]), {"mode": mode})


def test_previews_show_an_article_as_each_kind_of_reader_meets_it(client, cast):
    article = cast.write("Trams return", by=cast.noa, text="Words inside.", visibility="password", password="tram")
    client.force_login(cast.noa)
    assert article.default_preview_mode == "member"
    assert "Words inside." in preview(client, article, "member").text
    locked = preview(client, article, "")
    assert "Words inside." not in locked.text
    assert "asks for a password" in locked.text
    article = cast.write("Staff", by=cast.noa, text="Words inside.", visibility="private")
    assert "Words inside." not in preview(client, article, "").text
    assert "Words inside." in preview(client, article, "member").text
    article = cast.write("Open", by=cast.noa, text="Words inside.")
    assert "Words inside." in preview(client, article, "").text
    assert 'data-scheme="dark"' in preview(client, article, "dark").text
    assert 'data-scheme="dark"' not in preview(client, article, "").text
    lists = preview(client, article, "lists")
    assert "Words inside." not in lists.text
    assert lists.text.count(">Open</a>") == 3


@pytest.mark.parametrize("mode", ["", "dark", "member", "lists", "nonsense"])
def test_preview_is_kept_by_nobody_and_seen_by_who_may_edit(client, cast, mode):
    article = cast.write("Trams return", by=cast.noa)
    client.force_login(cast.noa)
    page = preview(client, article, mode)
    assert page.status_code == 200
    assert {"private", "no-store"} & set(re.findall(r"[\w-]+", page["Cache-Control"]))
    for name in ["kai", "dov", "ada"]:
        client.force_login(getattr(cast, name))
        assert preview(client, article, mode).status_code in REFUSED, name


def test_text_block_in_which_nothing_was_written_is_left_out(client, cast, article_form):
    from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

    blocks = [
        ("paragraph", rich_text("")),
        ("paragraph", rich_text("<p>Words.</p>")),
        ("paragraph", rich_text("<p> </p>")),
    ]
    client.force_login(cast.cora)
    data = {**article_form(slug="trams"), **nested_form_data({"body": streamfield(blocks)})}
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "article", cast.city.pk])
    response = client.post(address, {**data, "action-publish": "1"})
    assert response.status_code == 302
    (block,) = ArticleVersion.objects.get().article.raw_body
    assert block["type"] == "paragraph"


def test_mistake_beside_an_empty_text_block_is_shown_where_it_is(client, cast, article_form):
    from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

    blocks = [("paragraph", rich_text("")), ("heading", {"text": "", "level": "2"})]
    client.force_login(cast.cora)
    data = {**article_form(slug="trams"), **nested_form_data({"body": streamfield(blocks)})}
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "article", cast.city.pk])
    response = client.post(address, {**data, "action-publish": "1"})
    assert response.status_code == 200
    (error,) = response.context["form"].errors.as_data()["body"]
    assert list(error.block_errors) == [1]


def test_headline_of_several_lines_becomes_one(client, cast, article_form):
    client.force_login(cast.cora)
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "article", cast.city.pk])
    client.post(address, {**article_form(title="Trams\n  return ", slug="trams"), "action-publish": "1"})
    assert ArticleVersion.objects.get().article.title == "Trams return"


def test_notes_beside_a_paragraph_belong_to_the_form_and_never_to_readers(client, cast, article_form):
    from wagtail.test.utils.form_data import inline_formset, nested_form_data

    article = cast.write("Trams return", by=cast.rui, publish=True)
    note = {
        "text": "Zyzzyva: really five?",
        "contentpath": "title",
        "position": "",
        "resolved": "",
        "id": "",
        "replies": inline_formset([]),
    }
    notes = nested_form_data({"comments": inline_formset([note])})
    client.force_login(cast.noa)
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert client.post(edit, {**article_form(slug=article.slug), **notes}).status_code == 302
    assert article.wagtail_admin_comments.get().user == cast.noa
    assert "Zyzzyva" in client.get(edit).text
    client.logout()
    assert "Zyzzyva" not in client.get(article.address).text
