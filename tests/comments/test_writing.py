"""From the form below an article to the page, as guests and readers go it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coranto.comments import operations
from coranto.comments.models import Comment
from coranto.comments.rules.tokens import COOKIE, OWN, Guest, write_guest, write_token


def state(words="at last"):
    return Comment.objects.get(html__contains=words).state


def test_guest_comment_waits_until_address_is_confirmed(write, confirm_link, client, article, page, mails):
    answer = write()

    assert answer.url == f"/-/comments/sent/{article.pk}/"
    assert "One mail to go" in client.get(answer.url).text
    assert state() == "waiting"
    assert "at last" not in page(article)
    assert [each.to for each in mails] == ["ada@reader.example"]
    # A program that looks at mail opens the link, and asks for more than once.
    for method in (client.get, client.head, client.get):
        assert method(confirm_link()).status_code == 200
    assert state() == "waiting"

    own = client.post(confirm_link(), follow=True)

    assert state() == "held"
    assert "waits for an editor" in own.text
    assert "at last" not in page(article)
    assert COOKIE not in client.cookies

    operations.change_states(comments=Comment.objects.all(), state="approved")
    assert "<p>A tram <em>at last</em>.</p>" in page(article)


def test_mail_says_nothing_the_guest_has_typed(write, mails):
    """Who types somebody else's address would have us send them whatever he likes."""
    write("Buy at https://pills.example now", name="Cheap pills")

    [mail] = mails
    assert "pills" not in mail.source.decode().lower()
    assert "Trams return" in mail.text


def test_confirmed_guest_is_remembered_only_if_they_ask(write, confirm_link, client, article, open_house, mails, page):
    write()
    client.post(confirm_link(), {"remember": "1"})

    cookie = client.cookies[COOKIE]
    assert (cookie["path"], bool(cookie["httponly"]), cookie["samesite"]) == ("/-/comments/", True, "Lax")
    answer = client.post(f"/-/comments/write/{article.pk}/", {"words": "And once more."})

    second = Comment.objects.get(html__contains="once more")
    assert answer.url == f"{article.address}comments/{second.pk}/"
    assert (second.author_name, second.author_email, second.state) == ("Ada", "ada@reader.example", "approved")
    assert len(mails) == 1
    assert client.get(answer.url).url == f"{article.address}#comment-{second.pk}"
    assert "once more" in page(article)

    client.post("/-/comments/forget/")
    assert client.post(f"/-/comments/write/{article.pk}/", {"words": "Who am I?"}).status_code == 422


def test_made_up_cookie_is_nobody(client, article):
    forged = write_guest(Guest("Ada", "ada@reader.example"))[:-2] + "xx"
    client.cookies[COOKIE] = forged

    assert client.post(f"/-/comments/write/{article.pk}/", {"words": "Hello"}).status_code == 422
    assert not Comment.objects.exists()


def test_reader_writes_without_name_and_address(client, article, ben, open_house, page):
    client.force_login(ben)
    answer = client.post(f"/-/comments/write/{article.pk}/", {"words": "From **Ben**."})

    comment = Comment.objects.get()
    assert answer.url == f"{article.address}comments/{comment.pk}/"
    assert (comment.account, comment.author_name, comment.state) == (ben, "Ben", "approved")
    assert f"/-/avatar/{ben.reader.avatar_seed}.svg" in page(article)
    assert "ben@reader.example" not in page(article)


def test_reader_without_a_name_gives_one_and_keeps_it(client, article, ben, open_house):
    ben.reader.display_name = ""
    ben.reader.save()
    client.force_login(ben)

    assert client.post(f"/-/comments/write/{article.pk}/", {"words": "Hm."}).status_code == 422
    client.post(f"/-/comments/write/{article.pk}/", {"words": "Hm.", "name": "Benno"})

    ben.reader.refresh_from_db()
    assert (Comment.objects.get().author_name, ben.reader.display_name) == ("Benno", "Benno")


def test_answer_stands_below_what_it_answers(write, client, article, open_house, ben, page):
    client.force_login(ben)
    write("First words")
    parent = Comment.objects.get()
    form = client.get(f"/-/comments/write/{article.pk}/?parent={parent.pk}").text
    assert "First words" in form

    write("An answer", parent=parent.pk)

    answer = Comment.objects.get(parent=parent)
    assert answer.path.startswith(parent.path)
    assert re.findall(r"comment comment--(\d)", page(article)) == ["1", "2"]


@pytest.mark.parametrize("parent", ["999999", "x", "-1", "1" * 40])
def test_answer_to_what_is_not_there_keeps_the_words(write, parent):
    answer = write("Words to keep", parent=parent)

    assert answer.status_code == 403
    assert "Words to keep" in answer.text
    assert "not there any more" in answer.text
    assert not Comment.objects.exists()


def test_answer_to_what_is_not_approved_is_not_taken(write, article, noon):
    draft = operations.CommentDraft(article_id=article.pk, author_name="Dov", html="Held")
    [held] = operations.add_comments(drafts=[draft], now=noon)

    answer = write("Sneaked in", parent=held.pk)

    assert answer.status_code == 403
    assert "Held" not in answer.text


def test_preview_stores_nothing(write, mails):
    answer = write("A [link](https://elsewhere.example) and <b>tags</b>", preview="1")

    assert '<a href="https://elsewhere.example" rel="nofollow ugc noopener">link</a>' in answer.text
    assert "&lt;b&gt;tags&lt;/b&gt;" in answer.text
    assert (Comment.objects.count(), len(mails)) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"words": ""}, "This field is required"),
        ({"words": "\u202e \u2066"}, "Please write something"),
        ({"words": "> &nbsp;\u3164"}, "Please write something"),
        ({"words": "x" * 10_001}, "at most 10000 characters"),
        ({"email": "nobody"}, "no e-mail address we can write to"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "no e-mail address we can write to"),
        ({"name": "\u202e\u200b"}, "a name that can be read"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(client, article, fields, sentence):
    sent = {"words": "Kept words", "name": "Ada", "email": "ada@reader.example"} | fields
    answer = client.post(f"/-/comments/write/{article.pk}/", sent)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "words" in fields or "Kept words" in answer.text
    assert not Comment.objects.exists()


def test_same_words_sent_twice_are_one_comment(client, article, ben, open_house, write):
    client.force_login(ben)

    assert write().url == write().url
    assert Comment.objects.count() == 1


def test_same_words_with_a_strangers_address_lead_to_nobodys_comment(client, article, write, confirm_link, mails):
    """The words stand on the page and the address may be known: neither is a way to change what somebody wrote."""
    write()
    client.post(confirm_link())
    stranger = Client()

    answer = write(by=stranger)

    assert answer.url == f"/-/comments/sent/{article.pk}/"
    assert Comment.objects.count() == 2


def test_cross_site_post_is_refused(client, article):
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = client.post(f"/-/comments/write/{article.pk}/", {"words": "x"}, headers=headers)
        assert answer.status_code == 403
    assert not Comment.objects.exists()


def test_forms_work_without_a_token(article):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(
        f"/-/comments/write/{article.pk}/", {"words": "Hi", "name": "Ada", "email": "ada@reader.example"}
    )

    assert answer.status_code == 302
    assert "csrf" not in strict.get(article.address).text


# Who may ------------------------------------------------------------------------------------------------------------


def test_registered_only_site_sends_guests_to_sign_in(client, article, write, commenting, page, ben):
    commenting(who="registered")
    where = f"/-/comments/write/{article.pk}/"

    assert client.get(where).url == f"/account/login/?next=%2F-%2Fcomments%2Fwrite%2F{article.pk}%2F"
    answer = write("Not to be lost")
    assert (answer.status_code, "Not to be lost" in answer.text, "Please sign in" in answer.text) == (403, True, True)
    assert f'href="{where}"' in page(article)
    assert 'name="words"' not in page(article)

    client.force_login(ben)
    assert client.get(where).status_code == 200
    assert write().status_code == 302


def test_members_only_site_takes_no_reader_who_is_none(client, article, write, commenting, ben, cora):
    commenting(who="members")
    client.force_login(ben)
    assert "open to members" in write().text

    client.force_login(cora)
    assert write().status_code == 302


@pytest.mark.parametrize(("policy", "said"), [("closed", "closed"), ("none", "closed")])
def test_closed_article_takes_none(make_article, write, page, policy, said):
    closed = make_article("closed", comment_policy=policy)

    answer = write(on=closed)

    assert (answer.status_code, said in answer.text) == (403, True)
    assert "Click to comment" not in page(closed)


def test_pause_holds_for_the_whole_site_at_once(write, commenting, article, page, client, ben):
    commenting(pause="shut", holds_first=False)
    assert (write().status_code, "Click to comment" in page(article)) == (403, False)

    commenting(pause="hold")
    client.force_login(ben)
    write()
    assert Comment.objects.get().held_because == "paused"


def test_private_article_has_no_form_for_strangers(make_article, write, client, cora):
    private = make_article("private", visibility="private")
    assert write(on=private).status_code == 404

    locked = make_article("locked", visibility="password", password="open")
    assert write(on=locked).status_code == 404

    client.force_login(cora)
    assert client.get(f"/-/comments/write/{private.pk}/").status_code == 200


def test_blocked_commenter_is_told_so_and_others_are_not(client, article, write, cora, ben, open_house, noon):
    client.force_login(ben)
    write()
    operations.block_commenter(comment=Comment.objects.get(), by=cora, reason="Shouts", now=noon)

    answer = write("Again")

    assert (answer.status_code, "take no more comments from you" in answer.text) == (403, True)
    assert write("A guest", by=Client()).status_code == 302


def test_blocked_guest_is_binned_where_they_confirm(write, confirm_link, client, cora, noon, article):
    write()
    client.post(confirm_link())
    operations.block_commenter(comment=Comment.objects.get(), by=cora, now=noon)
    write("Once more", by=Client())

    Client().post(confirm_link())

    assert state("Once more") == "binned"


# Their own ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def own(client, article, ben, open_house, write):
    client.force_login(ben)
    write()
    return Comment.objects.get()


@pytest.fixture
def token(own):
    return write_token(own.pk, purpose=OWN)


def test_edit_is_seen_and_marked(client, own, token, article, page):
    answer = client.post(f"/-/comments/own/{token}/edit/", {"words": "A bus, rather."})

    assert answer.url == f"{article.address}comments/{own.pk}/"
    html = page(article)
    assert ("A bus, rather." in html, "at last" in html, "edited" in html) == (True, False, True)


def test_edit_comes_too_late(client, own, token, page, article):
    with time_machine.travel(own.written_at + timedelta(minutes=10)):
        answer = client.post(f"/-/comments/own/{token}/edit/", {"words": "Kept words"})

    assert (answer.status_code, "time to edit it is over" in answer.text, "Kept words" in answer.text) == (
        403,
        True,
        True,
    )
    assert "at last" in page(article)


def test_second_thought_is_judged_too(client, own, token, page, article):
    client.post(f"/-/comments/own/{token}/edit/", {"words": " ".join(f"https://{n}.example" for n in range(9))})

    own.refresh_from_db()
    assert (own.state, own.held_because) == ("held", "links")
    assert "1.example" not in page(article)


def test_removed_comment_leaves_a_tombstone(client, own, token, page, article, write):
    write("An answer", parent=own.pk)
    assert client.get(f"/-/comments/own/{token}/remove/").status_code == 200
    assert "at last" in page(article)

    client.post(f"/-/comments/own/{token}/remove/")
    client.post(f"/-/comments/own/{token}/remove/")

    html = page(article)
    assert ("at last" in html, "The writer has removed" in html, "An answer" in html) == (False, True, True)
    own.refresh_from_db()
    assert (own.state, own.html, own.source, own.shown_below) == ("removed", "", "", 1)
    assert "1 comment<" in re.sub(r"\s+", " ", html).replace(" <", "<")


@pytest.mark.parametrize("what", ["", "edit/", "remove/"])
def test_made_up_link_leads_nowhere(client, own, token, what):
    wrong = [
        token[:-1] + "x",
        token.replace(str(own.pk), str(own.pk + 1), 1),
        "x",
        write_token(own.pk, purpose="other"),
    ]

    assert [client.post(f"/-/comments/own/{each}/{what}", {"words": "x"}).status_code for each in wrong] == [
        405 if not what else 404
    ] * 4
    assert [client.get(f"/-/comments/own/{each}/{what}").status_code for each in wrong] == [404] * 4


def test_own_comment_is_found_by_its_writer_alone(client, own):
    assert "/-/comments/own/" in client.get(f"/-/comments/{own.pk}/").url
    assert Client().get(f"/-/comments/{own.pk}/").status_code == 200


def test_erased_reader_leaves_words_or_takes_them(client, own, ben, page, article, noon):
    operations.erase_comments(account=ben, leaves_words=True, now=noon)
    html = page(article)
    assert ("at last" in html, ">Ben<" in html, "A former reader" in html) == (True, False, True)
    own.refresh_from_db()
    assert (own.account, own.author_email, own.commenter, own.origin) == (None, "", "", "")


def test_erased_reader_takes_the_words(client, own, ben, page, article, write, noon):
    from coranto.readers.operations import erase_reader

    write("A second one")
    erase_reader(account=ben, leaves_words=False, now=noon)

    assert "at last" not in page(article)
    assert page(article).count("The writer has removed") == 2
    assert set(Comment.objects.values_list("author_name", "author_email", "source", "html")) == {("", "", "", "")}


def test_reader_downloads_their_words(own, ben, noon):
    from coranto.readers.operations import export_reader

    [told] = export_reader(account=ben, now=noon)["comments"]["comments"]
    assert (told["words"], told["article"], told["state"]) == ("A tram *at last*.", "Trams return", "approved")


# About others' ------------------------------------------------------------------------------------------------------


def test_reports_reach_the_editors_and_hide_nothing(own, page, article):
    from coranto.comments.models import Report

    stranger = Client(REMOTE_ADDR="198.51.100.7")
    for _ in range(3):
        assert stranger.post(f"/-/comments/{own.pk}/report/", {"reason": "insult", "words": "Rude"}).status_code == 200
    Client(REMOTE_ADDR="198.51.100.200").post(f"/-/comments/{own.pk}/report/", {"reason": "other"})
    Client(REMOTE_ADDR="203.0.113.1").post(f"/-/comments/{own.pk}/report/", {"reason": "other"})

    assert list(Report.objects.order_by("pk").values_list("reason", "words")) == [("insult", "Rude"), ("other", "")]
    assert "at last" in page(article)
    assert Client().post(f"/-/comments/{own.pk}/report/", {}).status_code == 422


def test_reader_mutes_somebody(own, cora, client, page, article):
    other = Client()
    other.force_login(cora)
    other.post(f"/-/comments/{own.pk}/mute/")

    told = other.get("/-/comments/me").json()
    assert told["muted"] == [own.commenter]
    assert f'data-by="{own.commenter}"' in page(article)
    other.post(f"/-/comments/{own.pk}/hear/")
    assert other.get("/-/comments/me").json()["muted"] == []
    assert Client().post(f"/-/comments/{own.pk}/mute/").status_code == 302  # to the sign-in
    assert Client().get("/-/comments/me").json() == {
        "name": "", "known": False, "signed_in": False, "mark": "", "muted": [],
    }  # fmt: skip


def test_nothing_of_one_reader_is_offered_to_the_store(own, token, client, article):
    edge = {"headers": {"Surrogate-Capability": 'coranto="ESI/1.0"'}, "REMOTE_ADDR": ""}
    for path in (
        f"/-/comments/write/{article.pk}/", f"/-/comments/own/{token}/", f"/-/comments/{own.pk}/", "/-/comments/me",
        f"/-/comments/sent/{article.pk}/", f"{article.address}comments/{own.pk}/",
    ):  # fmt: skip
        answer = Client().get(path, **edge)
        assert "Surrogate-Key" not in answer.headers, path
        assert "no-store" in answer["Cache-Control"], path
    kept = Client().get(article.address, **edge)
    assert "Surrogate-Control" in kept.headers
    assert {f"comments:{article.pk}", "commenting"} <= set(kept["Surrogate-Key"].split())
    assert not kept.cookies


def test_only_moderators_block(own, ben, cora, noon):
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        operations.block_commenter(comment=own, by=ben, now=noon)
    block = operations.block_commenter(comment=own, by=cora, now=noon)
    with pytest.raises(PermissionDenied):
        operations.unblock_commenter(block=block, by=ben)
    operations.unblock_commenter(block=block, by=cora)


def test_unconfirmed_comments_and_origins_are_not_kept(write, own, client, noon):
    write("Never confirmed", by=Client())
    later = own.written_at + timedelta(days=3)

    assert operations.prune_waiting(now=later) == 1
    assert [each.pk for each in Comment.objects.all()] == [own.pk]
    assert operations.forget_origins(now=later) == 0
    assert operations.forget_origins(now=own.written_at + timedelta(days=31)) == 1
    own.refresh_from_db()
    assert own.origin == ""


@pytest.mark.parametrize("others", [0, 60])
def test_comment_takes_a_fixed_number_of_queries(client, make_article, noon, others, open_house):
    """The article, how comments are taken, a block, a twin, what judges (3), its id, the row, and its followers' news."""
    article = make_article("busy")
    drafts = [operations.CommentDraft(article.pk, f"Reader {n}", f"<p>{n}</p>", "approved") for n in range(others)]
    operations.add_comments(drafts=drafts, now=noon)
    client.cookies[COOKIE] = write_guest(Guest("Ada", "ada@reader.example"))
    with CaptureQueriesContext(connection) as queries:
        assert client.post(f"/-/comments/write/{article.pk}/", {"words": "One more."}).status_code == 302

    asked = [each["sql"] for each in queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    # PostgreSQL waits for twins besides, and its counts of what comes from where are in the same database.
    on_postgresql = 3 if connection.vendor == "postgresql" else 0
    assert len(asked) == 11 + on_postgresql
