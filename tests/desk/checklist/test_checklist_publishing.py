"""Every way on which somebody publishes: what is not ready stays a draft, and no word is lost."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.log_actions import LogContext
from wagtail.models import GroupApprovalTask, Page, Revision, TaskState, Workflow, WorkflowPage, WorkflowTask

from coranto.desk.operations.checklist import NotReady
from coranto.kit import clock
from coranto.newsroom import operations as newsroom
from coranto.newsroom.models import Article, ArticleVersion

pytestmark = pytest.mark.django_db

SENTENCE = "The picture “Bare” has no description for those who cannot see it."
XHR = {"headers": {"X-Requested-With": "XMLHttpRequest"}}
FOREVER = "2099-01-01 12:00"


@pytest.fixture
def bare(make_picture):
    return make_picture("Bare", description="")


def said(response):
    return " ".join(str(each) for each in get_messages(response.wsgi_request))


def edit_address(article):
    return reverse("wagtailadmin_pages:edit", args=[article.pk])


def add(client, section, data, action="action-publish"):
    return client.post(f"/admin/pages/add/newsroom/article/{section.pk}/", {**data, action: action})


def edit(client, article, data, **action):
    return client.post(edit_address(article), {**data, **(action or {"action-publish": "action-publish"})})


def draft_of(article):
    return Article.objects.get(pk=article.pk).get_latest_revision_as_object()


def is_untouched_by_readers(article):
    return not ArticleVersion.objects.filter(article_id=article.pk).exists() and not article.live


# The editor -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", ["finn", "cora"])
def test_new_article_that_is_not_ready_becomes_a_draft(client, request, account, city, bare, form_of):
    client.force_login(request.getfixturevalue(account))
    response = add(client, city, form_of(picture=str(bare.pk), text="Every word of it."))
    article = Article.objects.get(slug="trams-return")
    assert response.status_code == 302
    assert response.url == edit_address(article)
    assert SENTENCE in said(response)
    assert is_untouched_by_readers(article)
    assert "Every word of it." in draft_of(article).body_text
    assert client.get(article.address).status_code == 404
    page = client.get(response.url)
    assert SENTENCE in page.text
    assert "Every word of it." in page.text


def test_new_article_that_is_ready_goes_out(client, finn, city, form_of):
    client.force_login(finn)
    add(client, city, form_of())
    article = Article.objects.get(slug="trams-return")
    assert article.live
    assert article.live_revision_id
    assert [each.number for each in ArticleVersion.objects.filter(article_id=article.pk)] == [1]


def test_change_that_is_not_ready_leaves_what_readers_see(client, finn, write, bare, form_of):
    client.force_login(finn)
    article = write(publish=True, slug="trams-return")
    response = edit(
        client, article, form_of(title="Trams stop", text="New words.", picture=str(bare.pk), change_kind="update")
    )
    assert response.url == edit_address(article)
    assert SENTENCE in said(response)
    article.refresh_from_db()
    assert (article.title, article.live, article.has_unpublished_changes) == ("Trams return", True, True)
    assert (draft_of(article).title, draft_of(article).body_text) == ("Trams stop", "New words.")
    assert ArticleVersion.objects.filter(article_id=article.pk).count() == 1


def test_change_that_is_ready_goes_out(client, finn, write, form_of):
    client.force_login(finn)
    article = write(publish=True, slug="trams-return")
    edit(client, article, form_of(title="Trams stop", change_kind="update"))
    article.refresh_from_db()
    assert (article.title, article.has_unpublished_changes) == ("Trams stop", False)


def test_reminder_stops_nothing(client, finn, city, make_picture, form_of):
    client.force_login(finn)
    picture = make_picture("Uncredited", credit="")
    add(client, city, form_of(picture=str(picture.pk), standfirst=""))
    assert Article.objects.get(slug="trams-return").live


def test_reminder_stops_what_the_editor_in_chief_says(client, finn, city, form_of, weigh):
    weigh(standfirst="block")
    client.force_login(finn)
    response = add(client, city, form_of(standfirst=""))
    assert "There is no standfirst." in said(response)
    assert not Article.objects.get(slug="trams-return").live
    weigh(standfirst="off")
    article = Article.objects.get(slug="trams-return")
    edit(client, article, form_of(standfirst=""))
    assert Article.objects.get(slug="trams-return").live


def test_scheduling_what_is_not_ready_schedules_nothing(client, finn, city, bare, form_of):
    client.force_login(finn)
    response = add(client, city, form_of(picture=str(bare.pk), go_live_at=FOREVER))
    article = Article.objects.get(slug="trams-return")
    assert SENTENCE in said(response)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    edit(client, article, form_of(go_live_at=FOREVER))
    assert Revision.objects.get(approved_go_live_at__isnull=False).object_id == str(article.pk)


def test_rights_that_end_before_the_scheduled_hour_stop_it(client, finn, city, make_picture, form_of, noon):
    client.force_login(finn)
    picture = make_picture("Leased", rights_expire_on=(clock.now() + timedelta(days=30)).date())
    response = add(client, city, form_of(picture=str(picture.pk), go_live_at=FOREVER))
    assert "“Leased” may be used until" in said(response)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    edit(client, Article.objects.get(slug="trams-return"), form_of(picture=str(picture.pk)))
    assert Article.objects.get(slug="trams-return").live


def test_draft_is_saved_whatever_is_missing(client, finn, city, bare, form_of):
    client.force_login(finn)
    response = client.post(
        f"/admin/pages/add/newsroom/article/{city.pk}/", form_of(picture=str(bare.pk)), headers={"accept": "text/html"}
    )
    assert response.status_code == 302
    assert "Not published" not in said(response)
    assert Article.objects.get(slug="trams-return").live is False


def test_earlier_version_is_not_brought_back_unready(client, finn, write, bare, form_of):
    client.force_login(finn)
    article = write(slug="trams-return", picture=bare)
    earlier = article.latest_revision
    sound = draft_of(article)
    sound.picture = None
    sound.save_revision().publish()
    address = reverse("wagtailadmin_pages:revisions_revert", args=[article.pk, earlier.pk])
    response = client.post(address, {**form_of(picture=str(bare.pk)), "action-publish": "action-publish"})
    assert SENTENCE in said(response)
    assert Article.objects.get(pk=article.pk).picture is None
    assert draft_of(article).picture == bare


def test_what_is_found_is_text_and_no_markup(client, finn, city, make_picture, form_of, write, weigh):
    weigh(headline_twin="block")
    hostile = "<script>steal()</script>"
    client.force_login(finn)
    picture = make_picture(hostile, description="")
    target = write(f"Target {hostile}")
    link = f'{{"blocks": [{{"key": "a", "text": "x{hostile}", "type": "unstyled", "depth": 0, '
    link += '"inlineStyleRanges": [], "entityRanges": [{"offset": 0, "length": 1, "key": 0}]}], '
    link += f'"entityMap": {{"0": {{"type": "LINK", "mutability": "MUTABLE", "data": {{"id": {target.pk}}}}}}}}}'
    data = form_of(title=f"Trams {hostile}", picture=str(picture.pk))
    data["body-0-value"] = link
    response = add(client, city, data)
    article = Article.objects.get(slug="trams-return")
    for page in (client.get(response.url), client.get(reverse("desk_checklist", args=[article.pk]))):
        assert page.text.count("&lt;script&gt;steal()&lt;/script&gt;”") >= 2
        assert f"“{hostile}" not in page.text
        assert f"Target {hostile}" not in page.text


# The workflow ---------------------------------------------------------------------------------------------


@pytest.fixture
def reviewed(city, finn):
    """A workflow of one step over the city's articles: Finn's colleagues approve."""
    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="Finn reads it")
    task.groups.set(finn.groups.all())
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    WorkflowPage.objects.create(workflow=workflow, page=city.page_ptr)
    return workflow


def in_review(article, by):
    article.get_workflow().start(article, by)
    return Article.objects.get(pk=article.pk)


def approve(client, article, **kwargs):
    state = article.current_workflow_task_state
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", state.pk]), **kwargs)


def test_approval_publishes_what_is_ready(client, finn, rita, reviewed, write):
    client.force_login(finn)
    article = in_review(write(), rita)
    approve(client, article, data={"comment": "Good."})
    assert Article.objects.get(pk=article.pk).live


@pytest.mark.parametrize("extra", [{}, XHR])
def test_approval_of_what_is_not_ready_is_not_given(client, finn, rita, reviewed, write, bare, extra):
    client.force_login(finn)
    article = in_review(write(picture=bare), rita)
    response = approve(client, article, data={"comment": "Good."}, **extra)
    assert SENTENCE in said(response)
    if extra:
        assert json.loads(response.content) == {"step": "success", "redirect": edit_address(article)}
    else:
        assert response.url == edit_address(article)
    assert is_untouched_by_readers(Article.objects.get(pk=article.pk))
    assert article.current_workflow_state.status == "in_progress"
    assert [each.status for each in TaskState.objects.all()] == ["in_progress"]


def test_approval_in_the_editor_keeps_the_words_written_with_it(client, finn, rita, reviewed, write, bare, form_of):
    client.force_login(finn)
    article = in_review(write(slug="trams-return"), rita)
    action = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    response = edit(client, article, form_of(text="Finn's own words.", picture=str(bare.pk)), **action)
    assert SENTENCE in said(response)
    assert is_untouched_by_readers(Article.objects.get(pk=article.pk))
    assert draft_of(article).body_text == "Finn's own words."
    assert [each.status for each in TaskState.objects.all()] == ["in_progress"]
    edit(client, article, form_of(text="Finn's own words."), **action)
    assert Article.objects.get(pk=article.pk).live


def test_step_before_the_last_may_be_approved(client, finn, cora, rita, reviewed, write, bare):
    second = GroupApprovalTask.objects.create(name="And once more")
    second.groups.set(finn.groups.all())
    WorkflowTask.objects.create(workflow=reviewed, task=second, sort_order=2)
    client.force_login(finn)
    article = in_review(write(picture=bare), rita)
    approve(client, article, data={"comment": ""})
    article = Article.objects.get(pk=article.pk)
    assert article.current_workflow_task_state.task.pk == second.pk
    assert SENTENCE in said(approve(client, article, data={"comment": ""}))
    assert is_untouched_by_readers(Article.objects.get(pk=article.pk))


@pytest.mark.parametrize("is_new", [True, False])
def test_workflow_without_steps_is_no_way_around(client, finn, reviewed, city, write, bare, form_of, is_new):
    WorkflowTask.objects.all().delete()
    client.force_login(finn)
    data = form_of(picture=str(bare.pk), text="Finn's words.")
    if is_new:
        response = add(client, city, data, "action-submit")
    else:
        response = edit(client, write(slug="trams-return"), data, **{"action-submit": "action-submit"})
    article = Article.objects.get(slug="trams-return")
    assert SENTENCE in said(response)
    assert is_untouched_by_readers(article)
    assert draft_of(article).body_text == "Finn's words."


def test_unready_article_may_be_sent_to_review(client, rita, reviewed, city, bare, form_of):
    client.force_login(rita)
    response = add(client, city, form_of(picture=str(bare.pk)), "action-submit")
    assert "Not published" not in said(response)
    assert Article.objects.get(slug="trams-return").workflow_in_progress


# Lists ----------------------------------------------------------------------------------------------------


def publish_in_bulk(client, *pages, **data):
    query = "&".join(f"id={each.pk}" for each in pages)
    return client.post(f"/admin/bulk/wagtailcore/page/publish/?next=/admin/pages/&{query}", data)


def test_many_are_published_when_all_are_ready(client, finn, write):
    client.force_login(finn)
    articles = [write("One"), write("Two")]
    publish_in_bulk(client, *articles)
    assert Article.objects.live().count() == 2


def test_none_of_many_is_published_when_one_is_not_ready(client, finn, write, bare):
    client.force_login(finn)
    articles = [write("One"), write("Two", picture=bare)]
    response = publish_in_bulk(client, *articles)
    assert response.url == "/admin/pages/"
    assert "Nothing was published" in said(response)
    assert SENTENCE in said(response)
    assert edit_address(articles[1]) in said(response)
    assert edit_address(articles[0]) not in said(response)
    assert Article.objects.live().count() == 0


def test_drafts_below_a_section_are_looked_at_when_they_go_out_with_it(client, finn, write, bare, city):
    client.force_login(finn)
    write("Two", picture=bare)
    response = publish_in_bulk(client, city, include_descendants="on")
    assert SENTENCE in said(response)
    assert Article.objects.live().count() == 0
    publish_in_bulk(client, city)
    assert Page.objects.get(pk=city.pk).live


def test_interface_for_programs_is_no_way_around(client, finn, write, bare):
    client.force_login(finn)
    unready, ready = write("One", picture=bare), write("Two")
    response = client.post(f"/admin/api/main/pages/{unready.pk}/action/publish/")
    assert response.status_code == 400
    assert SENTENCE in json.loads(response.content)["message"]
    assert is_untouched_by_readers(Article.objects.get(pk=unready.pk))
    assert client.post(f"/admin/api/main/pages/{ready.pk}/action/publish/").status_code == 200
    assert Article.objects.get(pk=ready.pk).live


# The last line, and whom it does not concern --------------------------------------------------------------


def test_whatever_a_person_calls_in_the_admin_is_held_back(finn, write, bare):
    unready = write(picture=bare)
    with LogContext(user=finn), pytest.raises(NotReady):
        unready.get_latest_revision().publish(user=finn)
    assert is_untouched_by_readers(Article.objects.get(pk=unready.pk))
    later = write("Two", picture=bare, go_live_at=clock.now() + timedelta(days=1))
    with LogContext(user=finn), pytest.raises(NotReady):
        later.get_latest_revision().publish(user=finn)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_scheduled_change_of_a_published_article_is_held_back_too(finn, write, bare):
    article = write(publish=True)
    change = article.get_latest_revision_as_object()
    change.picture, change.go_live_at = bare, clock.now() + timedelta(days=1)
    revision = change.save_revision()
    with LogContext(user=finn), pytest.raises(NotReady):
        revision.publish(user=finn)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_programs_publish_what_they_are_told(finn, write, city, bare, noon):
    article = write(picture=bare)
    article.get_latest_revision().publish(user=finn)
    assert Article.objects.get(pk=article.pk).live
    draft = newsroom.ArticleDraft(headline="Old", slug="old", section=city, body=[], picture=bare)
    (imported,) = newsroom.store_articles(drafts=[draft], by=finn, now=noon)
    assert imported.live


def test_clock_publishes_what_was_ready_when_it_was_scheduled(client, finn, city, make_picture, form_of, time_machine):
    time_machine.move_to("2026-03-01 12:00Z", tick=False)
    client.force_login(finn)
    picture = make_picture()
    add(client, city, form_of(picture=str(picture.pk), go_live_at="2026-03-02 12:00"))
    picture.description = ""
    picture.save()
    time_machine.move_to("2026-03-02 12:01Z", tick=False)
    assert newsroom.publish_due(now=clock.now()) == 1
    assert Article.objects.get(slug="trams-return").live


def test_moving_and_renaming_a_published_article_asks_nothing(finn, write, make_section, bare):
    article = write(publish=True, picture=bare)
    with LogContext(user=finn):
        article.move(make_section("Culture"), pos="last-child", user=finn)
        article.refresh_from_db()
        article.save()
    assert Article.objects.get(pk=article.pk).live


def test_sections_are_published_as_ever(client, finn, city):
    client.force_login(finn)
    city.unpublish()
    publish_in_bulk(client, city)
    assert Page.objects.get(pk=city.pk).live
