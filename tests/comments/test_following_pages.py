"""Following from the outside: a guest says yes by a mail, a reader at once, and the article's page knows nobody."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from coranto.comments import operations
from coranto.comments.models import Follow, Follower
from coranto.comments.rules.tokens import COOKIE, Guest, write_guest
from coranto.kit import clock
from coranto.mailroom.models import Suppression

pytestmark = pytest.mark.django_db
ADA = "ada@reader.example"


def link(mail, name="follow/confirm"):
    return re.search(rf"/-/comments/{name}/\S+/", mail.text)[0]


@pytest.fixture
def ask(article):
    """A function: Ada's browser sends the form below the article."""

    def ask(email=ADA, *, by=None, on=article, what="all", **more):
        return (by or Client()).post(f"/-/comments/follow/{on.pk}/", {"email": email, "what": what, **more})

    return ask


@pytest.fixture
def signed_in(ben):
    client = Client()
    client.force_login(ben)
    return client


@pytest.fixture
def remembered():
    """A browser in which Ada has confirmed her address once."""
    client = Client()
    client.cookies[COOKIE] = write_guest(Guest(name="Ada", email=ADA))
    return client


def followed():
    return list(Follow.objects.confirmed().values_list("what", "follower__address", "follower__account__email"))


# Guests -----------------------------------------------------------------------------------------------------


def test_guest_follows_once_they_said_yes_by_a_button(ask, mails, client):
    answer = ask(what="replies")
    assert answer.status_code == 302
    assert "We have sent a mail" in client.get(answer.url).text
    assert followed() == []

    path = link(mails[0])
    for method in (client.get, client.head, client.options):
        method(path)
        assert followed() == []
    assert client.post(path).status_code == 200
    assert followed() == [("replies", ADA, None)]
    assert client.post(path).status_code == 200
    assert len(mails) == 1


def test_question_says_what_it_is_about_and_none_of_what_others_wrote(ask, mails):
    ask(name="Win at evil.example")

    assert "Trams return" in mails[0].text
    assert "evil" not in mails[0].text + mails[0].html + mails[0].subject


def test_what_was_asked_for_is_what_the_button_says_yes_to(ask, mails, client):
    ask()
    client.post(link(mails[0]))
    ask(what="replies")
    assert followed() == [("all", ADA, None)]

    client.post(link(mails[1]))
    assert followed() == [("replies", ADA, None)]


def test_yes_is_too_late_after_two_days(ask, mails, client, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    ask()
    time_machine.shift(60 * 60 * 49)
    answer = client.post(link(mails[0]))

    assert answer.status_code == 410
    assert "This link no longer works" in answer.text
    assert followed() == []


def test_yes_that_is_sent_again_does_not_undo_a_stop(ask, mails, client):
    ask()
    path = link(mails[0])
    stop = re.search(r"/-/comments/stop/[^\"]+/", client.post(path).text)[0]
    client.post(stop)

    assert client.get(path).status_code == client.post(path).status_code == 410
    assert followed() == []


@pytest.mark.parametrize("token", ["all-1", "all-1:x", "all-1:1tVQ2L:abc", "one-1:x"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_forged_links_do_nothing(ask, client, token, method):
    ask()

    assert getattr(client, method)(f"/-/comments/follow/confirm/{token}/").status_code == 410
    assert getattr(client, method)(f"/-/comments/stop/{token}/").status_code == 404
    assert followed() == []


def test_link_that_confirms_a_comment_confirms_no_following_and_stops_none(client, article):
    from coranto.comments.rules.following import write_question, write_stop
    from coranto.comments.rules.tokens import CONFIRMING, write_token

    for token in (write_token(1, purpose=CONFIRMING), write_stop(follow_id=1)):
        assert client.post(f"/-/comments/follow/confirm/{token}/").status_code == 410
    assert client.post(f"/-/comments/stop/{write_question(what='all', follow_id=1)}/").status_code == 404


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "ada@reader.example\r\nBcc: eve@evil.example", "a" * 300 + "@b.example"]
)
def test_bad_address_is_told_in_its_place_and_loses_nothing(ask, mails, email):
    answer = ask(email, what="replies")

    assert answer.status_code == 422
    assert 'id="follow-email-error"' in answer.text
    assert re.search(r'value="replies"\s+checked', answer.text)
    assert len(mails) == 0


@pytest.mark.parametrize("what", ["", "everything"])
def test_what_there_is_not_cannot_be_followed(ask, mails, what):
    assert ask(what=what).status_code == 422
    assert len(mails) == 0


def test_program_that_fills_in_everything_mails_nobody(ask, mails):
    answer = ask(website="https://evil.example/")

    assert answer.status_code == 302
    assert len(mails) == 0
    assert Follower.objects.count() == 0


def test_guest_this_browser_knows_follows_at_once(ask, mails, remembered):
    answer = ask("", by=remembered)

    assert followed() == [("all", ADA, None)]
    assert "You follow this article: new comments." in remembered.get(answer.url).text
    assert len(mails) == 0


def test_other_address_is_asked_even_from_a_browser_that_knows_one(ask, mails, remembered):
    ask("eve@reader.example", by=remembered)

    assert followed() == []
    assert [mail.to for mail in mails] == ["eve@reader.example"]


# Readers ----------------------------------------------------------------------------------------------------


def test_reader_follows_changes_and_stops_without_a_mail(ask, mails, signed_in):
    page = signed_in.get(ask(by=signed_in, email="").url).text
    assert "You follow this article: new comments." in page
    assert "ben@reader.example" in page

    ask(by=signed_in, what="replies")
    assert followed() == [("replies", "", "ben@reader.example")]

    signed_in.post(re.search(r"/-/comments/stop/[^\"]+/", page)[0])
    assert followed() == []
    assert len(mails) == 0


def test_reader_follows_with_the_account_whatever_address_was_typed(ask, mails, signed_in):
    ask("eve@reader.example", by=signed_in)

    assert followed() == [("all", "", "ben@reader.example")]
    assert len(mails) == 0


def test_account_page_lists_what_is_followed_and_stops_it(ask, signed_in):
    ask(by=signed_in)
    page = signed_in.get("/account/").text
    assert "Trams return (new comments)" in page

    stop = re.search(r'action="(/-/comments/stop/[^"]+)"', page)[1]
    assert signed_in.post(stop).status_code == 200
    assert "Trams return" not in signed_in.get("/account/").text


def test_reader_whose_mail_came_back_is_told_so(ask, signed_in):
    Suppression.objects.create(address="ben@reader.example", reason="bounce", since=clock.now())

    assert "At the moment we send nothing there" in signed_in.get(ask(by=signed_in).url).text


# The pages --------------------------------------------------------------------------------------------------


def test_article_page_asks_everybody_alike(article, signed_in, remembered, ask):
    ask(by=signed_in)
    pages = {client.get(article.address).content for client in (Client(), signed_in, remembered)}

    assert len(pages) == 1
    assert f'action="/-/comments/follow/{article.pk}/"' in pages.pop().decode()


def test_following_sets_no_cookie(ask, article):
    client = Client()
    client.get(f"/-/comments/follow/{article.pk}/")
    ask(by=client)

    assert not client.cookies


@pytest.mark.parametrize(
    "fields", [{"live": False}, {"visibility": "password", "password": "x"}, {"visibility": "private"}]
)
def test_article_that_not_everybody_may_read_cannot_be_followed(ask, article, mails, fields):
    type(article).objects.filter(pk=article.pk).update(**fields)

    assert ask().status_code == 404
    assert len(mails) == 0


def test_closed_article_offers_nothing_to_follow(article, page):
    type(article).objects.filter(pk=article.pk).update(comment_policy="closed")

    assert "/-/comments/follow/" not in page(article)


@pytest.mark.parametrize("number", ["0", "99999999999999999999"])
def test_article_that_is_not_there_is_not_found(client, number):
    assert client.post(f"/-/comments/follow/{number}/", {"what": "all", "email": ADA}).status_code == 404


def test_other_sites_pages_cannot_make_anybody_follow(article, signed_in):
    path, sent = f"/-/comments/follow/{article.pk}/", {"what": "all"}

    assert signed_in.post(path, sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert signed_in.post(path, sent, headers={"Origin": "https://evil.example"}).status_code == 403
    assert followed() == []


def test_pages_conform_to_the_standard(ask, article, mails, client, signed_in, conforms):
    ask()
    ask(by=signed_in)
    path = link(mails[0])
    pages = [client.get(article.address), client.get(f"/-/comments/follow/{article.pk}/"), client.get(path)]
    pages += [ask(email="x"), client.get(f"/-/comments/follow/{article.pk}/sent/"), client.post(path)]
    stop = re.search(r"/-/comments/stop/[^\"]+/", pages[-1].text)[0]
    pages += [client.get(stop), client.post(stop), client.get(stop), client.get(path)]
    pages += [signed_in.get(f"/-/comments/follow/{article.pk}/")]

    assert all(conforms(page.content) for page in pages)


@pytest.mark.parametrize("many", [3, 30])
def test_own_page_takes_a_fixed_number_of_queries(ben, many, make_article, django_assert_num_queries):
    from coranto.comments.queries.following import followed_threads
    from coranto.comments.queries.own import Writer

    writer = Writer(email=ben.email, account=ben, is_confirmed=True)
    for number in range(many):
        operations.follow_thread(article=make_article(f"a-{number}"), writer=writer, what="all", now=clock.now())
    with django_assert_num_queries(1):
        assert len(followed_threads(ben)) == many
