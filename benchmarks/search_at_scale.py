"""How long readers' searches take with few and with many articles, side by side in one run.

    python benchmarks/search_at_scale.py [--few 1000] [--many 100000] [--rounds 20]

Makes two sites in temporary folders, whose articles have words as unequally usual as those of a language (the n-th is
1/n as frequent as the first), and asks each for the same searches in turn, inside this process: nothing is kept. Prints
the median milliseconds of each and the ratio: a search that is level has one near 1, and more than 2 is too many.
With DATABASE_FEW and DATABASE_MANY, addresses of two empty databases, on PostgreSQL.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from sites import Site, begin_site, options

SEARCHES = {
    "a word in every article": "?q=common",
    "… its twentieth page": "?q=common&page=20",
    "… by date": "?q=common&sort=date",
    "… by date, far back": "?q=common&sort=date&before={deep}",
    "… in a section": "?q=common&section=section-3",
    "… in a year": "?q=common&year=2020",
    "… of an author in a section": "?q=common&section=section-3&author=author-3",
    "a word in five articles": "?q=rareword",
    "two words": "?q={usual}+{less}",
    "twelve words": "?q={twelve}",
    "a common and a rare word": "?q=common+rareword",
    "a misspelling": "?q=raerword",
    "nothing": "?q=zzyzx",
    "characters without blanks": "?q=路面電車",
}
SECTIONS, AUTHORS, BATCH, WORDS, RARE = 8, 48, 500, 30_000, 5
START = datetime(2020, 1, 1, tzinfo=UTC)


def main() -> None:
    given = options(__doc__, few=1000, many=100_000, rounds=20).parse_args()
    if given.answer:
        answer(given.answer)
        return
    databases = os.environ.get("DATABASE_FEW", ""), os.environ.get("DATABASE_MANY", "")
    with tempfile.TemporaryDirectory() as folder:
        sites = {
            count: Site(__file__, Path(folder) / str(count), count, first="", database_url=database)
            for count, database in zip((given.few, given.many), databases, strict=True)
        }
        times: dict[str, dict[int, list[float]]] = {name: {count: [] for count in sites} for name in SEARCHES}
        for _ in range(given.rounds):
            for name, search in SEARCHES.items():
                for count, site in sites.items():
                    times[name][count].append(site.ask(search))
        print(f"{'search':34}{given.few:>10} articles{given.many:>10} articles   ratio")
        for name, taken in times.items():
            few, many = (statistics.median(each) for each in taken.values())
            print(f"{name:34}{few:>16.1f} ms{many:>16.1f} ms{many / few:>8.2f}")
        for site in sites.values():
            site.process.terminate()


def answer(count: int) -> None:
    begin_site()
    from django.test import Client

    names = fill(count)
    client = Client(headers={"host": "localhost"})
    for line in sys.stdin:
        path = "/search/" + line.strip().format(**names)
        begun = time.perf_counter()
        response = client.get(path)
        taken = time.perf_counter() - begun
        if response.status_code != 200:  # noqa: PLR2004 - HTTP
            sys.exit(f"{path}: {response.status_code}")
        expected = "Did you mean" if "raer" in path else "No article has" if "zzyzx" in path else "Articles with"
        assert path == "/search/" or expected in response.text, path
        print(json.dumps(taken * 1000), flush=True)


def fill(count: int) -> dict[str, str]:
    """Store the articles and count their words; returns what the searches are filled with."""
    from django.db import connection

    from coranto.newsroom import operations
    from coranto.newsroom.models import Author, FrontPage, Section

    chance = random.Random(5)  # noqa: S311 - the same words at each run
    words = ["".join(chance.choices("abcdefghiklmnoprstuvwy", k=chance.randint(4, 11))) for _ in range(WORDS)]
    weights = list(accumulate(1 / (place + 1) for place in range(WORDS)))
    front = FrontPage.objects.get()
    sections = [front.add_child(instance=Section(title=f"S{n}", slug=f"section-{n}")) for n in range(SECTIONS)]
    authors = Author.objects.bulk_create([Author(name=f"Author {n}", slug=f"author-{n}") for n in range(AUTHORS)])
    articles = []
    for first in range(0, count, BATCH):
        drafts = []
        for n in range(first, min(first + BATCH, count)):
            text = chance.choices(words, cum_weights=weights, k=250)
            text[100] = "common"
            text[200] = "rareword" if n % (count // RARE) == 0 else "東京の路面電車が" if n % 50 == 0 else "word"
            drafts.append(
                operations.ArticleDraft(
                    headline=" ".join(text[:8]),
                    slug=f"article-{n}",
                    section=sections[n % SECTIONS],
                    standfirst=" ".join(text[8:24]),
                    body=[
                        {"type": "paragraph", "value": f"<p>{' '.join(text[p : p + 46])}.</p>"}
                        for p in range(24, 250, 46)
                    ],
                    first_published_at=START + timedelta(hours=n % 50_000, minutes=n // 50_000),
                    authors=[authors[n % AUTHORS]],
                )
            )
        articles = operations.store_articles(drafts=drafts, by=None, now=START)
    while operations.count_search_words(now=START):
        pass
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    from coranto.newsroom.backends import archive

    deep = archive.key_of(START + timedelta(hours=min(count, 50_000) // 2), articles[0].pk)
    return {"deep": str(deep), "usual": words[40], "less": words[90], "twelve": "+".join(words[:12])}


if __name__ == "__main__":
    main()
