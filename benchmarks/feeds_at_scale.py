"""How long feeds and sitemaps take to make with few and with many articles, side by side in one run.

    python benchmarks/feeds_at_scale.py [--few 1000] [--many 100000] [--rounds 15]

Makes two sites in temporary folders and asks each for the same files in turn, inside this process, with no store in
front. Prints the median milliseconds of each, the ratio, and what the making of a file took of memory at its peak: a
file that is level has a ratio near 1. A sitemap of few articles has one part that is not full; the part compared is
the last full one, so `--few` had better be more than one part holds.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

from pages_at_scale import fill
from sites import Site, begin_site, options

FEEDS = ["/rss.xml", "/atom.xml", "/feed.json", "/section-1/rss.xml", "/authors/author-1/rss.xml"]
MAPS = ["/sitemap.xml", "{part}", "/sitemap-topics-0.xml", "/news-sitemap.xml"]


def main() -> None:
    given = options(__doc__, few=1000, many=100_000, rounds=15).parse_args()
    if given.answer:
        answer(given.answer)
        return
    with tempfile.TemporaryDirectory() as folder:
        sites = {
            count: Site(__file__, Path(folder) / str(count), count, first="/") for count in (given.few, given.many)
        }
        print(f"{'file':28}{given.few:>10} articles{given.many:>10} articles   ratio        memory")
        for file in [*FEEDS, *MAPS]:
            taken: dict[int, list[float]] = {count: [] for count in sites}
            for _ in range(given.rounds):
                for count, site in sites.items():
                    taken[count].append(site.ask(file)["ms"])
            few, many = (statistics.median(each) for each in taken.values())
            first, last = (site.ask(f"memory {file}")["mb"] for site in sites.values())
            print(f"{file:28}{few:>16.1f} ms{many:>16.1f} ms{many / few:>8.2f}{first:>8.1f} {last:>5.1f} MB")
        for site in sites.values():
            site.process.terminate()


def answer(count: int) -> None:
    begin_site()
    from django.test import Client

    from coranto.feeds import rules
    from coranto.newsroom.models import Article

    fill(count)
    last = Article.objects.order_by("-pk").values_list("pk", flat=True)[0]
    part = f"/sitemap-{max(0, rules.part_of(last) - 1)}.xml"
    client = Client(headers={"host": "localhost"})
    for line in sys.stdin:
        order, _, address = line.strip().rpartition(" ")
        address = address.format(part=part)
        if order:
            tracemalloc.start()
        begun = time.perf_counter()
        response = client.get(address)
        taken = time.perf_counter() - begun
        peak = tracemalloc.get_traced_memory()[1] if order else 0
        tracemalloc.stop()
        if response.status_code != 200:  # noqa: PLR2004 - HTTP
            sys.exit(f"{address}: {response.status_code}")
        print(json.dumps({"ms": taken * 1000, "mb": peak / 1e6}), flush=True)


if __name__ == "__main__":
    main()
