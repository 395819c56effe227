"""What it takes to publish, in a small and in a large archive.

    benchmarks/publish_at_scale.py [--few 1000] [--many 100000] [--rounds 15] [--rename]
    bin/with-postgresql .venv/bin/python benchmarks/publish_at_scale.py

Two sites, alike but for the number of articles, do the same things in turn: on SQLite, or each in a database of its own
on the server that DATABASE_URL names. What an editor does is a request of the admin: permissions, checklist, history,
lists and purges included. `… and the worker` is the deferred work of that click, above all the search index. Medians of
milliseconds of clock and of processor, the number of queries, and how much slower the large site is. `--rename` renames
a section too, which has an eighth of all articles.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from admin_at_scale import fill
from sites import Site, begin_site, options, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

CORRECT, PUBLISH, WITHDRAW, RENAME, LOOK = (
    "correct an article",
    "publish a new article",
    "withdraw it",
    "rename a section",
    "look for what is due",
)
ACTS = [CORRECT, PUBLISH, WITHDRAW, LOOK]
WORKER = "… and the worker"

Taken = dict[str, tuple[float, float, int]]  # by step: milliseconds of clock and of processor, queries


def main() -> None:
    parser = options(__doc__, few=1000, many=20_000, rounds=15)
    parser.add_argument("--keep", type=Path, help="keep the sites in this folder, and use those that are there")
    parser.add_argument("--rename", action="store_true", help="rename a section too")
    given = parser.parse_args()
    if given.answer:
        answer(given.answer)
        return
    acts = [*ACTS, RENAME] if given.rename else ACTS
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        sites = {
            count: Site(__file__, folder / str(count), count, first=LOOK, database_url=database_for(count))
            for count in (given.few, given.many)
        }
        taken: dict[str, dict[int, list[Taken]]] = {act: {count: [] for count in sites} for act in acts}
        for number in range(given.rounds + 1):
            for act in acts:
                for count, site in sites.items():
                    answered = site.ask(act)
                    if number:  # what is done for the first time is not counted
                        taken[act][count].append(answered)
        print_table(taken, given.few, given.many)
        for site in sites.values():
            site.process.terminate()


def database_for(count: int) -> str:
    """The address of a database beside the one DATABASE_URL names, made where it is not there; empty for SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return ""
    import psycopg

    name = f"publish_{count}"
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def print_table(taken: dict[str, dict[int, list[Taken]]], few: int, many: int) -> None:
    print(f"{'milliseconds':26}{few:>9} articles: clock  processor{many:>9} articles: clock  processor   ratios")
    for by_site in taken.values():
        for step in by_site[few][0]:
            small, large = (
                [statistics.median(each) for each in zip(*(one[step] for one in by_site[count]), strict=True)]
                for count in (few, many)
            )
            queries = f"{small[2]:.0f}" if small[2] == large[2] else f"{small[2]:.0f} and {large[2]:.0f}"
            print(
                f"{step:26}{small[0]:>25.1f}{small[1]:>11.1f}{large[0]:>25.1f}{large[1]:>11.1f}"
                f"{large[0] / small[0]:>8.2f}{large[1] / small[1]:>6.2f}   {queries} queries"
            )


# In the process of a site -------------------------------------------------------------------------------


def answer(count: int) -> None:
    begin_site()
    from django.db import connection

    newsroom = Newsroom(fill(count))
    run_tasks()
    for line in sys.stdin:
        taken: Taken = {}
        act, step = newsroom.acts[line.strip()], line.strip()
        for name, do in ((step, act), (WORKER, run_tasks)):
            queries = [0]

            def counted(execute: Callable[..., Any], *args: Any, queries: list[int] = queries) -> Any:
                queries[0] += 1
                return execute(*args)

            with connection.execute_wrapper(counted):
                begun, used = time.perf_counter(), time.process_time()
                do()
                clock, processor = time.perf_counter() - begun, time.process_time() - used
            if queries[0] > 1 or name is not WORKER:
                taken[name] = (clock * 1000, processor * 1000, queries[0])
        print(json.dumps(taken), flush=True)


def run_tasks() -> None:
    from coranto.jobs import operations

    while (claim := operations.claim_task(worker="benchmark", now=datetime.now(UTC))) is not None:
        if not operations.run_task(claim=claim):
            sys.exit(f"{claim.task.task_path} failed")


class Newsroom:
    """An editor-in-chief at the admin, who does as asked."""

    def __init__(self, names: dict[str, Any]) -> None:
        from django.test import Client

        self.client = Client(headers={"host": "localhost"})
        sign_in(self.client, names["editor"])
        self.section, self.article = names["section"], names["article"]
        self.number = 0
        self.new = 0
        self.acts: dict[str, Callable[[], None]] = {
            CORRECT: self.correct,
            PUBLISH: self.publish,
            WITHDRAW: self.withdraw,
            RENAME: self.rename,
            LOOK: look,
        }

    def correct(self) -> None:
        self.number += 1
        form = form_of(title=f"Corrected {self.number} times", slug="corrected", text="Some other words.")
        form |= {"change_kind": "correction", "change_note": "It was other words."}
        self.post(f"/admin/pages/{self.article}/edit/", form)

    def publish(self) -> None:
        from coranto.newsroom.models import Article

        self.number += 1
        form = form_of(
            title=f"New article {self.number}", slug=(slug := f"new-{time.time_ns()}"), text="Quite new words."
        )
        self.post(f"/admin/pages/add/newsroom/article/{self.section}/", form)
        self.new = Article.objects.order_by("-pk").values_list("pk", flat=True)[0]
        assert Article.objects.get(pk=self.new).slug == slug

    def withdraw(self) -> None:
        self.post(f"/admin/pages/{self.new}/unpublish/", {})

    def rename(self) -> None:
        from coranto.newsroom.models import Section

        section = Section.objects.get(title="S2")
        section.slug = f"renamed-{time.time_ns()}"
        section.save_revision().publish()

    def post(self, address: str, form: dict[str, Any]) -> None:
        response = self.client.post(address, form)
        if response.status_code != 302:  # noqa: PLR2004 - HTTP
            sys.exit(f"{address}: {response.status_code} {response.context and response.context.get('form').errors}")


def form_of(*, title: str, slug: str, text: str) -> dict[str, Any]:
    from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

    return {
        **nested_form_data(
            {
                "title": title,
                "slug": slug,
                "standfirst": "After a year.",
                "body": streamfield([("paragraph", rich_text(f"<p>{text}</p>"))] * 12),
                "bylines": inline_formset([]),
                "credits": inline_formset([]),
                "read_next": inline_formset([]),
                "comments": inline_formset([]),
                "topics": "T1, T2",
                "comment_policy": "open",
                "visibility": "public",
                "go_live_at": "",
                "expire_at": "",
                "change_kind": "update",
                "change_note": "",
            }
        ),
        "action-publish": "action-publish",
    }


def look() -> None:
    from coranto.newsroom import operations

    operations.publish_due(now=datetime.now(UTC))


if __name__ == "__main__":
    main()
