"""From a draft to the public by way of review, and what each role may do on that way."""

from __future__ import annotations

import smtplib

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from wagtail.models import Page, PageLogEntry, TaskState

from coranto.newsroom.models import Article

pytestmark = pytest.mark.django_db


def signed_in(account):
    client = Client()
    client.force_login(account)
    return client


def fresh(article):
    return Article.objects.get(pk=article.pk)


def edit(client, article, form, action=None):
    data = {**form, **({action: action} if action else {})}
    return client.post(f"/admin/pages/{article.pk}/edit/", data)


def submit(cast, article, form, by="dov"):
    response = edit(signed_in(cast.people[by]), article, form(title=article.title), "action-submit")
    assert response.status_code == 302, response.context["form"].errors.as_data()
    return TaskState.objects.get(status="in_progress")


def act(client, article, state, name, **data):
    return client.post(f"/admin/pages/workflow/action/{article.pk}/{name}/{state.pk}/", data)


@pytest.fixture(autouse=True)
def _no_checklist(db):
    """What is asked before publication is tried elsewhere."""
    from coranto.desk.models import Checklist

    checklist = Checklist.objects.first() or Checklist()
    for field in Checklist._meta.fields:
        if field.choices:
            setattr(checklist, field.name, "off")
    checklist.save()


@pytest.fixture
def piece(cast):
    return cast.write("Trams return", by=cast.dov)


def test_contributor_writes_submits_and_the_section_editor_publishes(cast, article_form):
    dov = signed_in(cast.dov)
    path = f"/admin/pages/add/newsroom/article/{cast.city.pk}/"
    form = dov.get(path).text
    assert "Submit for review" in form
    assert 'name="action-publish"' not in form
    response = dov.post(path, {**article_form(), "action-submit": "action-submit"})
    assert response.status_code == 302, response.context["form"].errors.as_data()
    article = Article.objects.get(slug="trams-return")
    assert (article.owner, article.live, article.workflow_in_progress) == (cast.dov, False, True)

    noa = signed_in(cast.noa)
    page = noa.get(f"/admin/pages/{article.pk}/edit/").text
    assert "Approve and publish" in page
    assert "Send back" in page
    act(noa, article, TaskState.objects.get(), "approve", next="/admin/")
    assert fresh(article).live


def test_review_asks_the_editors_of_the_section_and_nobody_else(
    cast, piece, article_form, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        submit(cast, piece, article_form)
    assert sorted(address for letter in mailoutbox for address in letter.to) == [
        "abe@lantern.example",
        "cora@lantern.example",
        "noa@lantern.example",
    ]
    for name, waits in (("noa", 1), ("cora", 1), ("abe", 1), ("kai", 0), ("rui", 0), ("dov", 0)):
        assert TaskState.objects.reviewable_by(cast.people[name]).count() == waits, name


@pytest.mark.parametrize("name", ["dov", "rui", "kai"])
def test_nobody_else_approves_or_sends_back(cast, piece, article_form, name):
    state = submit(cast, piece, article_form)
    for act_name in ("approve", "reject"):
        act(signed_in(cast.people[name]), piece, state, act_name, comment="Mine")
    state.refresh_from_db()
    assert state.status == "in_progress"
    assert not fresh(piece).live


def test_piece_is_sent_back_with_a_reason_the_author_reads(
    cast, piece, article_form, mailoutbox, django_capture_on_commit_callbacks
):
    state = submit(cast, piece, article_form)
    noa = signed_in(cast.noa)
    collect = f"/admin/pages/workflow/collect_action_data/{piece.pk}/reject/{state.pk}/"
    assert "The author reads this." in noa.get(collect).json()["html"]
    act(noa, piece, state, "reject", comment="")
    state.refresh_from_db()
    assert state.status == "in_progress"  # nobody gets a piece back without being told why
    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        act(noa, piece, state, "reject", comment="Who says so?")
    state.refresh_from_db()
    assert (state.status, state.comment) == ("rejected", "Who says so?")
    assert [(letter.to, "Who says so?" in letter.body) for letter in mailoutbox] == [(["dov@lantern.example"], True)]

    dov = signed_in(cast.dov)
    assert "Noa sent it back: Who says so?" in dov.get(f"/admin/pages/{piece.pk}/edit/").text
    submit(cast, piece, article_form)
    assert fresh(piece).workflow_in_progress


def test_what_is_in_review_does_not_change_under_the_editors_eyes_until_its_author_takes_it_back(
    cast, piece, article_form
):
    submit(cast, piece, article_form)
    dov = signed_in(cast.dov)
    edit(dov, piece, article_form(title="Something else"))
    assert fresh(piece).get_latest_revision_as_object().title == "Trams return"
    dov.post(f"/admin/pages/workflow/confirm_cancellation/{piece.pk}/")
    edit(dov, piece, {**article_form(title=piece.title), "action-cancel-workflow": "1"})
    assert not fresh(piece).workflow_in_progress


def test_mail_server_that_is_away_stops_neither_submission_nor_approval(
    cast, piece, article_form, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    def broken(*_args, **_kwargs):
        raise smtplib.SMTPAuthenticationError(535, b"no")

    monkeypatch.setattr(EmailBackend, "open", broken)
    with django_capture_on_commit_callbacks(execute=True):
        state = submit(cast, piece, article_form)
    with django_capture_on_commit_callbacks(execute=True):
        act(signed_in(cast.noa), piece, state, "approve")
    assert fresh(piece).live
    assert "535" in caplog.text


@pytest.mark.parametrize(("name", "publishes"), [("dov", False), ("rui", False), ("noa", True), ("cora", True)])
def test_who_publishes_without_review(cast, piece, article_form, name, publishes):
    edit(signed_in(cast.people[name]), piece, article_form(title=piece.title), "action-publish")
    assert fresh(piece).live is publishes


def test_section_editor_does_nothing_to_another_sections_article(cast, piece, article_form):
    kai = signed_in(cast.kai)
    edit(kai, piece, article_form(title="Kai was here"), "action-publish")
    assert fresh(piece).get_latest_revision_as_object().title == "Trams return"
    assert kai.get(f"/admin/pages/{piece.pk}/view_draft/").status_code == 404


def test_reporter_edits_a_colleagues_draft_and_neither_deletes_nor_moves_it(cast, piece, article_form):
    rui = signed_in(cast.rui)
    edit(rui, piece, article_form(title="Trams are back"))
    assert fresh(piece).get_latest_revision_as_object().title == "Trams are back"
    rui.post(f"/admin/pages/{piece.pk}/delete/")
    rui.post(f"/admin/bulk/wagtailcore/page/delete/?id={piece.pk}")
    rui.post(f"/admin/pages/{piece.pk}/move/{cast.culture.pk}/confirm/")
    assert fresh(piece).get_parent().pk == cast.city.pk


def test_contributor_changes_their_piece_no_more_once_it_is_out(cast, article_form):
    piece = cast.write("Trams return", by=cast.dov, publish=True)
    edit(signed_in(cast.dov), piece, article_form(title="Trams do not return"))
    assert fresh(piece).get_latest_revision_as_object().title == "Trams return"


def test_section_editor_arranges_the_section_and_cannot_remove_it(cast):
    noa = signed_in(cast.noa)
    assert noa.get(f"/admin/pages/{cast.city.pk}/edit/").status_code == 200
    for path in (
        f"/admin/pages/{cast.city.pk}/delete/",
        f"/admin/pages/{cast.city.pk}/unpublish/",
        f"/admin/bulk/wagtailcore/page/delete/?id={cast.city.pk}",
        f"/admin/bulk/wagtailcore/page/unpublish/?id={cast.city.pk}",
    ):
        noa.post(path, {"include_descendants": "on"})
    assert Page.objects.get(pk=cast.city.pk).live


def test_front_page_is_nobodys_to_remove_but_an_administrators(cast):
    front = cast.city.get_parent()
    cora = signed_in(cast.cora)
    for path in (
        f"/admin/pages/{front.pk}/delete/",
        f"/admin/pages/{front.pk}/unpublish/",
        f"/admin/bulk/wagtailcore/page/delete/?id={front.pk}",
        f"/admin/bulk/wagtailcore/page/unpublish/?id={front.pk}",
    ):
        cora.post(path, {"include_descendants": "on", "confirm_site_name": "Coranto"})
    assert Page.objects.get(pk=front.pk).live


def test_section_made_later_belongs_to_whoever_has_the_whole_paper(cast, article_form):
    from coranto.newsroom.models import FrontPage, Section

    sport = FrontPage.objects.get().add_child(instance=Section(title="Sport", slug="sport"))
    path = f"/admin/pages/add/newsroom/article/{sport.pk}/"
    assert signed_in(cast.cora).get(path).status_code == 200
    assert signed_in(cast.noa).get(path).status_code == 302


def test_whole_papers_reporter_writes_everywhere_and_makes_no_sections(cast):
    from coranto.desk.operations.roles import assign_position
    from coranto.newsroom.models import FrontPage

    assign_position(account=cast.ada, role="reporter", section=None, by=cast.cora)
    ada = signed_in(cast.ada)
    assert ada.get(f"/admin/pages/add/newsroom/article/{cast.culture.pk}/").status_code == 200
    front = FrontPage.objects.get()
    assert ada.get(f"/admin/pages/add/newsroom/section/{front.pk}/").status_code == 302
    assert ada.get(f"/admin/pages/add/masthead/plainpage/{front.pk}/").status_code == 302


def test_every_act_on_an_article_is_in_the_trail_with_who_did_it_and_outlives_it(cast, article_form):
    dov, noa = signed_in(cast.dov), signed_in(cast.noa)
    dov.post(f"/admin/pages/add/newsroom/article/{cast.city.pk}/", article_form())
    piece = Article.objects.get(slug="trams-return")
    edit(dov, piece, article_form(title="Trams are back"))
    state = submit(cast, fresh(piece), article_form)
    act(noa, piece, state, "reject", comment="Who says so?")
    submit(cast, fresh(piece), article_form)
    act(noa, piece, TaskState.objects.get(status="in_progress"), "approve")
    noa.post(f"/admin/pages/{piece.pk}/lock/")
    noa.post(f"/admin/pages/{piece.pk}/unlock/")
    noa.post(f"/admin/pages/{piece.pk}/unpublish/", {"reason": "Wrong"})
    edit(noa, piece, article_form(title="Trams", go_live_at="2099-01-01 12:00", change_kind="update"), "action-publish")
    signed_in(cast.cora).post(f"/admin/pages/{piece.pk}/move/{cast.culture.pk}/confirm/")
    signed_in(cast.cora).post(f"/admin/pages/{piece.pk}/delete/")
    assert not Article.objects.filter(pk=piece.pk).exists()

    trail = set(PageLogEntry.objects.filter(page_id=piece.pk).values_list("action", "user__first_name"))
    assert trail >= {
        ("wagtail.create", "Dov"),
        ("wagtail.edit", "Dov"),
        ("wagtail.workflow.start", "Dov"),
        ("wagtail.workflow.reject", "Noa"),
        ("wagtail.workflow.approve", "Noa"),
        ("wagtail.publish", "Noa"),
        ("wagtail.lock", "Noa"),
        ("wagtail.unlock", "Noa"),
        ("desk.withdrawn", "Noa"),
        ("wagtail.publish.schedule", "Noa"),
        ("wagtail.move", "Cora"),
        ("wagtail.delete", "Cora"),
    }
    for name, reads in (("cora", True), ("abe", True), ("noa", False), ("kai", False), ("dov", False)):
        history = signed_in(cast.people[name]).get("/admin/reports/site-history/").text
        assert ("Trams" in history) is reads, name
