"""The sender's threads: mail goes out beside the worker's other work, and stops when told to."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections

from coranto.kit import clock
from coranto.mailroom import operations, worker
from coranto.mailroom.models import Mail
from coranto.mailroom.rules.servers import read_server
from coranto.mailroom.transports.opening import open_transport
from coranto.mailroom.worker import Sender, Shut

pytestmark = pytest.mark.django_db(transaction=True)


def until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def states():
    return Counter(Mail.objects.values_list("state", flat=True))


@pytest.fixture
def sender():
    made = []

    def start(carriers=3, **more):
        made.append(Sender(carriers=carriers, **more))
        made[-1].start()
        return made[-1]

    yield start
    for each in made:
        each.stop()
        assert not [thread for thread in each._threads if thread.is_alive()]
    connections.close_all()


@pytest.fixture(autouse=True)
def _look_often(monkeypatch):
    monkeypatch.setattr(worker, "IDLE", 0.02)


def test_all_that_is_due_goes_out_once_over_several_connections(by_smtp, write, sender):
    for number in range(60):
        write(f"reader{number}@reader{number % 3}.example")
    sender()

    until(lambda: states() == {"sent": 60})
    assert len({each.to[0] for each in by_smtp.taken}) == len(by_smtp.taken) == 60


def test_what_is_queued_later_goes_out_too(by_smtp, write, sender):
    sender()
    write()

    until(lambda: states() == {"sent": 1})


def test_mail_waits_while_the_server_is_away_and_goes_out_when_it_is_back(
    by_smtp, write, sender, monkeypatch, settings
):
    monkeypatch.setattr(worker, "_FIRST_PAUSE", 0.05)
    monkeypatch.setattr(worker, "_LONGEST_PAUSE", 0.1)
    by_smtp.close()
    for number in range(5):
        write(f"reader{number}@reader.example")
    sender(carriers=2)
    until(lambda: Mail.objects.exclude(reply="").exists())
    by_smtp.open()

    until(lambda: states() == {"sent": 5})
    assert set(Mail.objects.values_list("attempts", flat=True)) == {1}


def test_stopping_finishes_what_is_under_way_and_puts_the_rest_back(by_smtp, write, sender):
    begun, go_on = threading.Event(), threading.Event()

    def wait(address):
        begun.set()
        go_on.wait(30)

    by_smtp.on_data = wait
    for number in range(8):
        write(f"reader{number}@reader.example")
    one = sender(carriers=1)
    assert begun.wait(30)
    one.is_over.set()
    go_on.set()
    one.stop()

    assert states() == {"sent": 1, "queued": 7}
    assert set(Mail.objects.filter(state="queued").values_list("attempts", flat=True)) == {0}


def test_a_paced_domain_does_not_hold_up_the_others(by_smtp, write, sender, settings):
    settings.MAIL_PER_MINUTE = 6
    for number in range(15):
        write(f"reader{number}@slow.example")
    for number in range(5):
        write(f"reader{number}@reader{number}.example")
    sender(carriers=2)

    until(lambda: len(by_smtp.taken) == 6)
    assert Counter(each.to[0].partition("@")[2] for each in by_smtp.taken)["slow.example"] == 1
    assert states()["sent"] in {5, 6}


def test_a_transport_that_cannot_be_opened_loses_nothing(write, sender, settings):
    settings.MAIL_SERVER = read_server("anymail+nobody://?x=y")
    mail = write()
    sender(carriers=1)

    until(lambda: Mail.objects.exclude(reply="").exists())
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("queued", 0)
    assert "nobody" in mail.reply


def test_what_a_dead_worker_held_is_taken_back(by_outbox, write, sender):
    write()
    operations.claim_mails(worker="dead", now=clock.now(), limit=10)
    Mail.objects.update(leased_until=clock.now() - timedelta(seconds=1))
    sender(carriers=1)

    until(lambda: states() == {"sent": 1})


def test_the_worker_process_begins_and_ends_the_sender(by_outbox, write):
    from coranto.jobs.events import WorkerProcessBegan, WorkerProcessEnds
    from coranto.kit import events

    write()
    events.publish(WorkerProcessBegan())
    try:
        until(lambda: states() == {"sent": 1})
    finally:
        events.publish(WorkerProcessEnds())

    assert not [each for each in threading.enumerate() if each.name.startswith("mail-")]


def test_the_outbox_holds_each_mail_as_a_file_of_the_owner(by_outbox, write, sender):
    mail = write()
    sender(carriers=1)
    until(lambda: states() == {"sent": 1})

    [file] = by_outbox.iterdir()
    assert file.read_bytes() == mail.source
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_outbox_that_cannot_be_written_keeps_mail_waiting(by_outbox, write):
    from coranto.mailroom.transports import Unavailable

    by_outbox.write_text("a file where the folder should be")
    mail = write()
    [claim] = operations.claim_mails(worker="wren", now=clock.now(), limit=10)
    with pytest.raises(Unavailable):
        operations.deliver_mail(claim=claim, transport=open_transport())

    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("queued", 0)


def test_pauses_grow_and_end_with_the_first_success():
    shut = Shut()
    shut.went_away("no")
    shut.went_away("no")  # by another thread, of the same trouble
    assert shut._pause == worker._FIRST_PAUSE * 2
    shut.came_back()
    assert (shut.is_away(), shut._pause) == (False, worker._FIRST_PAUSE)
