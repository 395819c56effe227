"""Fault `list-bombing`: whoever enters somebody else's address everywhere fills nobody's mailbox."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from coranto.comments.models import Follow
from coranto.comments.operations.following import BY_ADDRESS, BY_MAILBOX
from coranto.kit import clock
from coranto.mailroom.models import Mail, Suppression

pytestmark = pytest.mark.django_db
VICTIM = "ada@reader.example"


@pytest.fixture(autouse=True)
def _standing_clock(time_machine):
    time_machine.move_to(clock.now(), tick=False)


@pytest.fixture
def articles(db):
    from coranto.newsroom.models import FrontPage, Section
    from coranto.newsroom.operations import ArticleDraft, store_articles

    section = FrontPage.objects.get().add_child(instance=Section(title="City", slug=f"city-{uuid.uuid4().hex[:6]}"))
    drafts = [
        ArticleDraft(headline=f"Trams return {number}", slug=f"trams-{number}", section=section, body=[])
        for number in range(30)
    ]
    return store_articles(drafts=drafts, by=None, now=datetime(2026, 3, 1, tzinfo=UTC))


def ask(article, *, email=VICTIM, address="192.0.2.1"):
    return Client(REMOTE_ADDR=address).post(f"/-/comments/follow/{article.pk}/", {"email": email, "what": "all"})


def test_one_address_gets_few_mails_a_day_from_however_many_machines(articles, time_machine):
    for number, article in enumerate(articles):
        ask(article, address=f"10.1.{number}.1")
        time_machine.shift(timedelta(minutes=45))

    assert Mail.objects.filter(to=VICTIM).count() == BY_MAILBOX[0]


def test_capitals_make_no_other_mailbox(articles):
    for number, article in enumerate(articles):
        ask(article, email=VICTIM.title() if number % 2 else VICTIM.upper(), address=f"10.1.{number}.1")

    assert Mail.objects.count() <= BY_MAILBOX[0]


def test_one_machine_mails_few_strangers(articles):
    answers = [ask(articles[0], email=f"reader{number}@reader.example") for number in range(60)]

    assert Mail.objects.count() == BY_ADDRESS[0]
    assert answers[-1].status_code == 429
    assert "Please try again later" in answers[-1].text


def test_following_and_commenting_share_what_a_mailbox_bears(articles):
    """The limit on mails anybody can ask for is one, whichever form they come from."""
    from coranto.readers.operations import try_mailing

    while try_mailing(address=VICTIM, now=clock.now()):
        pass

    assert ask(articles[0]).status_code == 429
    assert Mail.objects.count() == 0


def test_who_never_says_yes_hears_nothing_more(articles):
    from coranto.comments import operations

    for number, article in enumerate(articles[:3]):
        ask(article, address=f"10.1.{number}.1")
        draft = operations.CommentDraft(article_id=article.pk, author_name="Dov", html="<p>A tram!</p>")
        comments = operations.add_comments(drafts=[draft], now=clock.now())
        operations.change_states(comments=comments, state="approved")
    for hours in range(48):
        operations.tell_followers(now=clock.now() + timedelta(hours=hours))

    assert set(Mail.objects.values_list("kind", flat=True)) == {"comments.follow"}


def answers_to(article, email, number):
    """What an outsider sees after the form, the address they typed taken out."""
    client = Client(REMOTE_ADDR=f"10.{number}.0.1")
    seen = []
    for _ in range(BY_MAILBOX[0] + 2):
        answer = client.post(f"/-/comments/follow/{article.pk}/", {"email": email, "what": "all"}, follow=True)
        seen.append((answer.status_code, answer.content.replace(email.encode(), b"@")))
    return seen


def test_form_does_not_tell_who_follows(articles):
    from coranto.comments import operations
    from coranto.comments.queries.own import Writer
    from coranto.masthead.models import Account

    follower, unconfirmed, account, suppressed, unknown = (f"{name}@reader.example" for name in "abcde")
    writer = Writer(email=follower, is_confirmed=True)
    operations.follow_thread(article=articles[0], writer=writer, what="all", now=clock.now())
    Follow.objects.create(
        follower=Follow.objects.get().follower.__class__.objects.create(address=unconfirmed, asked_at=clock.now()),
        article=articles[0],
        asked_at=clock.now(),
    )
    Account.objects.create_user(account)
    Suppression.objects.create(address=suppressed, reason="complaint", since=clock.now())
    everybody = [follower, unconfirmed, account, suppressed, unknown]
    seen = [answers_to(articles[0], email, number) for number, email in enumerate(everybody)]

    assert [each[0][0] for each in seen] == [200] * 5
    assert all(each == seen[-1] for each in seen)
