"""How long an article's past and the list of corrections take, with few and with many articles, side by side.

    python benchmarks/history_at_scale.py [--few 1000] [--many 100000] [--rounds 20]

Makes two sites in temporary folders. One article of each has so many versions, and one article in twenty a correction.
Asks each site for the same pages in turn, inside its own process. Prints the median milliseconds of each and the ratio:
what is level has one near 1.
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

PAGES = [
    "{article}history/",
    "{article}history/?before=250",
    "{article}history/?from=1&to=500",
    "{article}history/2/",
    "{plain}history/",
    "{article}",
    "/corrections/",
    "/corrections/?before={deep}",
]
SECTIONS, BATCH, CORRECTED = 8, 500, 20
START = datetime(2020, 1, 1, tzinfo=UTC)


def main() -> None:
    given = options(__doc__, few=1000, many=100_000, rounds=20).parse_args()
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
        print(f"{'page':34}{given.few:>10} articles{given.many:>10} articles   ratio")
        for page, taken in times.items():
            few, many = (statistics.median(each) for each in taken.values())
            print(f"{page:34}{few:>16.1f} ms{many:>16.1f} ms{many / few:>8.2f}")
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
    """Store the articles and their past; returns the addresses asked for."""
    from coranto.newsroom import operations, queries
    from coranto.newsroom.models import FrontPage, Section

    front = FrontPage.objects.get()
    sections = [front.add_child(instance=Section(title=f"S{n}", slug=f"section-{n}")) for n in range(SECTIONS)]
    articles = []
    for first in range(0, count, BATCH):
        drafts = [
            operations.ArticleDraft(
                headline=f"Headline of article {n}",
                slug=f"article-{n}",
                section=sections[n % SECTIONS],
                standfirst="What the article says, in a sentence.",
                body=[{"type": "paragraph", "value": f"<p>{paragraph(n, p)}</p>"} for p in range(12)],
                first_published_at=START + timedelta(minutes=n),
            )
            for n in range(first, min(first + BATCH, count))
        ]
        stored = operations.store_articles(drafts=drafts, by=None, now=START)
        articles.append(stored[0].address)
        plain = stored[1].address
        past(stored, first)
    page, cursor = queries.corrections(known={}, length=1), ""
    for _ in range(count // CORRECTED // 2 // 400 + 1):
        page = queries.corrections(known={}, length=400, before=cursor or None)
        cursor = page.next_cursor or cursor
    return {"article": articles[0], "plain": plain, "deep": cursor}


def paragraph(number: int, place: int) -> str:
    return " ".join(f"Sentence {s} of paragraph {place} in article {number} says what it says." for s in range(5))


def past(articles: list, first: int) -> None:
    """A correction for one article in twenty, and for the very first five hundred versions.

    Written as rows, from documents of the articles themselves: publishing a hundred thousand times takes hours.
    """
    from coranto.newsroom import rules
    from coranto.newsroom.models import ArticleVersion
    from coranto.newsroom.queries.versions import version_parts

    rows = []
    for n, article in enumerate(articles):
        wanted = VERSIONS - 1 if first + n == 0 else int(n % CORRECTED == 1)
        parts = version_parts(article, authors=[], further_sections=[], topics=[], credits=[]) if wanted else {}
        for number in range(2, wanted + 2):
            body = [*parts["body"]]
            body[number % 12] = {"type": "paragraph", "value": f"<p>{paragraph(first + n, number)}</p>"}
            change = rules.ChangeMade("correction", note="What was wrong and what is right.", passage="A passage.")
            document, sha256 = rules.version_document(change, **{**parts, "body": body})
            at = START + timedelta(minutes=first + n + number)
            rows.append(
                ArticleVersion(
                    article_id=article.pk,
                    number=number,
                    published_at=at,
                    noted_at=at,
                    kind="correction",
                    note=change.note,
                    passage=change.passage,
                    note_place="foot",
                    document=document,
                    sha256=sha256,
                )
            )
    ArticleVersion.objects.bulk_create(rows, batch_size=200)


VERSIONS = 500

if __name__ == "__main__":
    main()
