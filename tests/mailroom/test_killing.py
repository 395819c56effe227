"""`kill -9` of the sender, again and again: nobody is missed, and nobody is written to twice.

What cannot be known is said to be unknown: such a mail may have arrived or not, and is not sent again by itself.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "jobs"))

from serving import sites, until

if TYPE_CHECKING:
    from post_office import PostOffice

FIXTURES = (sites,)

pytestmark = pytest.mark.slow
LEASE = 1.0


class Mailing:
    """The program `mail_site.py` over the folder and database of a site."""

    def __init__(self, site, port):
        environment = {
            **site.environment,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "CORANTO_MAIL_BOUNCES": "bounces@news.example",
            "CORANTO_MAIL_PER_MINUTE": "0",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("mail_site.py")), str(LEASE)],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, command):
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@pytest.fixture
def mailing(sites, post_office, request):
    if sites.server:
        site = sites.ready()
    else:
        site = sites.new()
        site.data.mkdir()
        for alias, name in (("default", "coranto.sqlite3"), ("side", "side.sqlite3")):
            shutil.copyfile(sites.kept[alias], site.data / name)
        from coranto.config import folder

        folder.prepare(site.data)
    running = Mailing(site, post_office.port)
    yield running
    running.close()


def kill_and_kill(mailing: Mailing, office: PostOffice, *, mails: int, kills: int, seed: int) -> Counter:
    """Kill the sender at random moments until all kills are done, then let one finish; what stands where."""
    chance = random.Random(seed)
    mailing.ask(f"queue {mails}")
    # Spread over the whole run: by what the server has taken, and then within the few milliseconds of one mail.
    marks = sorted(chance.randrange(mails * 9 // 10) for _ in range(kills))
    for mark in marks:
        sender = mailing.ask("sender")
        began = time.monotonic()
        until(lambda mark=mark, began=began: len(office.taken) >= mark or time.monotonic() - began > 30)
        time.sleep(chance.random() * 0.05)
        os.kill(sender, signal.SIGKILL)
    mailing.ask("sender")
    until(lambda: not {"queued", "sending"} & {state for state, _ in mailing.ask("states").values()})
    return mailing.ask("states")


def judge(states: dict, office: PostOffice, mails: int) -> None:
    taken = Counter(each.to[0] for each in office.taken)
    by_state = Counter(state for state, _ in states.values())

    assert len(states) == mails
    assert set(by_state) <= {"sent", "unknown"}
    # Nobody missed: what is said to be sent was taken. Nobody twice: not even those of whom nothing is known.
    assert {to for to, (state, _) in states.items() if state == "sent"} <= set(taken)
    assert not {to: number for to, number in taken.items() if number > 1}
    assert set(taken) <= set(states)
    # A kill leaves as many in doubt as there were connections, and no more.
    assert len({each.message["Message-ID"] for each in office.taken}) == len(office.taken)


def test_five_kills_among_two_hundred_mails(mailing, post_office):
    states = kill_and_kill(mailing, post_office, mails=200, kills=5, seed=random.randrange(10_000))

    judge(states, post_office, 200)
    assert sum(state == "unknown" for state, _ in states.values()) <= 5 * 4


@pytest.mark.long
def test_fifty_kills_among_two_thousand_mails(mailing, post_office):
    states = kill_and_kill(mailing, post_office, mails=2_000, kills=50, seed=random.randrange(10_000))

    judge(states, post_office, 2_000)
    unknown = sum(state == "unknown" for state, _ in states.values())
    print(f"{unknown} of 2,000 are unknown after 50 kills")  # noqa: T201 - what the run was for
    assert unknown <= 50 * 4
