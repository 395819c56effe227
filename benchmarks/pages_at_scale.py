"""How long the newsroom's pages take to make with few and with many articles, side by side in one run.

    python benchmarks/pages_at_scale.py [--few 1000] [--many 20000] [--rounds 30]

Makes two sites in temporary folders, one with few articles and one with many, and asks each for the same pages in
turn, inside this process. Prints the median milliseconds of each and the ratio: a list that is level has one near 1.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sites import Site, begin_site, options

LISTS = ["/latest/", "/latest/?before={deep}", "/section-1/", "/authors/author-1/", "/topics/topic-1/"]
PAGES = ["/", *LISTS, "{article}"]
SECTIONS, AUTHORS, TOPICS, BATCH = 8, 20, 200, 500
START = datetime(2020, 1, 1, tzinfo=UTC)


def main() -> None:
    given = options(__doc__, few=1000, many=20_000, rounds=30).parse_args()
    if given.answer:
        answer(given.answer)
        return
    with tempfile.TemporaryDirectory() as folder:
        sites = {
            count: Site(__file__, Path(folder) / str(count), count, first="/") for count in (given.few, given.many)
        }
        times: dict[str, dict[int, list[float]]] = {page: {count: [] for count in sites} for page in PAGES}
        for _ in range(given.rounds):
            for page in PAGES:
                for count, site in sites.items():
                    times[page][count].append(site.ask(page))
        print(f"{'page':28}{given.few:>10} articles{given.many:>10} articles   ratio")
        for page, taken in times.items():
            few, many = (statistics.median(each) for each in taken.values())
            print(f"{page:28}{few:>16.1f} ms{many:>16.1f} ms{many / few:>8.2f}")
        for site in sites.values():
            site.process.terminate()


def answer(count: int) -> None:
    begin_site()
    from django.test import Client

    names = fill(count)
    client = Client(headers={"host": "localhost"})
    for line in sys.stdin:
        path = line.strip().format(**names)
        begun = time.perf_counter()
        response = client.get(path)
        taken = time.perf_counter() - begun
        if response.status_code != 200:  # noqa: PLR2004 - HTTP
            sys.exit(f"{path}: {response.status_code}")
        print(json.dumps(taken * 1000), flush=True)


def fill(count: int) -> dict[str, str]:
    """Store the articles; returns a cursor in the middle of the latest and the address of an article."""
    from coranto.newsroom import operations, queries
    from coranto.newsroom.models import Author, FrontPage, Listing, Section, Topic

    front = FrontPage.objects.get()
    sections = [front.add_child(instance=Section(title=f"S{n}", slug=f"section-{n}")) for n in range(SECTIONS)]
    authors = Author.objects.bulk_create([Author(name=f"A{n}", slug=f"author-{n}") for n in range(AUTHORS)])
    topics = Topic.objects.bulk_create([Topic(name=f"T{n}", slug=f"topic-{n}") for n in range(TOPICS)])
    article = None
    for first in range(0, count, BATCH):
        drafts = [
            operations.ArticleDraft(
                headline=f"Headline of article {n}",
                slug=f"article-{n}",
                section=sections[n % SECTIONS],
                standfirst="What the article says, in a sentence.",
                body=[{"type": "paragraph", "value": f"<p>Paragraph {p} of article {n}.</p>"} for p in range(12)],
                first_published_at=START + timedelta(minutes=n),
                authors=[authors[n % AUTHORS]],
                topics=[topics[n % TOPICS], topics[(n * 7 + 1) % TOPICS]],
            )
            for n in range(first, min(first + BATCH, count))
        ]
        article = operations.store_articles(drafts=drafts, by=None, now=START)[-1]
    assert article
    middle = Listing.objects.of("latest").newest_first()[count // 2]
    page = queries.list_page("latest", known={}, length=1, cursor=f"{int(middle.published_at.timestamp())}000000-0")
    return {"deep": page.next_cursor, "article": article.address}


if __name__ == "__main__":
    main()
