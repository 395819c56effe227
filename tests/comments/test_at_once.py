"""Two at the same instant: a form sent twice, a writer and an editor at one comment."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.db import connection, connections

from coranto.comments import operations
from coranto.comments.models import Comment
from coranto.comments.operations import CommentDraft, add_comments, changing, moderating, writing
from coranto.comments.operations.writing import Sent
from coranto.comments.queries.own import Writer
from coranto.comments.rules.deciding import stamp_of

pytestmark = pytest.mark.django_db(transaction=True)

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time, who waits for nobody"
)
MEETING = 0.5  # seconds for which one waits for the other, who comes at once or waits in turn


def together(*acts):
    """Do these at once, each in a thread; what was raised."""
    faults = []

    def do(act):
        try:
            act()
        except Exception as error:  # noqa: BLE001 - told to the test
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=[each]) for each in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


@pytest.fixture
def meet(monkeypatch):
    """A function: whoever comes before or has come through this name in this module waits a moment for another."""
    meeting = threading.Barrier(2)

    def wait():
        with suppress(threading.BrokenBarrierError):
            meeting.wait(MEETING)

    def meet(module, name, when="before"):
        act = getattr(module, name)

        def acting(*args, **kwargs):
            if when == "before":
                wait()
            done = act(*args, **kwargs)
            if when == "after":
                wait()
            return done

        monkeypatch.setattr(module, name, acting)

    return meet


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_same_form_sent_twice_at_the_same_instant_is_one_comment(article, noon, meet, mails, is_confirmed):
    meet(writing, "insert_comment")
    ada = Writer(name="Ada", email="ada@reader.example", is_confirmed=is_confirmed)
    answers = []

    def send():
        sent = Sent(source="A tram *at last*.", address="198.51.100.7")
        answers.append(operations.write_comment(article=article, writer=ada, sent=sent, now=noon).pk)

    assert together(send, send) == []
    assert answers == [Comment.objects.get().pk] * 2
    assert len(mails) == (0 if is_confirmed else 1)


def test_different_words_at_the_same_instant_are_two_comments(article, noon, meet):
    meet(writing, "insert_comment")
    ada = Writer(name="Ada", email="ada@reader.example", is_confirmed=True)

    def send(words):
        return lambda: operations.write_comment(article=article, writer=ada, sent=Sent(source=words), now=noon)

    assert together(send("One"), send("Another")) == []
    assert sorted(Comment.objects.values_list("source", flat=True)) == ["Another", "One"]


@pytest.fixture
def thread(article, ben, noon):
    """What Ben has answered to Ada, and Ada's own."""
    first = CommentDraft(article.pk, "Ada", "<p>First</p>", "approved")
    planted = add_comments(
        drafts=[first, CommentDraft(article.pk, "Ben", "<p>2</p>", "approved", reply_to=first)], now=noon
    )
    Comment.objects.update(account=ben, source="2", written_at=noon)
    return planted


WRITERS_ACTS = {
    "edit": lambda reply, noon: operations.edit_comment(comment=reply, source="Thought better", now=noon),
    "remove": lambda reply, noon: operations.remove_comment(comment=reply, now=noon),
}


@needs_postgresql
@pytest.mark.parametrize("act", WRITERS_ACTS)
def test_writer_and_editor_do_not_wait_for_each_other(thread, cora, noon, meet, act):
    """Each waits, with the first lock it takes, for the other to have one."""
    first, reply = thread
    meet(changing, "change_states")
    meet(moderating, "lock_threads", "after")

    faults = together(
        lambda: WRITERS_ACTS[act](reply, noon),
        lambda: operations.moderate_comments(
            comments={each.pk: stamp_of(each.html) for each in (first, reply)}, act="bin", by=cora, now=noon
        ),
    )

    # Whoever comes second to a comment that was binned is told so.
    assert [each for each in faults if not isinstance(each, changing.TooLateError)] == []
