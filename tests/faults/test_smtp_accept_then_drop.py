"""Fault `smtp-accept-then-drop`: a server takes a mail and the line ends before it has said so.

Nobody can tell whether it will arrive: the row says so, nothing is sent again by itself, and an administrator decides.
"""

from __future__ import annotations

import socket
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "mailroom"))

from post_office import by_smtp, carry, post_office, write

from coranto.kit import clock
from coranto.mailroom import operations, queries
from coranto.mailroom.models import Mail
from coranto.mailroom.rules.servers import read_server
from coranto.mailroom.transports import smtp
from coranto.masthead.models import Account

FIXTURES = (by_smtp, carry, post_office, write)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cora(client):
    account = Account.objects.create_superuser("cora@lantern.example", "a long enough secret")
    client.force_login(account)
    return account


def test_the_mail_is_unknown_and_stays_so(by_smtp, write, carry):
    by_smtp.drops_after = lambda address: address.startswith("ada")
    write()
    write("kim@reader.example")

    assert carry() == ["unknown", "sent"]
    by_smtp.drops_after = lambda address: False
    for hours in (1, 24, 72):
        operations.reclaim_mails(now=clock.now() + timedelta(hours=hours))
        operations.expire_mails(now=clock.now() + timedelta(hours=hours))
        assert carry(later=timedelta(hours=hours)) == []
    assert sorted(each.to[0] for each in by_smtp.taken) == ["ada@reader.example", "kim@reader.example"]
    assert Mail.objects.get(to="ada@reader.example").state == "unknown"


def test_an_administrator_sees_it_and_decides(by_smtp, write, carry, client, cora):
    by_smtp.drops_after = lambda address: True
    mail = write()
    carry()
    by_smtp.drops_after = lambda address: False

    assert queries.mail_figures(now=clock.now()).by_state == {"unknown": 1}
    page = client.get(f"/admin/mails/inspect/{mail.pk}/").content.decode()
    assert "Send it again" in page
    client.post(f"/admin/mails/{mail.pk}/resend/")

    assert carry() == ["sent"]
    first, second = (each.message["Message-ID"] for each in by_smtp.taken)
    assert first == second


class Line:
    """A server of a few lines that ends the connection where it is told to."""

    def __init__(self, until):
        self.until, self.is_over = until, threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 line\r\n")
                for line in lines:
                    if line.upper().startswith(self.until):
                        break
                    if line.upper().startswith(b"DATA"):
                        connection.sendall(b"354 Go\r\n")
                        while next(lines) not in {b".\r\n", b""}:
                            if self.until == b"HALF":
                                break
                        if self.until in {b"END", b"HALF"}:
                            break
                        if self.until == b"SILENCE":
                            self.is_over.wait(60)
                            break
                    connection.sendall(b"250 OK\r\n")

    def close(self):
        self.is_over.set()
        # What waits in accept() is not woken by closing the socket.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(20)


@pytest.fixture
def line(settings):
    lines = []

    def make(until):
        lines.append(Line(until))
        settings.MAIL_SERVER = read_server(f"smtp://127.0.0.1:{lines[-1].port}")
        return lines[-1]

    yield make
    for each in lines:
        each.close()


def test_a_line_that_ends_before_the_message_makes_it_wait(line, write, carry):
    line(b"RCPT")
    mail = write()

    assert carry() == ["queued"]
    mail.refresh_from_db()
    assert (mail.state, mail.handed_at) == ("queued", None)
    assert mail.due_at > clock.now()


@pytest.mark.parametrize("until", [b"DATA", b"HALF", b"END"])
def test_a_line_that_ends_after_the_mark_makes_it_unknown(line, write, carry, until):
    line(until)
    write()

    assert carry() == ["unknown"]


def test_a_server_that_never_answers_makes_it_unknown(line, write, carry, monkeypatch):
    monkeypatch.setattr(smtp, "ANSWERING", 0.3)
    silent = line(b"SILENCE")
    mail = write()

    assert carry() == ["unknown"]
    mail.refresh_from_db()
    assert mail.reply == "The server did not answer in time."
    silent.is_over.set()
