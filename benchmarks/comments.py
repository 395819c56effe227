"""How many comments a second the site takes over HTTP, and what readers of the article notice of it.

    benchmarks/comments.py [--seconds 10] [--writers 4]

`coranto serve` on one core, everything else on another: writers who are remembered guests, each comment from another
part of the network, to one article or to twenty; meanwhile somebody reads the article. Comments of strangers wait.
Those of guests who are known go up at once and have the page made anew, until thirty in a minute came to one article.
Milliseconds for the article, which has 500 comments before it begins.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from serving.processes import ASKING, Program, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLES, COMMENTS, GUESTS = 20, 500, 4_000
PAUSE = 0.005


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--folder", type=Path, help="where the site is made; without it somewhere for the moment")
    parser.add_argument("--plant", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.plant:
        plant()
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(given.folder or Path(folder), given)


def measure(folder: Path, given: argparse.Namespace) -> None:
    port = free_port()
    environment = {
        "CORANTO_DATA": str(folder / "data"),
        "CORANTO_ORIGIN": f"http://localhost:{port}",
        "CORANTO_TRUSTED_PROXIES": "127.0.0.1,::1",
    }
    planting = [sys.executable, __file__, "--plant"]
    planted = subprocess.run(planting, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE)
    made = json.loads(planted.stdout)
    os.sched_setaffinity(0, {ASKING})
    command = [str(Path(sys.executable).with_name("coranto")), "serve", "--port", str(port)]
    program = Program(command, log=folder / "log", environment=environment)
    numbers = count()
    try:
        program.until_answering(f"http://localhost:{port}{made['address']}")
        print(f"{'':34}{'a second':>10}{'refused':>10}{'article p50':>13}{'p95':>8}")
        quiet = Readers(port, made["address"])
        quiet.run_for(2)
        print(f"{'nobody writes':34}{'':>20}{quiet}")
        for name, guests, articles in (
            ("strangers, one article", "strangers", 1),
            ("strangers, twenty articles", "strangers", ARTICLES),
            ("known guests, one article", "known", 1),
            ("known guests, twenty articles", "known", ARTICLES),
        ):
            reader = Readers(port, made["address"])
            writers = Writers(port, made["articles"][:articles], made[guests], given.writers, numbers)
            writers.start()
            reader.run_for(given.seconds)
            writers.stop()
            taken, refused = writers.taken / given.seconds, writers.refused / given.seconds
            print(f"{name:34}{taken:>10.0f}{refused:>10.0f}{reader}", flush=True)
    finally:
        program.stop()


class Readers:
    """Somebody who asks for the article again and again, two hundred times a second at most."""

    def __init__(self, port: int, address: str) -> None:
        self.line, self.address = http.client.HTTPConnection("localhost", port), address
        self.times: list[float] = []

    def run_for(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while (began := time.perf_counter()) < end:
            self.line.request("GET", self.address)
            answer = self.line.getresponse()
            answer.read()
            assert answer.status == http.client.OK
            self.times.append((time.perf_counter() - began) * 1000)
            time.sleep(PAUSE)

    def __str__(self) -> str:
        ordered = sorted(self.times)
        return f"{statistics.median(ordered):>13.2f}{ordered[int(len(ordered) * 0.95)]:>8.2f}"


class Writers:
    """Guests who are remembered, each comment with words, a writer and a network of its own."""

    def __init__(
        self, port: int, articles: list[int], cookies: list[str], writers: int, numbers: Iterator[int]
    ) -> None:
        self.port, self.articles, self.cookies = port, articles, cookies
        self.numbers, self.is_over = numbers, threading.Event()
        self.taken = self.refused = 0
        self.threads = [threading.Thread(target=self._write) for _ in range(writers)]

    def start(self) -> None:
        for each in self.threads:
            each.start()

    def stop(self) -> None:
        self.is_over.set()
        for each in self.threads:
            each.join()

    def _write(self) -> None:
        line = http.client.HTTPConnection("localhost", self.port)
        while not self.is_over.is_set():
            number = next(self.numbers)
            line.request(
                "POST",
                f"/-/comments/write/{self.articles[number % len(self.articles)]}/",
                urlencode({"words": f"Comment {number} of *somebody*, who has something to say about trams."}),
                {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Cookie": f"coranto_guest={self.cookies[number % len(self.cookies)]}",
                    "X-Forwarded-For": f"10.{number // 250 % 250}.{number % 250}.7",
                },
            )
            answer = line.getresponse()
            answer.read()
            if answer.status == http.client.FOUND:
                self.taken += 1
            else:
                self.refused += 1


def plant() -> None:
    from sites import begin_site

    begin_site()
    from coranto.comments.operations import CommentDraft, add_comments
    from coranto.comments.rules.tokens import Guest, write_guest
    from coranto.kit import clock
    from coranto.newsroom.models import FrontPage, Section
    from coranto.newsroom.operations import ArticleDraft, store_articles

    now = clock.now()
    section = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    body = [{"type": "paragraph", "value": f"<p>{'The tram came back. ' * 40}</p>"}] * 8
    drafts = [
        ArticleDraft(headline=f"Trams return {n}", slug=f"trams-{n}", section=section, body=body)
        for n in range(ARTICLES + 1)
    ]
    stored = store_articles(drafts=drafts, by=None, now=now)
    guests = {
        kind: [Guest(f"{kind} {n}", f"{kind}-{n}@reader.example") for n in range(GUESTS)]
        for kind in ("strangers", "known")
    }
    told = [CommentDraft(stored[0].pk, f"Reader {n}", f"<p>Words {n}</p>", "approved", now) for n in range(COMMENTS)]
    # Long ago, below an article nobody asks for.
    before = now - timedelta(days=90)
    told += [
        CommentDraft(stored[-1].pk, each.name, "<p>Hello.</p>", "approved", before, each.email)
        for each in guests["known"]
    ]
    add_comments(drafts=told, now=now)
    made = {kind: [write_guest(each) for each in people] for kind, people in guests.items()}
    print(json.dumps({"address": stored[0].address, "articles": [each.pk for each in stored[:-1]], **made}))


if __name__ == "__main__":
    main()
