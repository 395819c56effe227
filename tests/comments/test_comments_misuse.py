"""What somebody might try: another's address, another's name, a second thought, a mailbox full of questions."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from coranto.comments import operations
from coranto.comments.models import Comment, Report
from coranto.comments.operations import CommentDraft, add_comments
from coranto.comments.operations.following import BY_MAILBOX
from coranto.comments.operations.writing import MAILS_BY_ADDRESS, TooOftenError
from coranto.comments.rules.tokens import COOKIE, OWN, Guest, write_guest, write_token

ADA = "ada@reader.example"


@pytest.fixture
def as_ada(article):
    """A function: what Ada writes who is remembered, and what became of it."""

    def write(words, *, name="Ada", on=article):
        client = Client()
        client.cookies[COOKIE] = write_guest(Guest(name, ADA))
        assert client.post(f"/-/comments/write/{on.pk}/", {"words": words}).status_code == 302
        return Comment.objects.latest("pk")

    return write


@pytest.fixture
def known(article, noon):
    """Ada the guest, one of whose comments is shown since long ago."""
    draft = CommentDraft(article.pk, "Ada", "<p>Long ago</p>", "approved", noon - timedelta(days=99), ADA)
    return add_comments(drafts=[draft], now=noon)[0]


def edited(comment, words):
    token = write_token(comment.pk, purpose=OWN)
    answer = Client().post(f"/-/comments/own/{token}/edit/", {"words": words})
    comment.refresh_from_db()
    return answer


# Another's address --------------------------------------------------------------------------------------------------


def test_trap_under_anothers_address_does_nothing_to_its_holder(write, known, as_ada, cora, noon):
    for number in range(6):
        write(f"Mine {number}", by=Client(REMOTE_ADDR=f"203.0.113.{number}"), website="https://pills.example")
    write("My own words", by=Client(), website="https://pills.example")
    trapped = Comment.objects.filter(state="spam")

    assert set(trapped.values_list("commenter", "author_email")) == {("", "")}
    assert operations.block_commenter(comment=trapped[0], by=cora, now=noon) is None
    assert as_ada("My own words").state == "approved"


def test_trapped_comment_an_editor_lets_through_makes_nobody_known(write, as_ada, cora, noon):
    write("Shown", by=Client(), website="https://pills.example")
    operations.approve_comment(comment=Comment.objects.get(), by=cora, now=noon)

    assert as_ada("My first").held_because == "first"


# Another's name -----------------------------------------------------------------------------------------------------


def test_known_guest_by_a_new_name_waits(known, as_ada):
    assert as_ada("As ever").state == "approved"

    posing = as_ada("From the newsroom", name="Greta Sandvoss, editor")

    assert (posing.state, posing.held_because) == ("held", "first")


def test_typo_cured_in_a_first_comment_an_editor_let_through_does_not_take_it_away(as_ada, cora):
    first = as_ada("Wel said")
    assert first.state == "held"
    operations.approve_comment(comment=first, by=cora, now=first.written_at)

    edited(first, "Well said")

    assert (first.state, first.source) == ("approved", "Well said")


# A lock-down --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pause", ["shut", "hold"])
def test_pause_holds_what_is_confirmed_meanwhile(known, write, confirm_link, commenting, pause):
    write("Before the pause", by=Client())
    commenting(pause=pause)

    Client().post(confirm_link())

    comment = Comment.objects.latest("pk")
    assert (comment.state, comment.held_because) == ("held", "paused")


def test_pause_holds_what_is_edited_meanwhile(known, as_ada, commenting):
    comment = as_ada("Before the pause")
    commenting(pause="shut")

    edited(comment, "After it")

    assert (comment.state, comment.held_because) == ("held", "paused")


@pytest.mark.parametrize("policy", ["closed", "none"])
def test_article_that_was_closed_meanwhile_shows_nothing_new_of_itself(
    known, write, as_ada, article, confirm_link, policy
):
    shown = as_ada("While it was open")
    write("Not confirmed yet", by=Client())
    type(article).objects.filter(pk=article.pk).update(comment_policy=policy)

    Client().post(confirm_link())
    edited(shown, "Once it was closed")

    assert {each.held_because for each in Comment.objects.exclude(pk=known.pk)} == {"closed"}
    assert set(Comment.objects.exclude(pk=known.pk).values_list("state", flat=True)) == {"held"}


def test_blocked_writer_changes_nothing_any_more(known, as_ada, cora, noon, page, article):
    comment = as_ada("What stands")
    operations.block_commenter(comment=comment, by=cora, now=noon)

    answer = edited(comment, "What they would rather")

    assert answer.status_code == 403
    assert "take no more comments from you" in answer.text
    assert "What they would rather" in answer.text
    assert ("What stands" in page(article), comment.state) == (True, "approved")


# Mails nobody asked for ---------------------------------------------------------------------------------------------


def test_one_address_of_the_network_has_few_strangers_written_to(write, mails, noon):
    allowed, _per = MAILS_BY_ADDRESS
    answers = []
    for number in range(allowed + 2):
        with time_machine.travel(noon + timedelta(minutes=number), tick=False):
            answers.append(write(f"Words {number}", email=f"stranger{number}@reader.example", by=Client()))

    assert [each.status_code for each in answers] == [302] * allowed + [429] * 2
    assert len(mails) == allowed
    assert f"Words {allowed}" in answers[-2].text
    assert "Please try again later" in answers[-2].text


def test_many_spellings_of_one_mailbox_are_written_to_as_one(write, mails, noon):
    with time_machine.travel(noon, tick=False):
        for number in range(12):
            by = Client(REMOTE_ADDR=f"203.0.{number}.1")
            write(f"Words {number}", email=f"victim+{number}@reader.example", by=by)
        write("Words", email="victim@reader.example", by=Client(REMOTE_ADDR="198.51.100.1"))
    as_one = len(mails)

    with time_machine.travel(noon + timedelta(days=1), tick=False):
        for number in range(12):
            write(f"Words {number}", email="other@reader.example", by=Client(REMOTE_ADDR=f"203.0.{number}.1"))

    assert 0 < as_one == len(mails) - as_one


def test_many_spellings_of_one_mailbox_are_asked_as_one_whether_they_follow(article, mails, noon):
    def ask(number):
        operations.ask_to_follow(
            article=article, address=f"victim+{number}@reader.example", what="all", now=noon + timedelta(hours=number)
        )

    for number in range(BY_MAILBOX[0]):
        ask(number)
    with pytest.raises(TooOftenError):
        ask(BY_MAILBOX[0])

    assert len(mails) == BY_MAILBOX[0]


# Second thoughts ----------------------------------------------------------------------------------------------------


def test_corrected_link_is_a_comment_of_its_own(write):
    write("See [this](https://wrong.example)", by=Client())
    write("See [this](https://right.example)", by=Client())
    write("See [this](https://right.example)", by=Client(), name="Ada L.")
    write("See [this](https://right.example)", by=Client(), name="Ada L.")

    told = [(each.author_name, "right" in each.html) for each in Comment.objects.order_by("pk")]
    assert told == [("Ada", False), ("Ada", True), ("Ada L.", True)]


def test_report_of_what_was_edited_since_it_was_looked_at_is_open_again(known, as_ada, cora):
    comment = as_ada("Harmless")
    reader = Client(REMOTE_ADDR="198.51.100.7")
    with time_machine.travel(comment.written_at + timedelta(minutes=1), tick=False):
        reader.post(f"/-/comments/{comment.pk}/report/", {"reason": "other", "words": "Hm"})
    operations.approve_comment(comment=comment, by=cora, now=comment.written_at + timedelta(minutes=2))
    with time_machine.travel(comment.written_at + timedelta(minutes=3), tick=False):
        reader.post(f"/-/comments/{comment.pk}/report/", {"reason": "other", "words": "Again"})
    assert not Report.objects.filter(settled_at=None).exists()

    with time_machine.travel(comment.written_at + timedelta(minutes=4), tick=False):
        edited(comment, "A threat")
        Client(REMOTE_ADDR="198.51.100.99").post(
            f"/-/comments/{comment.pk}/report/", {"reason": "insult", "words": "It threatens"}
        )

    [report] = Report.objects.all()
    assert (report.reason, report.words, report.settled_at) == ("insult", "It threatens", None)
    assert report.reported_at == comment.written_at + timedelta(minutes=4)


# What goes ----------------------------------------------------------------------------------------------------------


def test_removed_comment_keeps_nothing_of_its_writer_but_the_mark(known, as_ada, page, article):
    comment = as_ada("Soon gone")
    Comment.objects.filter(pk=comment.pk).update(author_url="https://ada.example", avatar_seed="abc")

    Client().post(f"/-/comments/own/{write_token(comment.pk, purpose=OWN)}/remove/")

    comment.refresh_from_db()
    assert (comment.author_name, comment.author_email, comment.author_url, comment.avatar_seed) == ("", "", "", "")
    assert comment.commenter == known.commenter != ""
    assert "The writer has removed" in page(article)
