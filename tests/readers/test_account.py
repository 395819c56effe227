from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from coranto.kit import clock
from coranto.readers import data_parts, followed, operations
from coranto.readers.models import Reader
from coranto.readers.rules.avatars import draw_avatar
from coranto.readers.rules.names import clean_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts(monkeypatch):
    """What is registered within a test goes with it."""
    monkeypatch.setattr(data_parts, "_registered", dict(data_parts._registered))
    monkeypatch.setattr(followed, "_registered", dict(followed._registered))


@pytest.fixture
def reader(client, ada, enter):
    enter(client, ada)
    return Reader.objects.get()


def test_reader_has_a_name_and_a_picture_and_changes_both(client, reader):
    client.post("/account/", {"display_name": "  Ada \u202e Thorne "})
    before = reader.avatar_seed
    client.post("/account/redraw/")
    reader.refresh_from_db()
    assert reader.display_name == "Ada Thorne"
    assert reader.avatar_seed != before
    page = client.get("/account/")
    assert f"/-/avatar/{reader.avatar_seed}.svg" in page.text


def test_name_that_is_too_long_is_said_and_lost_is_nothing(client, reader):
    response = client.post("/account/", {"display_name": "x" * 61})
    assert (response.status_code, "x" * 61 in response.text) == (200, True)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ada\n Thorne ", "Ada Thorne"),
        ("\u200b\u2066Ada\u2069", "Ada"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u202e\x00", ""),
        ("É", "É"),
    ],
)
def test_name_holds_what_can_be_seen(typed, name):
    assert clean_name(typed) == name


def test_picture_follows_from_the_seed_alone(client):
    one, same, other = (client.get(f"/-/avatar/{seed}.svg") for seed in ("0" * 16, "0" * 16, "1" * 16))
    assert one.content == same.content != other.content
    assert (one["Content-Type"], one["Cache-Control"]) == ("image/svg+xml", "public, max-age=31536000, immutable")
    assert len({draw_avatar(f"{number:016x}") for number in range(500)}) > 480


@pytest.mark.parametrize("seed", ["", "0" * 15, "0" * 17, "G" * 16, "%3Cscript%3E", "a/b"])
def test_what_is_no_seed_draws_nothing(client, seed):
    assert client.get(f"/-/avatar/{seed}.svg").status_code == 404


def test_address_is_in_no_picture(ada):
    first, second = (Reader(account=ada, created_at=clock.now()) for _ in range(2))
    assert first.avatar_seed != second.avatar_seed


# What I follow ----------------------------------------------------------------------------------------------


def test_what_somebody_follows_is_listed_by_the_rooms_that_know(client, reader, parts):
    thing = followed.Followed("The tram line", "/news/tram/", "/stop/1/")
    followed.register(followed.Following(name="threads", label="Comments", find=lambda _account: [thing]))
    page = client.get("/account/").text
    assert all(each in page for each in ("Comments", "The tram line", "/news/tram/", "/stop/1/"))


@pytest.mark.parametrize("many", [3, 30])
def test_overview_asks_a_fixed_number_of_queries(client, reader, parts, many, django_assert_num_queries):
    from coranto.readers import queries

    things = [followed.Followed(f"Article {number}", f"/{number}/") for number in range(many)]
    followed.register(followed.Following(name="threads", label="Comments", find=lambda _account: things))
    account = reader.account
    # Two for what a group or an account may, one for its second factor, one for the threads it follows.
    with django_assert_num_queries(4):
        queries.account_page(account=account, reader=reader)


# All about me -----------------------------------------------------------------------------------------------


def test_reader_downloads_what_every_room_knows(client, reader, parts, with_app):
    data_parts.register(
        data_parts.DataPart(
            name="letters",
            label="Letters",
            export=lambda account: {"subjects": [account.email], "at": clock.now()},
            erase=lambda **_: None,
        )
    )
    assert client.get("/account/data/").status_code == 200
    response = client.post("/account/data/")
    data = json.loads(response.content)
    assert response["Content-Disposition"].startswith("attachment;")
    assert "no-store" in response["Cache-Control"]
    assert data["account"]["email"] == "ada@reader.example"
    assert data["letters"]["subjects"] == ["ada@reader.example"]


def test_download_holds_no_secret(client, ada, with_app, totp):
    from allauth.mfa.models import Authenticator

    secret = with_app(ada)
    client.force_login(ada)
    text = client.post("/account/data/").text
    assert secret not in text
    assert Authenticator.objects.get().data["secret"] not in text
    assert ada.password not in text
    assert client.session.session_key not in text


@pytest.mark.parametrize("words", ["leave", "remove"])
def test_reader_is_erased_from_every_room_by_their_choice(client, reader, parts, words):
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    from coranto.masthead.models import Account

    asked = []
    data_parts.register(
        data_parts.DataPart(
            name="letters",
            label="Letters",
            export=lambda _: {},
            erase=lambda **given: asked.append(given["leaves_words"]),
        )
    )
    other = Client()
    other.force_login(reader.account, second_factor=False)
    assert UserSession.objects.count() == 0  # no real requests
    response = client.post("/account/erase/", {"words": words, "is_sure": "on"})
    assert response["Location"] == "/account/erased/"
    assert client.get("/account/erased/").status_code == 200
    assert asked == [words == "leave"]
    assert (Account.objects.count(), Reader.objects.count()) == (0, 0)
    assert other.get("/account/").status_code == 302
    assert Session.objects.filter(session_key=client.cookies["coranto_session"].value or "-").count() == 0


def test_what_may_stay_is_not_listed_as_erased(client, reader, parts):
    for name, is_words in (("Letters", True), ("Games", False)):
        part = data_parts.DataPart(
            name=name, label=name, export=lambda _: {}, erase=lambda **_: None, is_words=is_words
        )
        data_parts.register(part)
    page = client.get("/account/erase/").text
    assert ("<li>Games</li>" in page, "<li>Letters</li>" in page) == (True, False)
    assert "<li>Letters</li>" in client.get("/account/data/").text


def test_erasing_needs_a_clear_word(client, reader):
    assert client.get("/account/erase/").status_code == 200
    assert client.post("/account/erase/", {"words": "leave"}).status_code == 200
    assert client.post("/account/erase/", {"words": "what?", "is_sure": "on"}).status_code == 200
    assert Reader.objects.count() == 1


def test_account_that_is_erased_leaves_no_address_behind(reader, cora):
    from wagtail.models import ModelLogEntry

    operations.create_entry_link(account=reader.account, life=timedelta(minutes=5), now=clock.now())
    operations.create_entry_link(account=cora, life=timedelta(minutes=5), now=clock.now())
    operations.erase_reader(account=reader.account, leaves_words=True, now=clock.now())
    made = ModelLogEntry.objects.filter(action="readers.entry_link.make").order_by("pk")
    assert list(made.values_list("action", "label")) == [
        ("readers.entry_link.make", ""),
        ("readers.entry_link.make", cora.email),
    ]


def test_what_was_mailed_is_in_the_download_and_goes_with_the_account(client, reader, code):
    from coranto.mailroom.models import Mail
    from coranto.mailroom.operations import prune_mails

    client.post("/account/email/", {"email": "ada@elsewhere.example", "action_add": ""})
    client.post("/account/confirm-email/", {"code": code("ada@elsewhere.example")})
    client.post("/account/email/", {"email": "ada@reader.example", "action_add": ""})
    client.post("/account/confirm-email/", {"code": code("ada@reader.example")})
    [moved, asked] = json.loads(client.post("/account/data/").content)["account"]["mails"]
    assert (moved["subject"], moved["state"]) == ("Your account at Coranto was changed", "queued")
    assert asked["subject"] == "Your code for Coranto"
    reader.account.refresh_from_db()
    operations.erase_reader(account=reader.account, leaves_words=True, now=clock.now())
    prune_mails(now=clock.now())
    assert not Mail.objects.filter(to="ada@reader.example").exists()


def test_room_that_fails_leaves_everything_as_it_was(reader, parts):
    def fail(**_given):
        raise RuntimeError

    data_parts.register(data_parts.DataPart(name="letters", label="Letters", export=lambda _: {}, erase=fail))
    with pytest.raises(RuntimeError):
        operations.erase_reader(account=reader.account, leaves_words=True, now=clock.now())
    assert Reader.objects.get().account.email == "ada@reader.example"


def test_staff_are_erased_once_they_work_here_no_more(client, cora):
    client.force_login(cora)
    response = client.post("/account/erase/", {"words": "remove", "is_sure": "on"})
    assert (response.status_code, "positions" in response.text) == (403, True)
    with pytest.raises(operations.StaffStaysError):
        operations.erase_reader(account=cora, leaves_words=True, now=clock.now())


def test_account_something_must_be_kept_of_becomes_nobodys(reader, monkeypatch):
    from django.db.models import ProtectedError

    from coranto.masthead.models import Account

    def keep(self):
        raise ProtectedError("a gift", set())

    monkeypatch.setattr(Account, "delete", keep)
    operations.erase_reader(account=reader.account, leaves_words=True, now=clock.now())
    left = Account.objects.get()
    assert left.email.startswith("erased-")
    assert (left.is_active, left.has_usable_password(), left.last_login) == (False, False, None)


# Sessions ---------------------------------------------------------------------------------------------------


def test_reader_sees_where_they_are_signed_in_and_ends_the_others(client, ada, code):
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    for each, agent in ((client, firefox), (other := Client(), '"><b>no browser</b>')):
        each.post("/account/login/", {"username": ada.email}, HTTP_USER_AGENT=agent)
        each.post("/account/login/code/confirm/", {"code": code(ada.email)}, HTTP_USER_AGENT=agent)
    page = client.get("/account/sessions/").text
    assert f'<bdi title="{firefox}">Firefox on Linux</bdi>' in page
    assert '<bdi title="&quot;&gt;&lt;b&gt;no browser&lt;/b&gt;">An unknown browser</bdi>' in page
    client.post("/account/sessions/")
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_marks_of_sessions_that_are_over_are_swept(client, ada, code):
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    client.post("/account/login/", {"username": ada.email})
    client.post("/account/login/code/confirm/", {"code": code(ada.email)})
    operations.prune_sign_ins(now=clock.now())
    assert UserSession.objects.count() == 1
    Session.objects.all().delete()
    operations.prune_sign_ins(now=clock.now() + timedelta(hours=1))
    assert UserSession.objects.count() == 0


def test_sessions_that_are_over_are_deleted_with_their_marks(client, ada, code, monkeypatch):
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    from coranto.readers.operations import accounts

    monkeypatch.setattr(accounts, "_AT_ONCE", 2)
    client.post("/account/login/", {"username": ada.email})
    client.post("/account/login/code/confirm/", {"code": code(ada.email)})
    for number in range(5):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/account/login/", {"username": f"{number}@reader.example"})
    assert (Session.objects.count(), UserSession.objects.count()) == (6, 1)
    operations.prune_sign_ins(now=clock.now())
    assert Session.objects.count() == 6
    operations.prune_sign_ins(now=clock.now() + timedelta(days=60))
    assert (Session.objects.count(), UserSession.objects.count()) == (0, 0)


def test_pages_of_an_account_are_kept_by_no_cache(client, reader, with_app):
    with_app(reader.account)
    client.force_login(reader.account)
    for path in (
        "/account/login/",
        "/account/email/",
        "/account/password/set/",
        "/account/sessions/",
        "/account/logout/",
        "/account/2fa/",
        "/account/2fa/totp/deactivate/",
        "/account/2fa/recovery-codes/",
        "/account/2fa/webauthn/",
        "/account/2fa/reauthenticate/",
        "/account/nowhere/",
    ):
        said = client.get(path).get("Cache-Control", "")
        assert {"no-store", "private"} <= set(said.replace(" ", "").split(",")), path


def test_pages_of_an_account_are_for_nobody_else(client, reader):
    for path in (
        "/account/",
        "/account/data/",
        "/account/erase/",
        "/account/sessions/",
        "/account/email/",
        "/account/2fa/",
    ):
        assert Client().get(path).status_code == 302, path
        response = client.get(path)
        assert response.status_code == 200, path
        assert "Surrogate-Control" not in response, path
