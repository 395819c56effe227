"""What editors wait for, in a small and in a large newsroom.

    benchmarks/admin_at_scale.py [--few 1000] [--many 100000] [--rounds 15]

Two sites on SQLite, alike but for the number of articles, are asked for the same screens of the admin in turn, by an
administrator, without a network between. Three articles in a hundred are drafts, forty are in review and forty are
scheduled, as in a newsroom of either age. Medians of milliseconds, how many queries each takes on the large site, and
how much slower the large site is.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sites import Site, begin_site, options, sign_in

SCREENS = {
    "dashboard": "/admin/",
    "desk": "/admin/desk/",
    "desk, all drafts": "/admin/desk/all/drafts/",
    "calendar, a month": "/admin/calendar/",
    "calendar, a section": "/admin/calendar/?section=section-1",
    "explorer, front page": "/admin/pages/{front}/",
    "explorer, a section": "/admin/pages/{section}/",
    "explorer, fifth page": "/admin/pages/{section}/?p=5",
    "explorer, by headline": "/admin/pages/{section}/?ordering=title",
    "explorer, search in a section": "/admin/pages/{section}/?q=article+{one}",
    "search": "/admin/pages/search/?q=article+{one}",
    "search, in every article": "/admin/pages/search/?q=headline",
    "chooser, front page": "/admin/choose-page/?page_type=newsroom.article",
    "chooser, a section": "/admin/choose-page/{section}/?page_type=newsroom.article",
    "chooser, search": "/admin/choose-page/search/?q=article+{one}&page_type=newsroom.article",
    "article editor": "/admin/pages/{article}/edit/",
    "a new article": "/admin/pages/add/newsroom/article/{section}/",
    "history of an article": "/admin/pages/{article}/history/",
    "history of the site": "/admin/reports/site-history/",
}
SECTIONS, AUTHORS, TOPICS, BATCH, AT_WORK = 8, 20, 200, 500, 40
END = datetime.now(UTC).replace(microsecond=0)


def main() -> None:
    parser = options(__doc__, few=1000, many=20_000, rounds=15)
    parser.add_argument("--keep", type=Path, help="keep the sites in this folder, and use those that are there")
    given = parser.parse_args()
    if given.answer:
        answer(given.answer)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        sites = {
            count: Site(__file__, folder / str(count), count, first="/admin/") for count in (given.few, given.many)
        }
        times: dict[str, dict[int, list[float]]] = {screen: {count: [] for count in sites} for screen in SCREENS}
        queries: dict[str, int] = {}
        for _ in range(given.rounds):
            for screen, address in SCREENS.items():
                for count, site in sites.items():
                    taken, queries[screen] = site.ask(address)
                    times[screen][count].append(taken)
        print(f"{'screen':32}{given.few:>9} articles{given.many:>9} articles  queries  ratio")
        for screen, taken_by_site in times.items():
            few, many = (statistics.median(each) for each in taken_by_site.values())
            print(f"{screen:32}{few:>15.0f} ms{many:>15.0f} ms{queries[screen]:>9}{many / few:>7.2f}")
        for site in sites.values():
            site.process.terminate()


def answer(count: int) -> None:
    begin_site()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    names = fill(count)
    client = Client(headers={"host": "localhost"})
    sign_in(client, names.pop("editor"))  # type: ignore[arg-type]
    for line in sys.stdin:
        address = line.strip().format(**names)
        begun = time.perf_counter()
        response = client.get(address)
        taken = time.perf_counter() - begun
        if response.status_code != 200:  # noqa: PLR2004 - HTTP
            sys.exit(f"{address}: {response.status_code}")
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        print(json.dumps([taken * 1000, len(captured)]), flush=True)


def fill(count: int) -> dict[str, object]:
    """Store the articles unless they are there; returns what the addresses name."""
    from coranto.masthead.models import Account
    from coranto.newsroom.models import Article, FrontPage, Section

    front = FrontPage.objects.get()
    if not Article.objects.exists():
        _store(count, front)
    return {
        "editor": Account.objects.get(email="cora@lantern.example"),
        "front": front.pk,
        "section": Section.objects.get(slug="section-1").pk,
        "article": Article.objects.filter(live=True).order_by("-pk")[0].pk,
        "one": count // 2,
    }


def _store(count: int, front: object) -> None:
    from coranto.masthead.models import Account
    from coranto.newsroom import operations
    from coranto.newsroom.models import Author, Section, Topic

    cora = Account.objects.create_superuser("cora@lantern.example", "a long enough secret")
    sections = [front.add_child(instance=Section(title=f"S{n}", slug=f"section-{n}")) for n in range(SECTIONS)]  # type: ignore[attr-defined]
    authors = Author.objects.bulk_create([Author(name=f"A{n}", slug=f"author-{n}") for n in range(AUTHORS)])
    topics = Topic.objects.bulk_create([Topic(name=f"T{n}", slug=f"topic-{n}") for n in range(TOPICS)])
    start = END - timedelta(minutes=20 * count)
    for first in range(0, count, BATCH):
        drafts = [
            operations.ArticleDraft(
                headline=f"Headline of article {n}",
                slug=f"article-{n}",
                section=sections[n % SECTIONS],
                standfirst="What the article says, in a sentence.",
                body=[{"type": "paragraph", "value": f"<p>Paragraph {p} of article {n}.</p>"} for p in range(12)],
                first_published_at=None if n % 33 == 0 else start + timedelta(minutes=20 * n),
                live=n % 33 != 0,
                authors=[authors[n % AUTHORS]],
                topics=[topics[n % TOPICS], topics[(n * 7 + 1) % TOPICS]],
            )
            for n in range(first, min(first + BATCH, count))
        ]
        operations.store_articles(drafts=drafts, by=cora, now=start + timedelta(minutes=20 * first))
    _set_to_work(cora)


def _set_to_work(cora: object) -> None:
    """Forty articles in review, forty scheduled."""
    from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

    from coranto.newsroom.models import Article

    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="Review")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    for number, article in enumerate(Article.objects.filter(live=False).order_by("-pk")[: 2 * AT_WORK]):
        if number % 2:
            workflow.start(article, cora)
        else:
            article.go_live_at = END + timedelta(hours=number + 1)
            article.save_revision().publish()


if __name__ == "__main__":
    main()
