"""How long an article with few comments and with many takes, side by side in one run.

    python benchmarks/comments_at_scale.py [--few 500] [--many 50000] [--rounds 15]

Makes two sites in temporary folders, each with one article, and asks each for the same pages in turn, inside this
process, with no store in front: the beginning in each order, a page in the middle by its key, a comment by its own
address, the editors' queue; then has a guest write there, whose comment goes up at once. Prints the median milliseconds
of each, of the processor where clocks are disturbed by other work, and the ratio: what is level has one near 1.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from itertools import count as numbers
from pathlib import Path

from sites import Site, begin_site, options, sign_in

PAGES = {
    "the beginning": "{article}",
    "in the middle": "{article}?comments={middle}",
    "newest first": "{article}?comments=newest",
    "newest, in the middle": "{article}?comments=newest-{root}",
    "most replied": "{article}?comments=replied",
    "most replied, second page": "{article}?comments={replied}",
    "one comment's address": "{article}comments/{comment}/",
    "a comment is written": "write",
    "an answer is written": "answer",
    "the editors' queue": "/admin/comments/?state=approved",
}


def main() -> None:
    given = options(__doc__, few=500, many=50_000, rounds=15).parse_args()
    if given.answer:
        answer(given.answer)
        return
    with tempfile.TemporaryDirectory() as folder:
        sites = {
            count: Site(__file__, Path(folder) / str(count), count, first=PAGES["the beginning"])
            for count in (given.few, given.many)
        }
        print(f"{'page':28}{given.few:>10} comments{given.many:>10} comments   ratio   of processor   queries")
        for name, page in PAGES.items():
            taken: dict[int, list[dict[str, float]]] = {count: [] for count in sites}
            for _ in range(given.rounds):
                for count, site in sites.items():
                    taken[count].append(site.ask(page))
            few, many = (median(each, "ms") for each in taken.values())
            few_cpu, many_cpu = (median(each, "cpu") for each in taken.values())
            queries = taken[given.many][-1]["queries"]
            print(
                f"{name:28}{few:>16.1f} ms{many:>16.1f} ms{many / few:>8.2f}{many_cpu / few_cpu:>15.2f}{queries:>10}",
                flush=True,
            )
        for site in sites.values():
            site.process.terminate()


def median(taken: list[dict[str, float]], what: str) -> float:
    return statistics.median(each[what] for each in taken)


def answer(count: int) -> None:
    begin_site()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from coranto.masthead.models import Account

    names = fill(count)
    readers, editors = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
    sign_in(editors, Account.objects.create_superuser("cora@lantern.example", "a long enough secret"))
    written = numbers()
    for line in sys.stdin:
        asked = line.strip()
        is_writing = asked in {"write", "answer"}
        client = editors if asked.startswith("/admin") else readers
        with CaptureQueriesContext(connection) as queries:
            begun, begun_cpu = time.perf_counter(), time.process_time()
            if is_writing:
                response = write(client, next(written), names, above=names["comment"] if asked == "answer" else "")
            else:
                response = client.get(asked.format(**names))
            taken, cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
        if response.status_code not in {200, 302}:
            sys.exit(f"{asked}: {response.status_code}")
        print(json.dumps({"ms": taken * 1000, "cpu": cpu * 1000, "queries": len(queries)}), flush=True)


def write(client, number, names, *, above):  # noqa: ANN001, ANN201 - Django's are loaded within
    """What a guest sends whom the site knows, from a part of the network where nobody else is."""
    from coranto.comments.rules.tokens import COOKIE, Guest, write_guest

    client.cookies[COOKIE] = write_guest(Guest(f"Guest {number}", f"guest-{number}@reader.example"))
    sent = {"words": f"Words of guest {number}", "parent": above}
    return client.post(f"/-/comments/write/{names['id']}/", sent, REMOTE_ADDR=f"10.{number % 250}.{number // 250}.1")


def fill(count: int) -> dict[str, str]:
    """Store the article and its comments, a third of them threads of their own; returns what addresses are made of."""
    from django.db import connection

    from coranto.comments.models import Comment, Commenting
    from coranto.comments.operations import CommentDraft, add_comments
    from coranto.comments.queries import thread_page
    from coranto.kit import clock
    from coranto.newsroom.models import FrontPage, Section
    from coranto.newsroom.operations import ArticleDraft, store_articles

    now = clock.now() - timedelta(days=1)
    Commenting.objects.create(holds_first=False)
    section = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    draft = ArticleDraft(headline="Trams return", slug="trams", section=section, body=[])
    article = store_articles(drafts=[draft], by=None, now=now)[0]
    drafts: list[CommentDraft] = []
    for n in range(count):
        above = drafts[n * 7 // 10 // 3 * 3] if n % 3 else None
        drafts.append(CommentDraft(article.pk, f"Reader {n}", f"<p>Words {n}</p>", "approved", now, reply_to=above))
    add_comments(drafts=drafts, now=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    middle = Comment.objects.order_by("path")[count // 2]
    return {
        "id": str(article.pk),
        "article": article.address,
        "comment": str(middle.pk),
        "middle": middle.path,
        "root": middle.path[:12],
        "replied": thread_page(article_id=article.pk, cursor="replied").next_cursor,
    }


if __name__ == "__main__":
    main()
