"""Fault `comment-flood`: whoever sends a thousand comments a minute, long, deep, turned or stacked, is slowed down,
and the article stays an article that can be read.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from coranto.comments import operations, queries
from coranto.comments.models import MAX_DEPTH, Comment, Commenting, Report
from coranto.comments.operations import CommentDraft, add_comments
from coranto.comments.operations.writing import BY_ADDRESS, BY_RANGE
from coranto.comments.rules.tokens import COOKIE, Guest, write_guest

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def article(db):
    from coranto.newsroom.models import FrontPage, Section
    from coranto.newsroom.operations import ArticleDraft, store_articles

    section = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    draft = ArticleDraft(headline="Trams return", slug="trams", section=section, body=[])
    return store_articles(drafts=[draft], by=None, now=NOON)[0]


@pytest.fixture
def open_house(db):
    Commenting.objects.create(holds_first=False)


@pytest.fixture(autouse=True)
def _one_moment():
    with time_machine.travel(NOON, tick=False):
        yield


def guest(number, address):
    client = Client(REMOTE_ADDR=address)
    client.cookies[COOKIE] = write_guest(Guest(f"Guest {number}", f"guest-{number}@reader.example"))
    return client


def send(client, article, words, **fields):
    return client.post(f"/-/comments/write/{article.pk}/", {"words": words, **fields}).status_code


def test_one_address_is_slowed_down_whoever_it_says_it_is(article, open_house):
    answers = [send(guest(number, "198.51.100.7"), article, f"Flood {number}") for number in range(30)]

    assert (answers.count(302), answers.count(429)) == (BY_ADDRESS[0], 30 - BY_ADDRESS[0])
    assert send(guest(99, "203.0.113.9"), article, "Somebody else") == 302
    with time_machine.travel(NOON + timedelta(minutes=1, seconds=1), tick=False):
        assert send(guest(1, "198.51.100.7"), article, "Later") == 302


@pytest.mark.parametrize("address", ["198.51.100.{}", "2001:db8:77:{}::1"])
def test_a_range_is_slowed_down_and_its_comments_wait(article, open_house, address):
    answers = [send(guest(number, address.format(number + 1)), article, f"Flood {number}") for number in range(110)]

    assert (answers.count(302), answers.count(429)) == (BY_RANGE[0], 110 - BY_RANGE[0])
    assert Comment.objects.approved().count() == 20
    assert Comment.objects.filter(state="held", held_because__contains="range").count() == BY_RANGE[0] - 20


def test_a_rush_to_one_article_waits_for_the_editors(article, open_house):
    for number in range(40):
        assert send(guest(number, f"10.{number}.0.1"), article, f"Flood {number}") == 302

    assert Comment.objects.approved().count() == 30
    assert set(Comment.objects.filter(state="held").values_list("held_because", flat=True)) == {"rush"}


def test_nobody_is_mailed_again_and_again(article, mails):
    """A list of addresses, or one address, does not make us the one that floods it."""
    form = {"name": "Ada", "email": "ada@reader.example"}
    answers = [send(Client(REMOTE_ADDR=f"10.{n}.0.1"), article, f"Flood {n}", **form) for n in range(20)]

    assert (answers.count(302), answers.count(429), len(mails)) == (3, 17, 3)


def test_same_words_from_everywhere_wait(article, open_house):
    for number in range(5):
        send(guest(number, f"10.{number}.0.1"), article, "Look at   THIS" if number % 2 else "look at this")

    assert [each.state for each in Comment.objects.order_by("pk")] == ["approved", *["held"] * 4]


def test_a_megabyte_is_refused_with_a_sentence(article):
    client = guest(1, "10.0.0.1")
    answer = client.post(f"/-/comments/write/{article.pk}/", {"words": "x" * 1_000_000})

    assert answer.status_code == 422
    assert "has at most 10000 characters; this has 1000000" in answer.text
    assert not Comment.objects.exists()


def test_answers_to_answers_never_end_the_page(article, client):
    """Ten thousand deep: no recursion, no path without end, a page of fifty."""
    drafts = [CommentDraft(article.pk, "Ada", "0", "approved")]
    for number in range(1, 10_000):
        drafts.append(CommentDraft(article.pk, "Ada", str(number), "approved", reply_to=drafts[-1]))
    add_comments(drafts=drafts, now=NOON)

    html = client.get(article.address).text

    assert html.count('<article class="comment ') == 50
    assert len(html) < 250_000
    assert max(Comment.objects.values_list("depth", flat=True)) == MAX_DEPTH
    last = Comment.objects.latest("pk")
    assert send(guest(1, "10.0.0.1"), article, "And one more", parent=last.pk) == 302
    assert client.get(f"{article.address}comments/{last.pk}/", follow=True).status_code == 200


def test_what_waits_costs_the_page_nothing(article, client, django_assert_num_queries):
    """Two thousand in the queue are none on the page: neither shown nor read for it, and its cache is left alone."""
    shown = [CommentDraft(article.pk, "Ada", str(number), "approved") for number in range(60)]
    waiting = [CommentDraft(article.pk, "Dov", f"spam {n}", ["held", "spam", "binned"][n % 3]) for n in range(2_000)]
    add_comments(drafts=[*waiting, *shown], now=NOON)

    with django_assert_num_queries(1):
        page = queries.thread_page(article_id=article.pk)
    assert ([each.html for each in page.comments], page.total) == ([str(n) for n in range(50)], 60)


def test_a_held_comment_purges_nothing(article, monkeypatch, django_capture_on_commit_callbacks):
    from coranto.delivery.operations import purging

    purged = []
    monkeypatch.setattr(purging, "_after_commit", purged.append)
    send(guest(1, "10.0.0.1"), article, "Waits")

    assert purged == []
    operations.change_states(comments=Comment.objects.all(), state="approved")
    assert purged == [frozenset({f"comments:{article.pk}"})]


def test_words_turn_and_cover_nothing_around_them(article, open_house, client):
    send(guest(1, "10.0.0.1"), article, "\u202egnol si tsil siht\u2066" + "Z" + "\u0301\u0327\u0330\u0334" * 100)

    html = client.get(article.address).text
    assert "\u202e" not in html
    assert "\u2066gnol" not in html
    assert Comment.objects.get().html.count("\u0334") <= 4


def test_a_brigade_of_reports_hides_nothing_and_does_not_flood_the_editors(article):
    [comment] = add_comments(drafts=[CommentDraft(article.pk, "Ada", "Unloved", "approved")], now=NOON)
    for number in range(60):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        client.post(f"/-/comments/{comment.pk}/report/", {"reason": "insult", "words": "!" * 500})

    comment.refresh_from_db()
    assert (comment.state, Report.objects.count()) == ("approved", 1)
    assert "Unloved" in Client().get(article.address).text


@pytest.mark.slow
def test_article_with_fifty_thousand_comments_stays_usable(article, client, django_assert_num_queries):
    """By what it reads, not by the clock: each page is one walk along an index."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    drafts = []
    for number in range(50_000):
        above = drafts[number // 10 * 7 % number] if number % 3 and number > 10 else None
        drafts.append(CommentDraft(article.pk, "Ada", f"<p>{number}</p>", "approved", reply_to=above))
    add_comments(drafts=drafts, now=NOON)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for sort in ("", "newest", "replied"):
        with CaptureQueriesContext(connection) as asked:
            page = queries.thread_page(article_id=article.pk, cursor=sort)
            follows = queries.thread_page(article_id=article.pk, cursor=page.next_cursor)
        assert len(asked) == 2
        assert len({each.pk for each in [*page.comments, *follows.comments]}) == 100
        assert page.total == 50_000
    html = client.get(article.address).text
    assert html.count('<article class="comment ') == 50
    assert len(html) < 250_000
