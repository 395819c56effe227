from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import time

import pytest
from serving import is_running, until

from coranto.jobs.supervisor import ServeError, claim, listening, loop
from coranto.jobs.supervisor.answer import Address
from coranto.jobs.supervisor.child import Child
from coranto.jobs.supervisor.processes import Bell


def child(statement: str) -> Child:
    """A child that runs a line of Python, `ready` being the descriptor it was given."""
    return Child(
        "web", lambda ready: ([sys.executable, "-c", f"import os, time; ready = {ready}; {statement}"], []), {}
    )


def bury(kept: Child, *, stopping: bool = False) -> int:
    pid = kept.groups()[0]
    _pid, status = os.waitpid(pid, 0)
    assert kept.died(pid, status, stopping=stopping)
    return pid


@pytest.fixture
def kept():
    """Children by their line; killed and buried afterwards."""
    made = []

    def make(statement):
        made.append(child(statement))
        return made[-1]

    yield make
    for each in made:
        each.kill()
        for process in [each.process, *each.retiring]:
            if process:
                process.wait()
        each._stop_listening_for_ready()


def pause(kept: Child) -> float:
    """How long until the next start."""
    assert kept.start_at is not None
    return max(0.0, kept.start_at - time.monotonic())


def test_the_first_death_is_made_up_for_at_once(kept):
    web = kept("pass")
    web.start()
    bury(web)
    assert pause(web) == 0


def test_deaths_in_a_row_are_answered_more_and_more_slowly_and_said_once_it_is_a_loop(kept, caplog):
    web = kept("pass")
    pauses = []
    for _ in range(6):
        web.start()
        bury(web)
        pauses.append(pause(web))
    assert pauses == sorted(pauses[:5]) + pauses[5:]
    assert [round(seconds, 1) for seconds in pauses] == [0.0, 0.4, 0.8, 1.6, 15.0, 15.0]
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 4 + ["ERROR"] * 2
    assert "has ended 5 times within 30 seconds" in caplog.records[4].getMessage()


def test_a_death_while_all_stops_starts_nothing(kept):
    web = kept("pass")
    web.start()
    bury(web, stopping=True)
    assert (web.process, web.start_at) == (None, None)


def test_what_a_dead_process_left_in_its_group_is_killed(kept, tmp_path):
    note = tmp_path / "orphan"
    web = kept(f"pid = os.fork(); open({str(note)!r}, 'w').write(str(pid)) if pid else time.sleep(60)")
    web.start()
    bury(web)
    orphan = int(note.read_text())
    until(lambda: not is_running(orphan))


def test_a_successor_takes_over_only_when_it_is_ready(kept):
    web = kept("os.write(ready, b'1'); time.sleep(60)")
    web.start()
    former = web.process
    web.hear_ready()
    web.replace()
    assert former in web.retiring
    assert former.poll() is None
    web.hear_ready()
    assert former.wait(20) == -signal.SIGTERM
    assert web.is_ready


def test_a_successor_that_does_not_come_up_leaves_the_old_one_in_place(kept, caplog):
    caplog.set_level(logging.INFO)
    web = kept("os.write(ready, b'1'); time.sleep(60)")
    web.start()
    former = web.process
    web.hear_ready()
    web._command = lambda _ready: ([sys.executable, "-c", "raise SystemExit(3)"], [])
    web.replace()
    bury(web)
    assert (web.process, web.retiring, web.start_at) == (former, [], None)
    assert former.poll() is None
    assert "the old one goes on" in caplog.text


def test_a_folder_is_claimed_once_and_free_afterwards(tmp_path):
    first = claim.FolderClaim(tmp_path)
    first.write(port=8000, groups=[7])
    with pytest.raises(ServeError, match=f"process {os.getpid()}"):
        claim.FolderClaim(tmp_path)
    first.release()
    claim.FolderClaim(tmp_path).release()


def test_a_broken_note_is_no_hindrance(tmp_path):
    (tmp_path / "serve.json").write_text('{"pid": 1')
    mine = claim.FolderClaim(tmp_path)
    assert mine.earlier() == {}
    mine.release()


def test_the_holder_of_a_port_is_found():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(listening.PortTakenError) as refused:
            listening.listen("127.0.0.1", port)
        assert [holder.pid for holder in refused.value.holders] == [os.getpid()]
    listening.listen("127.0.0.1", port).close()


def test_a_left_over_process_is_told_from_a_stranger():
    holder = listening.Holder(pid=41, group=40, command="python -m coranto _web")
    taken = listening.PortTakenError(8000, [holder])
    assert loop._port_taken(taken, [holder]) == (
        "Port 8000 is held by a process left over from an earlier run of this site "
        "(process 41: python -m coranto _web). Stop it with: kill -9 -- -40"
    )
    assert "choose another port with --port" in loop._port_taken(taken, [])
    unseen = listening.PortTakenError(8000, [])
    assert loop._port_taken(unseen, []).startswith("Port 8000 is taken by another program.")


@pytest.mark.parametrize(
    ("host", "port", "is_https", "url"),
    [
        ("127.0.0.1", 8000, False, "http://localhost:8000/"),
        ("0.0.0.0", 80, False, "http://localhost/"),
        ("::", 8000, False, "http://localhost:8000/"),
        ("192.0.2.7", 443, True, "https://192.0.2.7/"),
        ("2001:db8::7", 8000, False, "http://[2001:db8::7]:8000/"),
    ],
)
def test_the_address_that_is_told_can_be_typed(host, port, is_https, url):
    assert Address(host=host, port=port, is_https=is_https).url == url


def test_the_bell_hears_signals_and_descriptors():
    reading, writing = os.pipe()
    try:
        with Bell(signal.SIGUSR1) as bell:
            assert bell.wait(0, [reading]) == ([], [])
            os.kill(os.getpid(), signal.SIGUSR1)
            os.write(writing, b"1")
            assert bell.wait(20, [reading]) == ([signal.SIGUSR1], [reading])
        assert signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL
    finally:
        os.close(reading)
        os.close(writing)
