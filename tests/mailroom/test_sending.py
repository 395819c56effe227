"""A mail's way from the row to the server, and what is written down of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coranto.kit import clock
from coranto.mailroom import operations
from coranto.mailroom.kinds import BULK
from coranto.mailroom.models import Mail, Suppression, TrailEntry
from coranto.mailroom.transports import Outcome, Unavailable, Verdict
from coranto.mailroom.transports.opening import open_transport

pytestmark = pytest.mark.django_db


def again(mail):
    mail.refresh_from_db()
    return mail


def trail(mail):
    return [(each.what, each.words) for each in mail.trail.order_by("pk")]


class Scripted:
    """A transport that answers as told; `hands` says whether it comes to the mark."""

    name, is_paced = "scripted", False

    def __init__(self, *outcomes, hands=True):
        self.outcomes, self.hands, self.carried = list(outcomes), hands, []

    def carry(self, parcel, *, hand):
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Unavailable):
            raise outcome
        if self.hands and not hand():
            return None
        self.carried.append(parcel)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def close(self):
        pass


def claim(now=None, **more):
    return operations.claim_mails(worker="wren", now=now or clock.now(), limit=10, **more)


def test_a_mail_is_sent_and_the_servers_reply_is_kept(by_smtp, write, carry):
    mail = write()

    assert carry() == ["sent"]
    assert (again(mail).state, mail.reply, mail.transport) == ("sent", "250 Taken as 1", "smtp 127.0.0.1")
    [taken] = by_smtp.taken
    assert taken.to == ["ada@reader.example"]
    assert taken.message["Message-ID"] == mail.message_id
    assert trail(mail) == []
    assert carry() == []


def test_one_connection_carries_many(by_smtp, write, carry):
    for number in range(20):
        write(f"reader{number}@reader.example")

    assert carry() == ["sent"] * 20
    assert by_smtp.connections == 1
    assert len({each.message["Message-ID"] for each in by_smtp.taken}) == 20


def test_what_goes_to_one_goes_before_what_goes_to_many(by_smtp, write, carry, kind_of):
    letter = kind_of("letters.edition", stream=BULK)
    write("kim@reader.example", kind=letter)
    write("lou@reader.example", kind=letter)
    write()
    carry()

    assert [each.to[0].partition("@")[0] for each in by_smtp.taken] == ["ada", "kim", "lou"]


def test_a_refused_mail_is_not_tried_again(by_smtp, write, carry):
    by_smtp.on_rcpt = lambda address: "554 5.7.1 We take nothing from you"
    mail = write()

    assert carry() == ["refused"]
    assert again(mail).reply == "554 5.7.1 We take nothing from you"
    assert carry(later=timedelta(days=2)) == []
    assert trail(mail) == [("refused", "554 5.7.1 We take nothing from you")]
    assert not Suppression.objects.exists()


def test_an_address_nobody_is_at_is_not_written_to_again(by_smtp, write, carry):
    by_smtp.on_rcpt = lambda address: "550 5.1.1 No such user here"
    write()
    carry()
    by_smtp.on_rcpt = lambda address: None
    mail = write("Ada@Reader.example")

    assert carry() == ["suppressed"]
    assert again(mail).state == "suppressed"
    assert by_smtp.taken == []


@pytest.mark.parametrize("where", ["on_rcpt", "on_data"])
def test_a_mail_that_is_put_off_is_tried_again_later_and_later(by_smtp, write, carry, where):
    setattr(by_smtp, where, lambda address: "451 4.2.2 Not now")
    mail = write()
    waits = []
    for attempt in range(1, 5):
        assert carry(later=timedelta(days=1)) == ["queued"]
        waits.append((again(mail).due_at - clock.now()).total_seconds())
        assert (mail.attempts, mail.reply, mail.handed_at) == (attempt, "451 4.2.2 Not now", None)

    assert carry() == []
    assert [round(wait / 75 / 3**number, 0) for number, wait in enumerate(waits)] == [1, 1, 1, 1]
    setattr(by_smtp, where, lambda address: None)
    assert carry(later=timedelta(days=1)) == ["sent"]
    assert [what for what, _ in trail(mail)] == ["deferred"] * 4 + ["sent"]
    assert len(by_smtp.taken) == 1


def test_a_mail_nobody_took_in_time_expires(by_smtp, write, carry, kind_of):
    by_smtp.on_rcpt = lambda address: "451 4.2.2 Not now"
    mail = write(kind=kind_of("readers.code", expires_after=timedelta(seconds=30), is_secret=True))

    assert carry() == ["expired"]
    assert (again(mail).state, mail.source) == ("expired", b"")


def test_what_waited_too_long_is_not_sent_any_more(by_smtp, write, carry):
    mail = write()
    Mail.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    assert carry() == ["expired"]
    assert by_smtp.taken == []
    assert again(mail).state == "expired"


def test_the_words_of_a_secret_mail_go_once_it_is_sent(by_smtp, write, carry, kind_of):
    mail = write(kind=kind_of("readers.code", is_secret=True))
    assert b"trial" in mail.source

    carry()

    assert again(mail).source == b""
    assert b"trial" in by_smtp.taken[0].source


@pytest.mark.parametrize(
    ("scope", "reason", "stream", "state"),
    [
        ("all", "bounce", "personal", "suppressed"),
        ("all", "bounce", "bulk", "suppressed"),
        ("bulk", "complaint", "personal", "sent"),
        ("bulk", "complaint", "bulk", "suppressed"),
        ("bulk", "unsubscribe", "bulk", "suppressed"),
    ],
)
def test_who_is_suppressed_is_asked_at_the_last_moment(by_smtp, write, carry, kind_of, scope, reason, stream, state):
    write(kind=kind_of("some", stream=stream))
    operations.suppress_address(address="ADA@reader.example", reason=reason, scope=scope)

    assert carry() == [state]
    assert len(by_smtp.taken) == (state == "sent")


def test_who_is_suppressed_while_a_connection_is_made_is_not_written_to(write):
    mail = write("Ada@reader.example")
    [claimed] = claim()

    class Slow(Scripted):
        is_paced = True

        def carry(self, parcel, *, hand):
            operations.suppress_address(address="ada@reader.example", reason="decision")
            return super().carry(parcel, hand=hand)

    transport = Slow(Outcome(verdict=Verdict.SENT))

    assert operations.deliver_mail(claim=claimed, transport=transport).state == "suppressed"
    assert transport.carried == []
    assert (again(mail).state, mail.handed_at) == ("suppressed", None)


def test_what_must_be_said_reaches_those_who_unsubscribed_and_nobody_whose_mail_comes_back(
    by_smtp, write, carry, kind_of
):
    must = kind_of("terms", stream=BULK, ignores_unsubscribe=True)
    write(kind=must)
    write("kim@reader.example", kind=must)
    operations.suppress_address(address="ada@reader.example", reason="unsubscribe", scope="bulk")
    operations.suppress_address(address="kim@reader.example", reason="bounce")

    assert carry() == ["sent", "suppressed"]


def test_a_server_that_takes_nothing_costs_no_mail_an_attempt(by_smtp, write, carry):
    by_smtp.on_mail = lambda address: "530 5.7.0 Authentication required"
    mail = write()

    with pytest.raises(Unavailable, match="530"):
        carry()

    assert (again(mail).state, mail.attempts) == ("queued", 0)
    assert mail.reply == "530 5.7.0 Authentication required"
    by_smtp.on_mail = lambda address: None
    assert carry() == ["sent"]


def test_a_server_that_is_not_there_costs_no_mail_an_attempt(by_smtp, write, settings):
    mail = write()
    by_smtp.close()
    transport = open_transport()
    [claimed] = claim()

    with pytest.raises(Unavailable):
        operations.deliver_mail(claim=claimed, transport=transport)

    assert (again(mail).state, mail.attempts) == ("queued", 0)
    by_smtp.open()


def test_a_server_that_closes_after_some_mails_is_asked_anew(by_smtp, write, carry):
    for number in range(3):
        write(f"reader{number}@reader.example")
    assert carry(limit=1) == ["sent"]
    by_smtp.on_mail = lambda address: (by_smtp.connections == 1 and "421 4.3.2 Enough for one connection") or None

    assert carry() == ["sent", "sent"]
    assert by_smtp.connections == 2


def test_a_domain_gets_no_more_than_its_share(by_smtp, write, carry, settings):
    settings.MAIL_PER_MINUTE = 12
    for number in range(4):
        write(f"reader{number}@reader.example")
    write("kim@elsewhere.example")

    assert carry() == ["sent", "sent", "queued", "queued", "sent"]
    assert [mail.attempts for mail in Mail.objects.filter(state="queued")] == [0, 0]


def test_domains_that_had_enough_are_passed_over(write):
    write()
    kim = write("kim@elsewhere.example")

    assert [each.mail for each in claim(apart_from=["reader.example"])] == [kim]


def test_what_is_not_due_is_not_claimed(write):
    write(not_before=clock.now() + timedelta(hours=1))

    assert claim() == []
    assert len(claim(now=clock.now() + timedelta(hours=2))) == 1


def test_what_was_written_before_the_clock_was_set_back_is_sent(by_smtp, write, carry, time_machine):
    now = clock.now()
    time_machine.move_to(now + timedelta(days=30), tick=False)
    mail = write()
    later = write("kim@reader.example", not_before=clock.now() + timedelta(hours=1))
    time_machine.move_to(now, tick=False)
    assert carry() == []

    operations.reclaim_mails(now=clock.now())

    assert carry() == ["sent"]
    assert (again(mail).state, again(later).state) == ("sent", "queued")


# Killed at any instruction -------------------------------------------------------------------------------------


def test_a_mail_lost_before_it_was_handed_over_is_sent_again(by_smtp, write, carry):
    mail = write()
    claim()
    assert carry() == []
    assert operations.reclaim_mails(now=clock.now() + timedelta(minutes=3)) == 1

    assert carry() == ["sent"]
    assert [what for what, _ in trail(mail)] == ["taken-back", "sent"]


def test_a_mail_lost_after_it_was_handed_over_is_unknown_and_never_sent_by_itself(write, carry, by_smtp):
    mail = write()
    [claimed] = claim()
    assert operations.sending._hand(claimed)  # and the process is killed

    assert operations.reclaim_mails(now=clock.now() + timedelta(minutes=20)) == 1
    assert again(mail).state == "unknown"
    assert carry(later=timedelta(days=1)) == []
    assert operations.reclaim_mails(now=clock.now() + timedelta(days=1)) == 0


def test_a_mail_whose_lease_ran_out_is_not_handed_over(write):
    mail = write()
    [claimed] = claim()
    Mail.objects.update(leased_until=clock.now() - timedelta(seconds=1))
    transport = Scripted(Outcome(verdict=Verdict.SENT))

    operations.deliver_mail(claim=claimed, transport=transport)

    assert transport.carried == []
    assert again(mail).state == "sending"


def test_a_sender_that_wakes_up_late_tells_the_truth_about_an_unknown_mail(write):
    mail = write()
    [claimed] = claim()

    class Slow(Scripted):
        def carry(self, parcel, *, hand):
            hand()
            operations.reclaim_mails(now=clock.now() + timedelta(minutes=20))
            assert again(mail).state == "unknown"
            return Outcome(verdict=Verdict.SENT, reply="250 At last")

    operations.deliver_mail(claim=claimed, transport=Slow())

    assert (again(mail).state, mail.reply) == ("sent", "250 At last")


def test_a_sender_that_wakes_up_late_does_not_undo_a_decision(write, cora):
    mail = write()
    [claimed] = claim()

    class Slow(Scripted):
        def carry(self, parcel, *, hand):
            hand()
            operations.reclaim_mails(now=clock.now() + timedelta(minutes=20))
            operations.resend_mail(mail=again(mail), by=cora)
            return Outcome(verdict=Verdict.SENT, reply="250 At last")

    operations.deliver_mail(claim=claimed, transport=Slow())

    assert again(mail).state == "queued"


def test_a_mail_that_may_kill_its_senders_waits_longer_each_time_and_holds_up_nobody(write):
    mail = write()
    waits = []
    for attempts in (1, 10, 11, 12, 13):
        Mail.objects.update(attempts=attempts - 1, due_at=clock.now())
        claim()
        then = clock.now() + timedelta(minutes=3)
        operations.reclaim_mails(now=then)
        waits.append(max(again(mail).due_at - then, timedelta(0)) // timedelta(minutes=1))

    assert waits == [0, 0, 1, 3, 9]
    assert mail.state == "queued"


def test_a_fault_of_ours_puts_a_mail_off_and_after_the_mark_makes_it_unknown(write):
    before, after = write("kim@reader.example"), write("lou@reader.example")
    first, second = claim()

    assert operations.deliver_mail(claim=first, transport=Scripted(ValueError("!"), hands=False)).state == "queued"
    assert operations.deliver_mail(claim=second, transport=Scripted(ValueError("!"))).state == "unknown"
    assert again(before).reply == "ValueError: !"
    assert again(after).state == "unknown"


def test_several_workers_never_get_the_same_mail(write):
    for number in range(10):
        write(f"reader{number}@reader.example")
    first = operations.claim_mails(worker="wren", now=clock.now(), limit=6)
    second = operations.claim_mails(worker="robin", now=clock.now(), limit=6)

    assert [len(first), len(second)] == [6, 4]
    assert not {each.mail.pk for each in first} & {each.mail.pk for each in second}


def test_looking_for_mail_is_one_query_and_sending_one_takes_few(by_smtp, write, django_assert_num_queries, carry):
    with django_assert_num_queries(1):
        claim()
    write()
    write("kim@reader.example")
    carry(limit=1)
    transport = open_transport()
    [claimed] = claim()
    # suppressed? the mark, the outcome; the pace is a statement of the other database, on SQLite
    from django.db import connection

    with django_assert_num_queries(3 if connection.vendor == "sqlite" else 4):
        operations.deliver_mail(claim=claimed, transport=transport)
    transport.close()


# By decision ---------------------------------------------------------------------------------------------------


def test_an_administrator_alone_has_an_unknown_mail_sent_again(by_smtp, write, carry, cora):
    by_smtp.drops_after = lambda address: True
    mail = write()
    assert carry() == ["unknown"]
    by_smtp.drops_after = lambda address: False

    operations.resend_mail(mail=again(mail), by=cora)
    assert carry() == ["sent"]

    first, second = by_smtp.taken
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert [(each.what, each.by) for each in mail.trail.order_by("pk")] == [
        ("unknown", None),
        ("resent", cora),
        ("sent", None),
    ]


@pytest.mark.parametrize("state", ["queued", "sending", "sent"])
def test_what_is_on_its_way_or_there_is_not_sent_again(write, cora, state):
    mail = write()
    Mail.objects.update(state=state)

    with pytest.raises(operations.NotResendable):
        operations.resend_mail(mail=again(mail), by=cora)


def test_two_decisions_at_once_are_one(write, cora):
    mail = write()
    Mail.objects.update(state="unknown")
    seen_by_both = [Mail.objects.get(pk=mail.pk) for _ in range(2)]
    operations.resend_mail(mail=seen_by_both[0], by=cora)

    with pytest.raises(operations.NotResendable):
        operations.resend_mail(mail=seen_by_both[1], by=cora)
    assert TrailEntry.objects.count() == 1
