"""Fault `code-bruteforce-across-workers`: three wrong tries kill a code, whichever process hears them, however many
come at once and from wherever; nobody's mailbox is filled by it.

Through `coranto serve` with four processes. The guesser has many addresses and begins as often as they like.
"""

from __future__ import annotations

import contextlib
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "jobs"))

from serving import sites

assert sites  # a fixture

pytestmark = pytest.mark.slow

WORKERS, HANDS = 4, 16
CONFIRM = "/account/login/code/confirm/"
CAST = """
from coranto.masthead.models import Account
for name in ("ada", "ben"):
    Account.objects.create_user(f"{name}@reader.example")
"""
READ = """
import re
from coranto.mailroom.models import Mail
from coranto.jobs.models import Limit
for mail in Mail.objects.filter(to__startswith="{name}@").order_by("pk"):
    found = re.search(r"[B-Z]{{4}}-[B-Z]{{4}}", mail.source.decode())
    print("mail", found[0] if found else "-")
for limit in Limit.objects.filter(key__startswith="code:"):
    print("tried", limit.count)
"""
_addresses = count(1)


def from_elsewhere():
    """As one of a great many addresses, told by a proxy of ours."""
    number = next(_addresses)
    return {"X-Forwarded-For": f"198.18.{number // 250}.{number % 250 + 1}"}


@pytest.fixture(scope="module")
def site(sites):
    # Nothing is sent, so that the codes can be read: a secret mail loses its words once it is out.
    made = sites.ready(CORANTO_TRUSTED_PROXIES="127.0.0.1", EMAIL_URL="smtp://127.0.0.1:9")
    planted = made.run("manage", "shell", "-c", CAST)
    assert planted.returncode == 0, planted.stderr
    made.start("--workers", str(WORKERS))
    yield made
    made.kill_everything()


@pytest.fixture
def browser(site):
    """A function: somebody's browser."""
    with contextlib.ExitStack() as stack:
        limits = httpx.Limits(max_connections=HANDS)
        yield lambda: stack.enter_context(
            httpx.Client(base_url=f"http://localhost:{site.port}", timeout=120, trust_env=False, limits=limits)
        )


def post(client, path, **data):
    if "coranto_csrf" not in client.cookies:
        client.get("/account/login/", headers=from_elsewhere())
    data["csrfmiddlewaretoken"] = client.cookies["coranto_csrf"]
    return client.post(path, data=data, headers=from_elsewhere())


def written(site, name):
    """The codes mailed to somebody, and how often each code was tried."""
    said = site.run("manage", "shell", "--no-imports", "-c", READ.format(name=name))
    assert said.returncode == 0, said.stderr
    words = [line.split() for line in said.stdout.splitlines()]
    return [rest for kind, rest in words if kind == "mail"], [int(rest) for kind, rest in words if kind == "tried"]


def test_three_of_a_hundred_guesses_at_once_are_looked_at_and_then_not_even_the_code_works(site, browser):
    client = browser()
    _, tried_before = written(site, "ada")
    assert post(client, "/account/login/", username="ada@reader.example").headers["location"] == CONFIRM
    codes, _ = written(site, "ada")
    token, cookies = client.cookies["coranto_csrf"], dict(client.cookies)
    guesses = [f"{'BCDFGHJK'[n % 8]}{'LMNPQRST'[n // 8 % 8]}BB-BB{'BC'[n // 64]}B" for n in range(100)]
    assert codes[0] not in guesses

    def guess(code):
        sent = {"code": code, "csrfmiddlewaretoken": token}
        headers = {**from_elsewhere(), "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        return httpx.post(f"{client.base_url}{CONFIRM}", data=sent, headers=headers, timeout=120, trust_env=False)

    with ThreadPoolExecutor(HANDS) as hands:
        answers = list(hands.map(guess, guesses))
    assert {answer.status_code for answer in answers} <= {200, 302}
    assert {answer.headers.get("location", CONFIRM) for answer in answers} <= {CONFIRM, "/account/login/code/"}
    answer = guess(codes[0])
    assert answer.headers.get("location") != "/account/"
    assert "coranto_session" not in answer.cookies or answer.status_code == 200
    _, tries = written(site, "ada")
    assert sorted(tries) == sorted([*tried_before, 3])


def test_who_begins_anew_each_time_is_stopped_by_a_limit_all_share(site, browser):
    """A code for each beginning would be three more tries, and one more mail."""

    def begin(_number):
        client = browser()
        answer = post(client, "/account/login/", username="ben@reader.example")
        for _ in range(3):
            post(client, CONFIRM, code="BBBB-BBBB")
        return answer.status_code

    with ThreadPoolExecutor(HANDS) as hands:
        statuses = list(hands.map(begin, range(40)))
    assert statuses.count(302) <= 3
    codes, tries = written(site, "ben")
    assert 1 <= len(codes) <= 3
    assert max(tries) <= 3
