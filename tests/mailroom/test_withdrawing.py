"""A mail that has not left is withdrawn; nobody finds out by getting it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from coranto.kit import clock
from coranto.mailroom import operations, queries
from coranto.mailroom.kinds import SITE
from coranto.mailroom.models import Mail
from coranto.mailroom.transports import Outcome, Verdict

pytestmark = pytest.mark.django_db
SENT = Outcome(verdict=Verdict.SENT, reply="250 OK")
LATER = Outcome(verdict=Verdict.DEFERRED, reply="450 Later")


class Midway:
    """A transport in which something happens at the worst moment: before the mark, or after it."""

    name, is_paced = "midway", True

    def __init__(self, *, before=lambda: None, after=lambda: None, outcome=SENT):
        self.before, self.after, self.outcome, self.carried = before, after, outcome, []

    def carry(self, parcel, *, hand):
        self.before()
        if not hand():
            return None
        self.carried.append(parcel.to)
        self.after()
        return self.outcome


def withdraw(**more):
    return operations.withdraw_mails(
        **{"about": ["comment:7"], "words": "It was taken away.", "now": clock.now()} | more
    )


def claim():
    return operations.claim_mails(worker="wren", now=clock.now(), limit=50)


def again(mail):
    mail.refresh_from_db()
    return mail


def test_waiting_mail_is_withdrawn_with_its_words_and_says_why(write, by_smtp, carry):
    mail = write(about=["comment:7", "follow:1"], key="once")

    assert withdraw() == 1
    assert carry() == []
    assert (again(mail).state, mail.source, mail.text) == ("withdrawn", b"", "")
    assert mail.settled_at == mail.withdrawn_at is not None
    assert [(each.what, each.words) for each in mail.trail.all()] == [("withdrawn", "It was taken away.")]
    assert withdraw() == 0
    # It has not happened, so it may happen yet.
    assert write(key="once").pk != mail.pk


def test_withdrawn_together_with_what_made_it_untrue_or_not_at_all(write, by_smtp, carry):
    write(about=["comment:7"])
    with transaction.atomic():
        withdraw()
        transaction.set_rollback(True)

    assert carry() == ["sent"]


def test_nothing_else_is_withdrawn(write, kind_of):
    other = kind_of("test.other")
    kept = [
        write(about=["comment:70", "follow:7"]),
        write(about=["comment:17"]),
        write(),
        write(about=["comment:7"], kind=other),
    ]
    gone = write(about=["follow:1", "comment:7"])

    assert withdraw(kind=SITE) == 1
    assert withdraw(about=[]) == 0
    assert {mail.pk for mail in kept} == set(Mail.objects.filter(state="queued").values_list("pk", flat=True))
    assert again(gone).state == "withdrawn"


def test_all_that_waits_for_a_mailbox_is_withdrawn_however_it_was_typed(write):
    write("Ada@Reader.example")
    write("ada@reader.example")
    write("ben@reader.example")

    assert withdraw(about=[], to="Ada@Reader.example") == 2
    assert Mail.objects.get(state="queued").to == "ben@reader.example"


@pytest.mark.parametrize("way", ["by_smtp", "by_outbox"])
def test_mail_in_a_senders_hand_is_not_handed_over(request, write, way):
    from coranto.mailroom.transports.opening import open_transport

    where = request.getfixturevalue(way)
    mail = write(about=["comment:7"], key="once")
    [claimed] = claim()
    assert withdraw() == 0

    transport = open_transport()
    assert operations.deliver_mail(claim=claimed, transport=transport).state == "withdrawn"
    transport.close()
    assert (again(mail).state, mail.source, mail.key) == ("withdrawn", b"", None)
    assert [each.what for each in mail.trail.all()] == ["withdrawn"]
    assert not (where.taken if way == "by_smtp" else list(where.glob("*")))


def test_mail_is_withdrawn_up_to_the_moment_it_is_handed_over_and_not_after(write):
    before, after = write("ada@reader.example", about=["comment:7"]), write("ben@reader.example", about=["comment:7"])
    first, second = claim()

    early, late = Midway(before=withdraw), Midway(after=lambda: withdraw(about=[], to="ben@reader.example"))
    # The first withdrawal names both: Ben's is in hand as well.
    Mail.objects.filter(pk=after.pk).update(about="")
    assert operations.deliver_mail(claim=first, transport=early).state == "withdrawn"
    assert operations.deliver_mail(claim=second, transport=late).state == "sent"
    assert (early.carried, late.carried) == ([], ["ben@reader.example"])
    assert (again(before).state, again(after).state) == ("withdrawn", "sent")


def test_mail_the_server_put_off_is_not_tried_again(write):
    mail = write(about=["comment:7"])
    [claimed] = claim()

    assert operations.deliver_mail(claim=claimed, transport=Midway(after=withdraw, outcome=LATER)).state == "withdrawn"
    assert again(mail).source == b""


@pytest.mark.parametrize("back", ["released", "reclaimed"])
def test_mail_that_came_back_in_line_is_not_sent_then(write, by_smtp, carry, back):
    mail = write(about=["comment:7"])
    [claimed] = claim()
    withdraw()
    if back == "released":
        operations.release_mail(claim=claimed)
    else:
        Mail.objects.filter(pk=mail.pk).update(leased_until=clock.now())
        operations.reclaim_mails(now=clock.now() + timedelta(seconds=1))

    assert carry() == ["withdrawn"]
    assert again(mail).state == "withdrawn"
    assert not by_smtp.taken


def test_withdrawn_mail_is_not_sent_again_by_decision(write, by_smtp, carry, cora):
    by_smtp.on_rcpt = lambda address: "550 5.2.1 No"
    refused = write(about=["comment:7"])
    gone = write(about=["comment:7"])
    Mail.objects.filter(pk=gone.pk).update(due_at=clock.now() + timedelta(hours=1))
    assert carry() == ["refused"]

    assert withdraw() == 1
    for mail, said in ((refused, "was withdrawn"), (gone, "Only a mail")):
        with pytest.raises(operations.NotResendable, match=said):
            operations.resend_mail(mail=again(mail), by=cora)


def test_whoever_queued_it_takes_note_once(write):
    write(about=["comment:7"])
    withdraw()

    [mail] = queries.withdrawn_mails(kind=SITE)
    assert mail.names == ["comment:7"]
    assert [operations.take_back_withdrawn(mail=mail) for _ in range(2)] == [True, False]
    assert not queries.withdrawn_mails(kind=SITE)


def test_forgotten_mailbox_is_written_to_no_more_and_is_in_no_row(write, by_smtp, carry):
    write()
    assert carry() == ["sent"]
    write()
    write("ben@reader.example")
    now = clock.now()
    operations.forget_mailbox(address="Ada@reader.example", words="Erased.", now=now)
    operations.prune_mails(now=now + timedelta(seconds=1))

    assert carry() == ["sent"]
    assert [mail.to for mail in Mail.objects.all()] == ["ben@reader.example"]


# At the same time ----------------------------------------------------------------------------------------------


def in_thread(act):
    found = []

    def run():
        try:
            found.append(act())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            found.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


@pytest.mark.django_db(transaction=True)
def test_each_mail_is_either_withdrawn_or_sent_while_a_sender_claims_them(write):
    for number in range(40):
        write(f"reader{number}@reader.example", about=[f"comment:{number}"])
    start, transport = threading.Barrier(3), Midway()

    def send():
        start.wait(20)
        states = []
        while claims := operations.claim_mails(worker="wren", now=clock.now(), limit=3):
            states += [operations.deliver_mail(claim=each, transport=transport).state for each in claims]
        return states

    def take_away(numbers):
        start.wait(20)
        return [withdraw(about=[f"comment:{number}"]) for number in numbers]

    acts = [send, lambda: take_away(range(39, -1, -2)), lambda: take_away(range(0, 40, 2))]
    running = [in_thread(act) for act in acts]
    for thread, _found in running:
        thread.join(60)
    assert all(isinstance(found[0], list) for _thread, found in running), running

    states = dict(Mail.objects.values_list("to", "state"))
    assert set(states.values()) <= {"sent", "withdrawn"}
    assert sorted(transport.carried) == sorted(to for to, state in states.items() if state == "sent")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time")
def test_sender_passes_over_what_somebody_is_withdrawing(write):
    write("ada@reader.example", about=["comment:7"])
    write("ben@reader.example")
    with transaction.atomic():
        withdraw()
        thread, found = in_thread(claim)
        thread.join(20)
        [[claimed]] = found
        assert claimed.mail.to == "ben@reader.example"
    assert connection.vendor == "postgresql"
