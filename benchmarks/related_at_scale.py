"""What related stories cost with few and with many articles, side by side in one run.

    python benchmarks/related_at_scale.py [--few 1000] [--many 20000] [--rounds 30]

Makes two sites in temporary folders, one with few articles and one with many, whose words are as unevenly spread as
those of real archives: a hundred in every second text, and a long tail of names. First it says how long relating all
articles took, for each. Then it asks each site in turn, inside this process, for what a reader causes (related stories,
what is read next) and for what a publication does (an article related anew, with all it takes). Prints median
milliseconds and the ratio: what is level has one near 1.
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

from sites import Site, begin_site, options

ASKED = ["related", "onward", "publication"]
SECTIONS, TOPICS, BATCH = 8, 200, 500
WORDS_OF_ARTICLE = 250
START = datetime(2020, 1, 1, tzinfo=UTC)


def main() -> None:
    given = options(__doc__, few=1000, many=20_000, rounds=30).parse_args()
    if given.answer:
        answer(given.answer)
        return
    with tempfile.TemporaryDirectory() as folder:
        sites = {
            count: Site(__file__, Path(folder) / str(count), count, first="filled") for count in (given.few, given.many)
        }
        print(f"{'':28}{given.few:>10} articles{given.many:>10} articles   ratio")
        show("relating all, an article", *(site.ask("all") for site in sites.values()))
        show("rows of terms, an article", *(site.ask("terms") for site in sites.values()), unit="  ")
        show("found for an article", *(site.ask("found") for site in sites.values()), unit="  ")
        times: dict[str, dict[int, list[float]]] = {each: {count: [] for count in sites} for each in ASKED}
        for _ in range(given.rounds):
            for asked in ASKED:
                for count, site in sites.items():
                    times[asked][count].append(site.ask(asked))
        for asked, taken in times.items():
            show(asked, *(statistics.median(each) for each in taken.values()))
        for site in sites.values():
            site.process.terminate()


def show(what: str, few: float, many: float, *, unit: str = "ms") -> None:
    print(f"{what:28}{few:>16.1f} {unit}{many:>16.1f} {unit}{many / few if few else 0:>8.2f}")


def answer(count: int) -> None:
    begin_site()
    fill(count)
    begun = time.perf_counter()
    relate_all()
    whole = time.perf_counter() - begun
    for line in sys.stdin:
        match line.strip():
            case "filled":
                told = 0.0
            case "all":
                told = whole * 1000 / count
            case "terms" | "found" as what:
                told = rows_an_article(what, count)
            case asked:
                told = take(asked) * 1000
        print(json.dumps(told), flush=True)


def relate_all() -> None:
    from coranto.kit import clock
    from coranto.newsroom import operations

    while operations.relate_waiting(now=clock.now()):
        pass


def rows_an_article(what: str, count: int) -> float:
    from coranto.newsroom.models import ArticleTerm, RelatedArticle

    rows = ArticleTerm.objects.count() if what == "terms" else RelatedArticle.objects.count()
    return rows / count


def take(asked: str) -> float:
    """How long one question takes, in seconds, about an article somewhere in the archive."""
    from coranto.newsroom import operations, queries
    from coranto.newsroom.models import Article, ArticleToRelate

    article = Article.objects.order_by("pk")[random.randrange(Article.objects.count())]  # noqa: S311 - nothing is secret
    known = queries.sections()
    begun = time.perf_counter()
    if asked == "related":
        queries.related_articles(article, known)
    elif asked == "onward":
        queries.onward(article.pk, known)
    else:
        operations.await_relating(articles=[article.pk], turn=ArticleToRelate.Turn.NOW)
        relate_all()
    return time.perf_counter() - begun


def fill(count: int) -> None:
    from coranto.newsroom import operations
    from coranto.newsroom.models import FrontPage, Section, Topic

    front = FrontPage.objects.get()
    sections = [front.add_child(instance=Section(title=f"S{n}", slug=f"section-{n}")) for n in range(SECTIONS)]
    topics = Topic.objects.bulk_create([Topic(name=f"T{n}", slug=f"topic-{n}") for n in range(TOPICS)])
    chance = random.Random(1)  # noqa: S311 - the same each time
    for first in range(0, count, BATCH):
        drafts = [
            operations.ArticleDraft(
                headline=text(chance, 8),
                slug=f"article-{n}",
                section=sections[n % SECTIONS],
                standfirst=text(chance, 15),
                body=[{"type": "paragraph", "value": f"<p>{text(chance, WORDS_OF_ARTICLE)}</p>"}],
                first_published_at=START + timedelta(minutes=n),
                topics=[topics[n % TOPICS], topics[(n * 7 + 1) % TOPICS]],
            )
            for n in range(first, min(first + BATCH, count))
        ]
        operations.store_articles(drafts=drafts, by=None, now=START)


def text(chance: random.Random, words: int) -> str:
    """Words after Zipf's law, as those of any language are: the nth most frequent occurs in proportion to 1/n."""
    return " ".join(f"w{int(200_000 ** chance.random())}x" for _ in range(words))


if __name__ == "__main__":
    main()
