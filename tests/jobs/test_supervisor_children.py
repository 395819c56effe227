from __future__ import annotations

import logging
import os
import signal
import socket
import stat
import sys
import time

import pytest
from serving import is_running, until

from coranto.delivery.rules import datagrams
from coranto.jobs.supervisor import ServeError, claim, listening, loop, telling
from coranto.jobs.supervisor.answer import Address
from coranto.jobs.supervisor.child import Child, program
from coranto.jobs.supervisor.keeping import Keeper
from coranto.jobs.supervisor.processes import Bell, fork


def python(statement: str):
    """Starts a line of Python, `ready` being the descriptor it was given."""
    return lambda ready: program(
        [sys.executable, "-c", f"import os, time; ready = {ready}; {statement}"], environment={}, inherited=[ready]
    )


def child(statement: str, **more) -> Child:
    return Child("web", python(statement), **more)


def bury(kept: Child, *, stopping: bool = False) -> int:
    pid = kept.groups()[0]
    _pid, status = os.waitpid(pid, 0)
    assert kept.died(pid, status, stopping=stopping)
    return pid


@pytest.fixture
def kept():
    """Children by their line; killed and buried afterwards."""
    made = []

    def make(statement, **more):
        made.append(child(statement, **more))
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
    web._launch = python("raise SystemExit(3)")
    web.replace()
    bury(web)
    assert (web.process, web.retiring, web.start_at) == (former, [], None)
    assert former.poll() is None
    assert "the old one goes on" in caplog.text


def test_one_that_must_begin_and_gives_up_is_not_tried_again(kept, caplog):
    app = kept("raise SystemExit(2)", must_begin=True)
    app.start()
    bury(app)
    assert (app.process, app.start_at, app.failed_with) == (None, None, 2)
    assert caplog.records == []  # it has said itself why


def test_one_that_must_begin_and_was_killed_is_tried_again(kept):
    app = kept("time.sleep(60)", must_begin=True)
    app.start()
    os.kill(app.process.pid, signal.SIGKILL)
    bury(app)
    assert (app.failed_with, pause(app)) == (0, 0)


def test_one_that_has_begun_once_is_kept_alive_whatever_ends_it(kept):
    app = kept("os.write(ready, b'1Good morning'); raise SystemExit(2)", must_begin=True)
    app.start()
    app.hear_ready()
    bury(app)
    assert (app.told, app.failed_with, pause(app)) == ("Good morning", 0, 0)


def test_one_that_hands_over_is_stopped_at_once(kept):
    edge = kept("os.write(ready, b'1'); time.sleep(60)")
    edge.start()
    former = edge.process
    edge.hear_ready()
    edge.hand_over()
    assert former.wait(20) == -signal.SIGTERM
    assert edge.process.poll() is None


# Forks -------------------------------------------------------------------------------------------------------


def test_a_fork_hears_its_own_signals_and_its_parent_does_not():
    with Bell(signal.SIGTERM) as bell:
        forked = fork(lambda: time.sleep(60), bell=bell)
        os.kill(forked.pid, signal.SIGTERM)
        _pid, status = os.waitpid(forked.pid, 0)
        assert os.waitstatus_to_exitcode(status) == -signal.SIGTERM
        assert bell.wait(0) == ([], [])


@pytest.mark.parametrize(
    ("run", "code"), [(lambda: None, 0), (lambda: sys.exit(3), 3), (lambda: sys.exit("no"), 1), (lambda: 1 / 0, 1)]
)
def test_a_fork_ends_where_it_should_and_says_how(run, code, capfd):
    with Bell(signal.SIGTERM) as bell:
        _pid, status = os.waitpid(fork(run, bell=bell).pid, 0)
    assert os.waitstatus_to_exitcode(status) == code


def test_a_keeper_starts_who_is_due_and_replaces_who_died(kept):
    web = kept("os.write(ready, b'1'); time.sleep(60)")
    with Bell(signal.SIGCHLD) as bell:
        keeper = Keeper([web], bell)
        until(lambda: keeper.turn() is not None and web.is_ready)
        [first] = keeper.groups()
        os.kill(first, signal.SIGKILL)
        until(lambda: keeper.turn() is not None and keeper.groups() not in ([], [first]))
        keeper.is_stopping = True
        keeper.kill()
        until(lambda: keeper.turn() is not None and not keeper.groups())
        assert web.process is None


# Folder and sockets -------------------------------------------------------------------------------------------


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


def test_the_private_socket_is_its_owner_s_and_refuses_until_somebody_listens(tmp_path):
    path = tmp_path / "app.sock"
    listening.bind_locally(path).close()  # one that was left there
    bound = listening.bind_locally(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with socket.socket(socket.AF_UNIX) as client:
        with pytest.raises(ConnectionRefusedError):
            client.connect(str(path))
        bound.listen()
        client.connect(str(path))
    bound.close()


def test_the_private_socket_may_lie_in_a_folder_with_a_long_name(tmp_path):
    folder = tmp_path / ("a" * 100) / ("b" * 100)
    folder.mkdir(parents=True)
    with listening.bind_locally(folder / "app.sock"):
        assert (folder / "app.sock").is_socket()


def test_the_service_manager_is_told(tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        telling.tell_service_manager("READY=1")
        assert manager.recv(100) == b"READY=1"


def test_the_edge_is_told_to_forget_and_finds_a_flag_when_it_was_not_there(tmp_path):
    telling.forget_everything(tmp_path)
    assert (tmp_path / datagrams.OVERFLOW_NAME).exists()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as edge:
        edge.bind(str(tmp_path / datagrams.SOCKET_NAME))
        telling.forget_everything(tmp_path)
        assert datagrams.read(edge.recv(100)).kind is datagrams.Kind.EVERYTHING


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
