"""The breaking strip: up between two moments, and never longer than its article."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from coranto.kit import clock
from coranto.newsroom import operations
from coranto.newsroom.models import BreakingStrip

pytestmark = pytest.mark.django_db

WORDS = "The mayor resigns"


@pytest.fixture
def put_up(db):
    def put_up(text=WORDS, *, starts=-1, ends=60, **fields):
        """A strip between two moments, in minutes from now."""
        now = clock.now()
        return BreakingStrip.objects.create(
            text=text,
            starts_at=now + timedelta(minutes=starts),
            ends_at=now + timedelta(minutes=ends),
            **fields,
        )

    return put_up


def at(minutes):
    return time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False)


def test_strip_comes_and_goes_by_itself(client, put_up):
    put_up(starts=10, ends=60)
    for minutes, is_up in [(0, False), (11, True), (59, True), (61, False)]:
        with at(minutes):
            assert (WORDS in client.get("/").text) is is_up, minutes


def test_strip_is_a_region_with_a_name_and_leads_to_its_article(client, put_up, write):
    article = write()
    put_up(article=article)
    page = client.get("/").text
    assert '<div class="breaking" role="region" aria-labelledby="breaking-label">' in page
    assert f'<a class="breaking__text" href="{article.address}">{WORDS}</a>' in page
    assert "aria-live" not in page


@pytest.mark.parametrize("path", ["/city/", "/latest/", "/nowhere/"])
def test_strip_stands_on_other_pages_only_when_it_is_meant_to(client, put_up, city, path):
    strip = put_up()
    assert WORDS not in client.get(path).text
    strip.on_every_page = True
    strip.save()
    assert WORDS in client.get(path).text


def test_strip_begun_last_is_the_one_that_shows(client, put_up):
    put_up("Older news", starts=-30)
    put_up("Newer news", starts=-5)
    put_up("News to come", starts=5)
    page = client.get("/").text
    assert [words in page for words in ("Older news", "Newer news", "News to come")] == [False, True, False]


def test_strip_does_not_wait_for_its_article_and_leads_there_once_it_is_out(client, put_up, write):
    article = write(publish=False, live=False)
    put_up(article=article)
    assert f'<span class="breaking__text">{WORDS}</span>' in client.get("/").text
    article.save_revision().publish()
    assert f'href="{article.address}">{WORDS}</a>' in client.get("/").text


def test_strip_goes_with_an_article_that_is_withdrawn(client, put_up, write):
    article = write()
    put_up("The one before", starts=-9)
    put_up(article=article)
    article.unpublish()
    page = client.get("/").text
    assert WORDS not in page
    assert "The one before" in page
    article.delete()
    assert BreakingStrip.objects.count() == 1


def test_strip_of_an_article_that_became_private_leads_nowhere(client, put_up, write):
    article = write()
    put_up(article=article)
    article.visibility = "private"
    article.save_revision().publish()
    assert article.address not in client.get("/").text


def test_arrangement_that_goes_live_leaves_the_strip_alone(client, put_up, store):
    from coranto.newsroom.models import FrontPage

    store(3)
    put_up()
    operations.arrange_front(
        front=FrontPage.objects.get(), blocks=[{"type": "lead", "value": {"layout": "words"}}], by=None
    )
    assert WORDS in client.get("/").text


# The form ---------------------------------------------------------------------------------------------------

FORM = "/admin/snippets/newsroom/breakingstrip/add/"


def fill_in(client, **fields):
    now = clock.now()
    times = {"starts_at": moment(now - timedelta(minutes=1)), "ends_at": moment(now + timedelta(hours=1))}
    return client.post(FORM, {"text": WORDS, "article": "", **times, **fields})


def moment(when):
    from django.utils import timezone

    return timezone.localtime(when).strftime("%Y-%m-%d %H:%M")


def test_editor_puts_a_strip_up_and_ends_it_early(client, cora):
    client.force_login(cora)
    form = client.get(FORM).context["form"]
    assert form.instance.ends_at > clock.now() + timedelta(hours=2)  # words alone are enough to begin with
    assert fill_in(client).status_code == 302
    assert WORDS in client.get("/").text
    strip = BreakingStrip.objects.get()
    now = clock.now()
    times = {"starts_at": moment(now - timedelta(hours=2)), "ends_at": moment(now - timedelta(minutes=1))}
    answer = client.post(
        f"/admin/snippets/newsroom/breakingstrip/edit/{strip.pk}/", {"text": WORDS, "article": "", **times}
    )
    assert answer.status_code == 302
    assert WORDS not in client.get("/").text


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"ends_at": "2020-01-01 12:00", "starts_at": "2019-12-31 12:00"}, "This time has passed"),
        ({"starts_at": "2099-01-01 12:00"}, "The end comes before the beginning."),
        ({"ends_at": ""}, "This field is required."),
        ({"text": "x" * 141}, "at most 140 characters"),
    ],
)
def test_strip_nobody_would_see_is_refused_in_words(client, cora, fields, problem):
    client.force_login(cora)
    answer = fill_in(client, **fields)
    assert answer.status_code == 200
    assert problem in answer.text
    assert not BreakingStrip.objects.exists()


def test_outsider_puts_nothing_up(client, dov):
    client.force_login(dov)
    assert fill_in(client).status_code == 302
    assert not BreakingStrip.objects.exists()
