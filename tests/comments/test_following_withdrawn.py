"""News that has not left when it stops being true, or wanted, is not sent; the rest of it is told anew."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, connections

from coranto.comments import operations
from coranto.comments.models import Comment, Follow
from coranto.comments.operations import CommentDraft, following
from coranto.comments.operations.following import tell_followers
from coranto.comments.queries.own import Writer
from coranto.comments.rules.following import QUIET
from coranto.kit import clock
from coranto.mailroom.models import Mail
from coranto.newsroom.models import Article

pytestmark = pytest.mark.django_db
ADA, BEN = "ada@reader.example", "ben@reader.example"


@pytest.fixture
def say(article):
    def say(words, *, under=article, email="dov@reader.example", account=None):
        draft = CommentDraft(article_id=under.pk, author_name="Dov", html=f"<p>{words}</p>", author_email=email)
        comment = operations.add_comments(drafts=[draft], now=clock.now())[0]
        if account:
            Comment.objects.filter(pk=comment.pk).update(account=account)
        operations.change_states(comments=[comment], state="approved")
        return comment

    return say


@pytest.fixture
def follow(article):
    def follow(*, on=article, email=ADA, account=None):
        writer = Writer(email=email, account=account, is_confirmed=True)
        return operations.follow_thread(article=on, writer=writer, what="all", now=clock.now())

    return follow


@pytest.fixture
def tell():
    """A function: what was said is told once the talk has come to rest, so often; how many mails in all."""
    return lambda times=1: sum(tell_followers(now=clock.now() + QUIET * each) for each in range(1, times + 1))


def waiting():
    return list(Mail.objects.filter(state="queued").order_by("pk"))


def test_who_stops_gets_none_of_what_waits(follow, say, tell):
    follower = follow().follower
    say("A tram!")
    assert tell() == 1
    operations.stop_following(which="all", row_id=follower.pk, now=clock.now())

    assert waiting() == []
    assert [mail.state for mail in Mail.objects.all()] == ["withdrawn"]
    assert tell() == 0


def test_who_stops_one_thread_is_told_anew_of_the_others(follow, say, tell, make_article):
    other = make_article("buses")
    stopped = follow()
    follow(on=other)
    say("Of trams")
    say("Of buses", under=other)
    assert tell() == 1
    operations.stop_following(which="one", row_id=stopped.pk, now=clock.now())

    assert waiting() == []
    assert tell() == 1
    [mail] = waiting()
    assert ("Of trams" in mail.text, "Of buses" in mail.text) == (False, True)


def test_question_that_waits_is_withdrawn_with_what_it_asks_about(article):
    now = clock.now()
    operations.ask_to_follow(article=article, address=ADA, what="all", now=now)
    operations.stop_following(which="one", row_id=Follow.objects.get().pk, now=now)

    assert [mail.state for mail in Mail.objects.all()] == ["withdrawn"]


@pytest.mark.parametrize("state", ["binned", "spam", "held", "removed"])
def test_comment_that_is_taken_away_is_in_no_mail_that_waits(follow, say, tell, state):
    follow()
    follow(email=BEN)
    comment = say("A slander")
    say("A tram!")
    assert tell() == 2
    operations.change_states(comments=[comment], state=state)

    assert waiting() == []
    assert b"A slander" not in b"".join(mail.source for mail in Mail.objects.all())
    assert tell(2) == 2
    assert {mail.to: ("A slander" in mail.text, "A tram!" in mail.text) for mail in waiting()} == {
        ADA: (False, True),
        BEN: (False, True),
    }


def test_comment_that_is_changed_is_told_as_it_reads_now(follow, say, tell):
    follow()
    comment = say("A slander")
    Comment.objects.filter(pk=comment.pk).update(source="A slander")
    assert tell() == 1
    operations.edit_comment(comment=comment, source="A kindness", now=clock.now())

    assert waiting() == []
    assert tell() == 1
    [mail] = waiting()
    assert ("A slander" in mail.text, "A kindness" in mail.text) == (False, True)


def publish_anew(article, **changed):
    draft = article.get_latest_revision_as_object()
    for name, value in changed.items():
        setattr(draft, name, value)
    draft.save_revision().publish()


@pytest.mark.parametrize(
    "act",
    [
        Article.unpublish,
        Article.delete,
        partial(publish_anew, visibility="private"),
        partial(publish_anew, comment_policy="none"),
    ],
    ids=["unpublished", "deleted", "private", "without comments"],
)
def test_article_that_is_no_longer_read_is_in_no_mail_that_waits(follow, say, tell, make_article, act):
    other = make_article("buses")
    follow()
    follow(on=other)
    say("Of trams")
    say("Of buses", under=other)
    assert tell() == 1
    act(Article.objects.get(pk=other.pk))

    assert waiting() == []
    assert tell() == 1
    [mail] = waiting()
    assert ("Of trams" in mail.text, "Of buses" in mail.text, other.address in mail.text) == (True, False, False)


def test_article_that_is_published_anew_leaves_the_mail_as_it_is(follow, say, tell, article):
    follow()
    say("Of trams")
    assert tell() == 1
    publish_anew(Article.objects.get(pk=article.pk), change_kind="typo")

    assert len(waiting()) == 1


def test_mail_that_told_of_nothing_else_is_replaced_by_none(follow, say, tell):
    follow()
    comment = say("A slander")
    tell()
    operations.remove_comment(comment=comment, now=clock.now())

    assert tell(3) == 0
    assert waiting() == []


def test_rest_of_many_is_told_anew_to_the_last(follow, say, tell, make_article):
    other = make_article("buses")
    follow()
    follow(on=other)
    comments = [say(f"Word {number}.") for number in range(22)]
    say("Of buses", under=other)
    assert tell() == 1
    operations.change_states(comments=[comments[3]], state="binned")
    assert tell() == 1

    [mail] = waiting()
    assert mail.subject.startswith("22 new comments")
    assert ("Word 2." in mail.text, "Word 3." in mail.text, "Word 4." in mail.text) == (True, False, True)


def test_sent_mail_is_not_told_anew(follow, say, tell):
    follow()
    comment = say("A slander")
    say("A tram!")
    tell()
    Mail.objects.update(state="sent")
    operations.change_states(comments=[comment], state="binned")

    assert tell(3) == 0
    assert [mail.state for mail in Mail.objects.all()] == ["sent"]


@pytest.mark.parametrize("leaves_words", [True, False])
def test_erased_reader_is_named_and_written_to_in_no_mail_that_waits(follow, say, tell, ben, leaves_words):
    from coranto.readers.operations import erase_reader

    follow()
    follow(email=BEN, account=ben)
    say("Words of Ben's", email=BEN, account=ben)
    say("A tram!")
    assert tell() == 2
    erase_reader(account=ben, leaves_words=leaves_words, now=clock.now())

    assert waiting() == []
    assert tell(2) == 1
    [mail] = waiting()
    assert (mail.to, "Words of Ben's" in mail.text, "Dov" in mail.text) == (ADA, leaves_words, True)
    assert mail.text.count("Dov") == 1


# At the same time ----------------------------------------------------------------------------------------------


def in_thread(act):
    def run():
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("act", ["take away", "stop", "withdraw"])
@pytest.mark.parametrize("moment", ["news_for", "queue_mail"])
def test_what_happens_while_the_mail_is_written_is_not_missed(follow, say, tell, monkeypatch, act, moment):
    """Before the comments are held fast the mail is not written; after that whoever takes one away finds the mail."""
    assert connection.vendor == "postgresql"
    follower, comment, threads = follow().follower, say("A slander"), []
    original = getattr(following, moment)

    def acting():
        if act == "stop":
            operations.stop_following(which="all", row_id=follower.pk, now=clock.now())
        elif act == "withdraw":
            Article.objects.get(pk=comment.article_id).unpublish()
        else:
            operations.change_states(comments=[comment], state="binned")

    def midway(**words):
        found = original(**words)
        if not threads:
            threads.append(in_thread(acting))
            # As far as it comes by itself, which is to the end where nothing holds it.
            threads[0].join(1)
        return found

    monkeypatch.setattr(following, moment, midway)
    tell()
    threads[0].join(30)
    assert not threads[0].is_alive()
    assert waiting() == []
    tell(2)
    assert waiting() == []
    assert Mail.objects.filter(state="withdrawn").count() == (1 if moment == "queue_mail" or act == "stop" else 0)


def test_withdrawal_long_after_is_not_looked_for(follow, say, tell, django_assert_num_queries):
    comment = say("An old word")
    operations.note_approval(comment_id=comment.pk, article_id=comment.article_id, now=clock.now())
    with django_assert_num_queries(1):
        operations.withdraw_news(comments=[comment.pk], now=clock.now() + timedelta(days=30))
