"""Readers have the article already: what changes has to be said, on every way on which a person publishes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset

from coranto.desk.rules.changes import unsaid
from coranto.newsroom.models import Article, ArticleVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(cast):
    return cast.write("Trams return", by=cast.noa, standfirst="After a year.", publish=True)


@pytest.fixture
def send(client, cast, article_form, article):
    """Send the article's form; whoever is signed in publishes, unless told otherwise."""
    client.force_login(cast.noa)

    def send(action="action-publish", **fields):
        data = article_form(**{"slug": article.slug, "read_next": inline_formset([]), **fields})
        return client.post(reverse("wagtailadmin_pages:edit", args=[article.pk]), {**data, action: "1"})

    return send


def versions(article):
    return list(ArticleVersion.objects.filter(article=article).order_by("number").values_list("kind", "note"))


def test_change_without_a_name_is_refused_with_the_words_still_in_the_form(send, article):
    page = send(title="Trams are back", text="They left at six. It rained.")
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["change_kind"]
    assert "Say what kind of change this is." in page.text
    assert "Trams are back" in page.text
    assert "<q>They left at six.</q>" in page.text  # what a correction could name
    assert versions(article) == [("first", "")]
    assert Article.objects.get(pk=article.pk).title == "Trams return"


def test_named_change_is_published_as_what_it_is(send, article):
    told = {
        "change_kind": "correction",
        "change_note": "Six.",
        "change_passage": "“At six.”",
        "change_note_place": "top",
    }
    assert send(title="Trams are back", text="At  six. It rained.", **told).status_code == 302
    version = ArticleVersion.objects.get(article=article, number=2)
    assert (version.kind, version.note, version.passage, version.note_place) == tuple(told.values())


@pytest.mark.parametrize("kind", ["correction", "clarification"])
def test_correction_and_clarification_need_a_note(send, article, kind):
    page = send(title="Trams are back", change_kind=kind, change_note="  ")
    assert list(page.context["form"].errors) == ["change_note"]
    assert len(versions(article)) == 1


@pytest.mark.parametrize("kind", ["correction", "clarification"])
@pytest.mark.parametrize("passage", ["They left at five.", "Trams return"])
def test_passage_that_is_named_stands_in_the_article(send, article, kind, passage):
    told = {"change_kind": kind, "change_note": "Six.", "change_passage": passage}
    page = send(title="Trams are back", text="They left at six.", **told)
    assert list(page.context["form"].errors) == ["change_passage"]
    assert passage in page.text
    assert len(versions(article)) == 1


def test_passage_of_a_change_without_a_note_is_not_looked_at(send, article):
    assert send(title="Trams are back", change_kind="typo", change_passage="Nowhere.").status_code == 302


@pytest.mark.parametrize("kind", ["typo", "update"])
def test_typo_and_update_need_no_note(send, article, kind):
    assert send(title="Trams are back", change_kind=kind).status_code == 302
    assert versions(article)[1:] == [(kind, "")]


def test_nobody_is_asked_where_nothing_readers_see_has_changed(send, article):
    assert send(title="Trams return", desk_note="Call the depot.").status_code == 302
    assert versions(article)[1:] == [("typo", "")]
    assert Article.objects.get(pk=article.pk).updated_at is None


def test_change_made_after_a_publication_that_was_put_off_has_to_be_named(client, send, article):
    tomorrow = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    assert send(title="Trams return", desk_note="Call the depot.", go_live_at=tomorrow).status_code == 302
    assert versions(article) == [("first", "")]
    planned = Article.objects.get(pk=article.pk).scheduled_revision
    client.post(reverse("wagtailadmin_pages:revisions_unschedule", args=[article.pk, planned.pk]))
    form = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).context["form"]
    answer = send(title="Trams are back", change_kind=form["change_kind"].value())
    assert list(answer.context["form"].errors) == ["change_kind"]


@pytest.mark.parametrize("fields", [{"topics": "Trams"}, {"seo_title": "Other"}, {"text": "Six."}, {"standfirst": ""}])
def test_whatever_readers_see_is_a_change(send, article, fields):
    assert list(send(title="Trams return", **fields).context["form"].errors) == ["change_kind"]


def test_draft_is_kept_whatever_was_said_of_it(send, article):
    assert send("save", title="Trams are back", change_kind="correction").status_code == 302
    draft = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert (draft.title, draft.change_kind) == ("Trams are back", "correction")


def test_first_publication_asks_for_no_change(client, cast, article_form):
    client.force_login(cast.noa)
    data = {**article_form(title="New", read_next=inline_formset([])), "action-publish": "1"}
    assert client.post(f"/admin/pages/add/newsroom/article/{cast.city.pk}/", data).status_code == 302
    assert versions(Article.objects.get(title="New")) == [("first", "")]


@pytest.fixture
def drafted(cast, article):
    """The article with a draft of other words, of which nobody has said what changes."""
    draft = article.get_latest_revision_as_object()
    draft.title = "Trams are back"
    draft.save_revision(user=cast.rui)
    return article


def test_approval_publishes_no_unnamed_change(client, cast, drafted):
    state = drafted.get_workflow().start(drafted, cast.rui)
    client.force_login(cast.noa)
    address = reverse("wagtailadmin_pages:workflow_action", args=[drafted.pk, "approve", state.current_task_state.pk])
    page = client.post(address, follow=True)
    assert "Say what kind of change this is." in page.text
    assert len(versions(drafted)) == 1
    named = drafted.get_latest_revision_as_object()
    named.change_kind, named.change_note = "clarification", "What was meant."
    named.save_revision(user=cast.rui)
    state.refresh_from_db()
    client.post(
        reverse("wagtailadmin_pages:workflow_action", args=[drafted.pk, "approve", state.current_task_state.pk])
    )
    assert versions(drafted)[1:] == [("clarification", "What was meant.")]


def test_list_publishes_no_unnamed_change(client, cast, drafted):
    client.force_login(cast.noa)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    page = client.post(f"{address}?id={drafted.pk}&next=/admin/", follow=True)
    assert "Say what kind of change this is." in page.text
    assert len(versions(drafted)) == 1


def test_checklist_tells_that_the_change_has_no_name(client, cast, drafted):
    client.force_login(cast.noa)
    assert "Say what kind of change this is." in client.get(reverse("desk_checklist", args=[drafted.pk])).text


def test_passages_that_differ_are_told_to_who_may_edit(client, cast, drafted):
    address = reverse("desk_changes", args=[drafted.pk])
    client.force_login(cast.noa)
    assert "<q>Trams are back</q>" in client.get(address).text
    client.force_login(cast.kai)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("kind", "note", "differs", "has_passage", "field"),
    [
        ("", "", False, True, None),
        ("", "x", True, True, "change_kind"),
        ("typo", "", True, False, None),
        ("correction", "\n", True, False, "change_note"),
        ("clarification", "", False, True, "change_note"),
        ("correction", "x", False, True, None),
        ("correction", "x", True, False, "change_passage"),
    ],
)
def test_what_has_to_be_said(kind, note, differs, has_passage, field):
    assert list(unsaid(kind, note, differs=differs, has_passage=has_passage)) == ([field] if field else [])
