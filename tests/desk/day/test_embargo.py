from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import PageLogEntry
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
from wagtail.users.models import UserProfile

from coranto.kit import clock
from coranto.newsroom.models import Article, ArticleVersion, FrontPage
from coranto.newsroom.models.article import EmbargoedError
from coranto.newsroom.operations import publish_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def until(noon):
    return noon + timedelta(hours=6)


@pytest.fixture
def held(write, until) -> Article:
    return write("Report on the bridge", slug="report", embargoed_until=until)


def present(article):
    return Article.objects.get(pk=article.pk)


def is_out(client, article):
    return client.get(present(article).address).status_code == 200


def posted(**fields):
    """What the article's form sends, and what a test changes of it."""
    return nested_form_data(
        {
            "title": "Report on the bridge",
            "slug": "report",
            "body": streamfield([("paragraph", rich_text("<p>It stands.</p>"))]),
            "bylines": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
            "credits": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
            "read_next": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
            "wagtail_admin_comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
            "visibility": "public",
            "comment_policy": "open",
            **fields,
        }
    )


def written(moment):
    """As an editor types it: in the publication's time zone."""
    return moment.astimezone(ZoneInfo("Europe/Paris")).strftime("%Y-%m-%d %H:%M")


def test_hour_typed_into_the_editor_is_one_of_the_publications_time_zone(sign_in, cora, write):
    article = write("Report on the bridge", slug="report")
    sign_in(cora).post(f"/admin/pages/{article.pk}/edit/", posted(go_live_at="2026-07-01 09:00"))
    assert present(article).go_live_at == datetime(2026, 7, 1, 7, 0, tzinfo=UTC)


def test_editor_who_has_chosen_a_time_zone_keeps_it(sign_in, cora, write):
    UserProfile.objects.create(user=cora, current_time_zone="America/New_York")
    article = write("Report on the bridge", slug="report")
    sign_in(cora).post(f"/admin/pages/{article.pk}/edit/", posted(go_live_at="2026-07-01 09:00"))
    assert present(article).go_live_at == datetime(2026, 7, 1, 13, 0, tzinfo=UTC)


# Every way to publish -----------------------------------------------------------------------------------------


def test_program_cannot_publish_it(client, held, until):
    with pytest.raises(EmbargoedError) as refused:
        held.latest_revision.publish()
    assert refused.value.until == until
    assert not is_out(client, held)
    assert not ArticleVersion.objects.filter(article_id=held.pk).exists()


def test_wagtails_own_act_cannot_publish_it(client, held):
    with pytest.raises(EmbargoedError):
        PublishPageRevisionAction(held.latest_revision).execute()
    assert not is_out(client, held)


def test_new_article_cannot_be_stored_as_public(city, until):
    with pytest.raises(EmbargoedError):
        city.add_child(instance=Article(title="Report", slug="report", embargoed_until=until))


def test_it_can_be_published_the_moment_the_embargo_ends(client, held, until, time_machine):
    time_machine.move_to(until - timedelta(seconds=1), tick=False)
    with pytest.raises(EmbargoedError):
        held.latest_revision.publish()
    time_machine.move_to(until, tick=False)
    held.latest_revision.publish()
    assert is_out(client, held)


def test_button_is_refused_with_a_sentence_and_the_words_stay_in_the_form(client, sign_in, cora, held, until):
    response = sign_in(cora).post(
        f"/admin/pages/{held.pk}/edit/",
        posted(title="A better headline", embargoed_until=written(until), **{"action-publish": "1"}),
    )
    page = response.content.decode()
    assert "it is under embargo until March 2, 2026, 7 p.m. (Europe/Paris)" in page
    assert "A better headline" in page
    assert not is_out(client, held)


def test_button_on_a_new_article_is_refused_too(sign_in, cora, city, until):
    response = sign_in(cora).post(
        f"/admin/pages/add/newsroom/article/{city.pk}/",
        posted(embargoed_until=written(until), **{"action-publish": "1"}),
    )
    assert "it is under embargo until" in response.content.decode()
    assert not Article.objects.exists()


def test_approval_is_undone_with_the_publication_it_would_have_caused(client, sign_in, noa, rui, held, hand_in):
    hand_in(held, rui)
    state = held.current_workflow_task_state
    editor = sign_in(noa)
    response = editor.post(
        f"/admin/pages/workflow/action/{held.pk}/approve/{state.pk}/", {"comment": "Fine"}, follow=True
    )
    assert "it is under embargo until" in response.content.decode()
    assert present(held).current_workflow_task_state.status == "in_progress"
    assert not is_out(client, held)


def test_approval_in_the_editor_is_undone_and_its_words_are_saved(client, sign_in, noa, rui, held, hand_in, until):
    hand_in(held, rui)
    response = sign_in(noa).post(
        f"/admin/pages/{held.pk}/edit/",
        posted(
            title="A better headline",
            embargoed_until=written(until),
            **{"action-workflow-action": "true", "workflow-action-name": "approve"},
        ),
        follow=True,
    )
    assert "it is under embargo until" in response.content.decode()
    assert present(held).get_latest_revision_as_object().title == "A better headline"
    assert present(held).current_workflow_task_state.status == "in_progress"
    assert not is_out(client, held)


def test_none_of_several_is_published_when_one_is_held(client, sign_in, cora, held, write):
    free = write("A tram", slug="tram")
    response = sign_in(cora).post(
        f"/admin/bulk/wagtailcore/page/publish/?id={held.pk}&id={free.pk}&next=/admin/desk/", follow=True
    )
    page = response.content.decode()
    assert "Nothing was published. Under embargo: “Report on the bridge”" in page
    assert not is_out(client, held)
    assert not is_out(client, free)


def test_section_is_not_published_with_what_is_held_in_it(client, sign_in, cora, held, city):
    response = sign_in(cora).post(
        f"/admin/bulk/wagtailcore/page/publish/?id={city.pk}&next=/admin/desk/",
        {"include_descendants": "on"},
        follow=True,
    )
    assert "Nothing was published. Under embargo" in response.content.decode()
    assert not is_out(client, held)


# The clock ----------------------------------------------------------------------------------------------------


def test_date_before_the_embargo_ends_is_refused_in_the_form(sign_in, cora, held, until):
    response = sign_in(cora).post(
        f"/admin/pages/{held.pk}/edit/",
        posted(
            embargoed_until=written(until), go_live_at=written(until - timedelta(hours=1)), **{"action-publish": "1"}
        ),
    )
    assert "The embargo ends later than this" in response.content.decode()


def test_date_before_the_embargo_ends_is_refused_of_a_program_as_well(held, until):
    held.go_live_at = until - timedelta(hours=1)
    with pytest.raises(ValidationError, match="The embargo ends later"):
        held.save_revision()
    with pytest.raises(EmbargoedError):
        held.save_revision(clean=False).publish()


def test_date_at_the_end_of_the_embargo_is_kept(client, held, until, time_machine):
    held.go_live_at = until
    held.save_revision().publish()
    assert publish_due(now=clock.now()) == 0
    time_machine.move_to(until, tick=False)
    assert publish_due(now=clock.now()) == 1
    assert is_out(client, held)


def test_clock_leaves_what_came_under_embargo_after_it_was_scheduled(client, schedule, noon, time_machine, caplog):
    article = schedule(noon + timedelta(hours=1))
    article.embargoed_until = noon + timedelta(hours=3)
    article.go_live_at = None
    article.save_revision()
    time_machine.move_to(noon + timedelta(hours=2), tick=False)
    with caplog.at_level(logging.WARNING):
        assert [publish_due(now=clock.now()) for _ in range(3)] == [0, 0, 0]
    assert not is_out(client, article)
    assert caplog.text.count("under embargo") == 1
    assert PageLogEntry.objects.filter(page_id=article.pk, action="newsroom.held_by_embargo").count() == 1

    time_machine.move_to(noon + timedelta(hours=3), tick=False)
    assert publish_due(now=clock.now()) == 1
    assert is_out(client, article)


def test_draft_from_before_the_embargo_does_not_get_round_it(client, write, until):
    article = write()
    before = article.latest_revision
    article.embargoed_until = until
    article.save_revision()
    with pytest.raises(EmbargoedError):
        before.publish()
    assert not is_out(client, article)


# The embargo itself -------------------------------------------------------------------------------------------


def test_article_that_is_out_is_withdrawn_before_it_can_be_held(write, until):
    article = write(publish=True)
    article.embargoed_until = until
    with pytest.raises(ValidationError, match="This article is out already"):
        article.save_revision()


def test_whoever_may_not_publish_may_set_an_embargo_and_not_lift_it(sign_in, rui, write, until):
    article = write("Report on the bridge", slug="report", owner=rui)
    client, address = sign_in(rui), f"/admin/pages/{article.pk}/edit/"
    client.post(address, posted(embargoed_until=written(until)))
    assert present(article).embargoed_until == until
    response = client.post(address, posted(embargoed_until=""))
    assert "Only who may publish this article may lift or shorten its embargo." in response.content.decode()
    response = client.post(address, posted(embargoed_until=written(until - timedelta(hours=1))))
    assert "Only who may publish" in response.content.decode()
    assert present(article).embargoed_until == until


def test_who_changed_an_embargo_stands_in_the_history(sign_in, cora, held):
    client = sign_in(cora)
    client.post(f"/admin/pages/{held.pk}/edit/", posted(embargoed_until=""))
    entry = PageLogEntry.objects.get(page_id=held.pk, action="desk.embargo_changed")
    assert (entry.user, entry.data["until"]) == (cora, None)
    assert "Embargo lifted" in client.get(f"/admin/pages/{held.pk}/history/").content.decode()


@pytest.mark.parametrize("address", ["/admin/pages/{pk}/edit/", "/admin/desk/", "/admin/calendar/?on=2026-03-02"])
def test_embargo_is_seen_where_one_works(sign_in, cora, held, address):
    page = sign_in(cora).get(address.format(pk=held.pk)).content.decode()
    assert "embargo" in page.lower().partition("<main")[2]
    assert "Report on the bridge" in page


def test_front_page_under_no_embargo_is_published_as_ever(sign_in, cora):
    front = FrontPage.objects.get()
    front.save_revision().publish()
    assert FrontPage.objects.get().live
