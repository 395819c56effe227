"""What readers' and editors' looks at views take, in a small and in a large newsroom.

    benchmarks/trending_at_scale.py [--few 1000] [--many 20000] [--rounds 15]

Two sites on SQLite that were read as much: every article once at some time, and in the last sixty hours 300 articles of
each, in 40 rows an hour. They differ in the number of articles alone. Medians of milliseconds in turn in one run, how
many queries each page takes on the large site, and how much slower the large site is.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sites import Site, begin_site, options, sign_in

PAGES = {
    "what is trending": "/trending/",
    "its fragment": "/-/fragments/trending/",
    "readers, today": "/admin/readers/",
    "readers, 7 days": "/admin/readers/?period=week",
    "the articles as CSV": "/admin/readers/articles.csv?period=week",
}
SECTIONS, AUTHORS, BATCH = 8, 20, 500
HOURS, ROWS, READ = 60, 40, 300
END = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def main() -> None:
    given = options(__doc__, few=1000, many=20_000, rounds=15).parse_args()
    if given.answer:
        answer(given.answer)
        return
    with tempfile.TemporaryDirectory() as folder:
        sites = {
            count: Site(__file__, Path(folder) / str(count), count, first="/trending/")
            for count in (given.few, given.many)
        }
        times: dict[str, dict[int, list[float]]] = {page: {count: [] for count in sites} for page in PAGES}
        queries: dict[str, int] = {}
        for _ in range(given.rounds):
            for page, address in PAGES.items():
                for count, site in sites.items():
                    taken, queries[page] = site.ask(address)
                    times[page][count].append(taken)
        print(f"{'page':24}{given.few:>9} articles{given.many:>9} articles  queries  ratio")
        for page, taken_by_site in times.items():
            few, many = (statistics.median(each) for each in taken_by_site.values())
            print(f"{page:24}{few:>15.1f} ms{many:>15.1f} ms{queries[page]:>9}{many / few:>7.2f}")
        for site in sites.values():
            site.process.terminate()


def answer(count: int) -> None:
    begin_site()
    from contextlib import ExitStack

    from django.db import connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from coranto.masthead.models import Account

    fill(count)
    client = Client(headers={"host": "localhost"})
    sign_in(client, Account.objects.create_superuser("cora@lantern.example", "a long enough secret"))
    for line in sys.stdin:
        address = line.strip()
        begun = time.perf_counter()
        response = client.get(address)
        taken = time.perf_counter() - begun
        if response.status_code != 200:  # noqa: PLR2004 - HTTP
            sys.exit(f"{address}: {response.status_code}")
        with ExitStack() as stack:
            captured = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections]
            client.get(address)
        print(json.dumps([taken * 1000, sum(len(each) for each in captured)]), flush=True)


def fill(count: int) -> None:
    from coranto.newsroom import operations
    from coranto.newsroom.models import Author, FrontPage, Section

    front = FrontPage.objects.get()
    sections = [front.add_child(instance=Section(title=f"S{n}", slug=f"section-{n}")) for n in range(SECTIONS)]
    authors = Author.objects.bulk_create([Author(name=f"A{n}", slug=f"author-{n}") for n in range(AUTHORS)])
    ids: list[int] = []
    for first in range(0, count, BATCH):
        drafts = [
            operations.ArticleDraft(
                headline=f"Headline of article {n}",
                slug=f"article-{n}",
                section=sections[n % SECTIONS],
                standfirst="What the article says, in a sentence.",
                body=[{"type": "paragraph", "value": f"<p>Words of article {n}.</p>"}],
                first_published_at=END - timedelta(minutes=count - n),
                authors=[authors[n % AUTHORS]],
            )
            for n in range(first, min(first + BATCH, count))
        ]
        ids += [each.pk for each in operations.store_articles(drafts=drafts, by=None, now=END)]
    have_it_read(ids)


def have_it_read(ids: list[int]) -> None:
    from django.db import transaction

    from coranto.audience.models import RollUp
    from coranto.audience.operations.recording import write_roll_ups
    from coranto.audience.rules import Rare, Referrer

    chance = random.Random(1)  # noqa: S311 - nothing is secret
    referrers = list(Referrer)

    def row(article_id: int, hours_ago: int) -> RollUp:
        hour, came = END - timedelta(hours=hours_ago), chance.choice(referrers)
        return RollUp(article_id=article_id, hour=hour, referrer=came, views=chance.randint(1, 90), rare=Rare.PERSON)

    once = [row(each, chance.randint(24 * 10, 24 * 400)) for each in ids]
    lately = chance.sample(ids, READ)
    often = [row(chance.choice(lately), hours) for hours in range(HOURS) for _ in range(ROWS)]
    with transaction.atomic():
        write_roll_ups("benchmark", [*once, *often], now=END)


if __name__ == "__main__":
    main()
