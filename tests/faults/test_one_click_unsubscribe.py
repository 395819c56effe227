"""Fault `one-click-unsubscribe`: mail programs end it by one post (RFC 8058), link scanners end nothing."""

from __future__ import annotations

import email
import email.policy
import re
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from coranto.comments import operations
from coranto.comments.models import Follow
from coranto.comments.queries.own import Writer
from coranto.comments.rules.following import QUIET
from coranto.kit import clock
from coranto.mailroom.models import Mail

pytestmark = pytest.mark.django_db
ADA, BEN = "ada@reader.example", "ben@reader.example"
ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def articles(db):
    from coranto.newsroom.models import FrontPage, Section
    from coranto.newsroom.operations import ArticleDraft, store_articles

    section = FrontPage.objects.get().add_child(instance=Section(title="City", slug=f"city-{uuid.uuid4().hex[:6]}"))
    drafts = [ArticleDraft(headline=slug.title(), slug=slug, section=section, body=[]) for slug in ("trams", "buses")]
    return store_articles(drafts=drafts, by=None, now=datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def mail(articles):
    """The mail that told Ada of comments on two articles, as it leaves. Ben follows them too."""
    for article in articles:
        for address in (ADA, BEN):
            writer = Writer(email=address, is_confirmed=True)
            operations.follow_thread(article=article, writer=writer, what="all", now=clock.now())
        draft = operations.CommentDraft(article_id=article.pk, author_name="Dov", html="<p>Look!</p>")
        comments = operations.add_comments(drafts=[draft], now=clock.now())
        operations.change_states(comments=comments, state="approved")
    operations.tell_followers(now=clock.now() + QUIET)
    row = Mail.objects.get(to=ADA)
    return email.message_from_bytes(row.source, policy=email.policy.default)


def one_click_path(mail):
    return urlsplit(re.fullmatch(r"<(\S+)>", mail["List-Unsubscribe"].strip())[1]).path


def all_paths(mail):
    html = mail.get_body(("html",)).get_content()
    return [urlsplit(url).path for url in re.findall(r'href="([^"]+)"', html)]


def post(path, **headers):
    """As a mail program does: no cookie, no token, and it follows nothing."""
    client = Client(enforce_csrf_checks=True)
    return client.post(path, ONE_CLICK, content_type="application/x-www-form-urlencoded", headers=headers)


def followers():
    return dict.fromkeys(Follow.objects.order_by("pk").values_list("follower__address", flat=True))


def test_one_post_ends_it_and_a_second_is_answered_alike(mail):
    assert mail["List-Unsubscribe-Post"] == ONE_CLICK
    path = one_click_path(mail)
    first, second = post(path), post(path)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert not first.cookies
    assert list(followers()) == [BEN]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://mail.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"User-Agent": "GoogleImageProxy"},
    ],
)
def test_post_is_heard_wherever_it_comes_from(mail, headers):
    assert post(one_click_path(mail), **headers).status_code == 200
    assert list(followers()) == [BEN]


def test_nothing_more_is_sent_after_it(mail, articles):
    post(one_click_path(mail))
    draft = operations.CommentDraft(article_id=articles[0].pk, author_name="Dov", html="<p>More!</p>")
    operations.change_states(comments=operations.add_comments(drafts=[draft], now=clock.now()), state="approved")
    operations.tell_followers(now=clock.now() + timedelta(days=1))

    assert [Mail.objects.filter(to=each).count() for each in (ADA, BEN)] == [1, 2]


def test_scanner_that_opens_every_link_stops_nothing(mail):
    before = list(Follow.objects.order_by("pk").values_list("pk", "confirmed_at"))
    paths = {*all_paths(mail), one_click_path(mail)}
    assert sum("/stop/" in path for path in paths) == 3
    for path in paths:
        for client in (Client(), Client(headers={"User-Agent": "BarracudaSentinel (EE)"})):
            for method in (client.get, client.head, client.options):
                method(path, follow=True)

    assert list(Follow.objects.order_by("pk").values_list("pk", "confirmed_at")) == before


def test_link_shows_a_page_with_a_button_that_works(mail):
    page = Client().get(one_click_path(mail))
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"] or "max-age=0" in page["Cache-Control"]
    form = re.search(r'<form[^>]+method="post" action="(/-/comments/stop/[^"]+)"', page.text)[1]

    assert Client(enforce_csrf_checks=True).post(form).status_code == 200
    assert list(followers()) == [BEN]


def test_one_article_can_be_stopped_by_itself(mail, articles):
    stop = next(path for path in all_paths(mail) if "/stop/one-" in path)
    assert [post(stop).status_code, post(stop).status_code] == [200, 200]

    assert Follow.objects.filter(follower__address=ADA).count() == 1
    assert Follow.objects.filter(follower__address=BEN).count() == 2


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_no_other_method_does_anything(mail, method):
    assert getattr(Client(), method)(one_click_path(mail)).status_code == 405
    assert list(followers()) == [ADA, BEN]


def test_nobody_stops_another(mail):
    """A link that was changed by a digit is nobody's."""
    path = one_click_path(mail)
    number = re.search(r"all-(\d+)", path)[1]
    for other in range(int(number) + 5):
        if str(other) != number:
            assert post(path.replace(f"all-{number}", f"all-{other}")).status_code == 404

    assert list(followers()) == [ADA, BEN]
