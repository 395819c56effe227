"""What a page costs to serve: Coranto beside nginx with the same bytes, and beside stock Wagtail behind Django's cache.

    benchmarks/delivery.py [--articles 1000] [--rounds 5] [--seconds 3] [--quick] [--also NAME=ADDRESS ...]

All run at once, on one core; wrk asks from another, each of them in turn, round after round, so that what disturbs the
machine disturbs them all. Requests per second and, steadier, microseconds of processor a request (user's and system's,
of every process of the program), and both as parts of nginx's. Then what a page costs that is not stored, how soon a
reader sees what an editor has published and how hits fare meanwhile, five hundred readers at the end of the front page,
the memory taken and the time of a start. `--also` takes the address of an article of any other site: Ghost, say, or
WordPress behind a cache.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import platform
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from serving import contenders, corpus, editing, load, stampede, table
from serving.processes import ASKING, Program, free_port, memory_megabytes, processor_seconds

if TYPE_CHECKING:
    from serving.contenders import Contender
    from serving.corpus import Corpus

SCENARIOS = ("article", "1,000 articles", "front page")
PROMISED = {"bare": (1.2, 0.85), "Chromium, gzip": (1.5, 0.7), "Chromium, br": (1.5, 0.7)}
FRONT_TAG = "front:0"
PACE = 10  # articles published a second
MISSES = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each run of wrk")
    parser.add_argument("--quick", action="store_true", help="200 articles, two rounds of a second: a first look")
    parser.add_argument("--also", action="append", default=[], metavar="NAME=ADDRESS", type=contenders.reach)
    given = parser.parse_args()
    if given.quick:
        given.articles, given.rounds, given.seconds = 200, 2, 1
    os.sched_setaffinity(0, {ASKING})
    describe_machine()
    promises = table.Promises()
    with tempfile.TemporaryDirectory(prefix="coranto-bench-") as place, contextlib.ExitStack() as stack:
        folder = Path(place)
        made = corpus.make_corpus(folder, articles=given.articles)
        measure_starts(made, promises, runs=1 if given.quick else 3)
        coranto = contenders.start_coranto(made)
        stack.callback(coranto.stop)
        contenders.save_pages(folder / "pages", coranto)
        both = []
        for number, name in enumerate(contenders.SENDING):
            both.append(contenders.start_nginx(folder / f"nginx-{number}", folder / "pages", coranto, name=name))
            stack.callback(both[-1].stop)
        wagtail = contenders.start_wagtail(folder / "wagtail", made)
        stack.callback(wagtail.stop)
        promises.at_most("memory with every article stored (PSS, MB)", memory_megabytes(coranto.pid), 300, "{:.0f}")
        sites = [both[0], coranto, *both[1:], wagtail, *given.also]
        measure_hits(sites, given.rounds, given.seconds, folder, promises)
        measure_misses(coranto, wagtail, made, rounds=min(given.rounds, 3))
        measure_publishing(coranto, made, promises, seconds=5 * given.seconds, folder=folder)
        measure_stampede(coranto, made, promises)
    promises.print()


def describe_machine() -> None:
    processor = next(
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    versions = [
        subprocess.run(words, capture_output=True, text=True, check=False)
        for words in ([contenders.NGINX, "-v"], ["wrk", "-v"])
    ]  # fmt: skip
    nginx, wrk = ((each.stderr + each.stdout).partition("\n")[0].strip() for each in versions)
    print(f"{processor}, {os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}")
    print(f"{nginx}; {wrk.partition(' [')[0]}; load of the machine beforehand: {os.getloadavg()[0]:.2f}", flush=True)


# Hits -------------------------------------------------------------------------------------------------------


def measure_hits(sites: list[Contender], rounds: int, seconds: float, folder: Path, promises: table.Promises) -> None:
    for site in sites:
        for path in {path for paths in site.pages.values() for path in paths}:
            site.fetch(path, load.BARE)  # stored from now on
    results: dict[tuple[str, str], table.Rounds] = {}
    for _ in range(rounds):
        for scenario in SCENARIOS:
            for kind, headers in load.HEADERS.items():
                rows = results.setdefault((scenario, kind), {})
                for site in sites:
                    if paths := site.pages.get(scenario):
                        answered = load.ask(site.origin, paths, headers, seconds=seconds, folder=folder, pid=site.pid)
                        rows.setdefault(site.name, []).append(answered)
    for (scenario, kind), rows in results.items():
        size = len(sites[1].fetch(sites[1].pages[scenario][0], load.HEADERS[kind])[0])
        table.print_rounds(f"### {scenario}, {kind} ({size:,} bytes)", rows, to="nginx")
        ratios = table.compare(rows, "Coranto", "nginx")
        processor, per_second = PROMISED[kind]
        promises.at_most(f"{scenario}, {kind}: processor a request, of nginx's", ratios.processor, processor)
        promises.at_least(f"{scenario}, {kind}: requests a second, of nginx's", ratios.per_second, per_second)


# Misses -----------------------------------------------------------------------------------------------------


def measure_misses(coranto: Contender, wagtail: Contender, made: Corpus, *, rounds: int) -> None:
    """Articles one after the other, none of them stored; of each site in turn."""
    taken: dict[str, list[tuple[float, float]]] = {"Coranto": [], "Wagtail": []}
    paths = made.addresses[:MISSES]
    for number in range(rounds):
        stampede.forget(made.data)
        taken["Coranto"].append(_ask_each(coranto, paths))
        # Django's cache knows every address with any query as a page of its own.
        taken["Wagtail"].append(_ask_each(wagtail, [f"{path}?miss={number}" for path in paths]))
    print("\n### an article that is not stored\n\n| | ms of processor | ms until it is there |\n|---|---|---|")
    for name, rows in taken.items():
        spent, waited = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"| {name} | {spent:.1f} | {waited:.1f} |", flush=True)


def _ask_each(site: Contender, paths: list[str]) -> tuple[float, float]:
    assert site.pid
    before, waits = processor_seconds(site.pid), []
    for path in paths:
        began = time.perf_counter()
        site.fetch(path, load.BARE)
        waits.append((time.perf_counter() - began) * 1000)
    return (processor_seconds(site.pid) - before) / len(paths) * 1000, statistics.median(waits)


# Publishing -------------------------------------------------------------------------------------------------


def measure_publishing(
    coranto: Contender, made: Corpus, promises: table.Promises, *, seconds: float, folder: Path
) -> None:
    """With all of Coranto on the one core first, where the pace is more than it can do; then with both cores for it.

    Articles of the section that is published in hold its list: each publication makes that anew, and whoever asks for
    one of them meanwhile waits for it. Those of other sections are hits throughout.
    """
    section = made.articles[0]["section"]
    # The newest first, as its list has them: what was published has to be on that, too.
    within = sorted(
        (article for article in made.articles if article["section"] == section),
        key=lambda article: (article["published_at"], article["pk"]),
        reverse=True,
    )
    edited, same = within[:10], [article["address"] for article in within[10:]]
    others = [article["address"] for article in made.articles if article["section"] != section]
    editor = editing.Editor(coranto.origin, made.data)
    assert coranto.program
    print(f"\n### {PACE} articles a second published in the admin, in one section, while others are read\n")
    print("| read are | cores | published/s | ms to publish | ms of the next page | of them stale "
          "| p99, quiet | p99 meanwhile | ratio |\n|---|---|---|---|---|---|---|---|---|")  # fmt: skip
    for cores, (name, read) in itertools.product(({0}, {0, 1}), (("other sections", others), ("the same one", same))):
        coranto.program.move_to(cores)
        day = editing.publish_while_reading(coranto, editor, edited, read, pace=PACE, seconds=seconds, folder=folder)
        cells = (
            name, len(cores), f"{day.pace:.1f}", f"{editing.median(day.publishing):.0f}",
            f"{editing.median(day.first_pages):.0f}", day.stale, f"{day.quiet.p99:.2f} ms", f"{day.busy.p99:.2f} ms",
            f"{day.ratio:.1f}",
        )  # fmt: skip
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)
        promises.at_most("pages that were stale after the editor's answer", day.stale, 0, "{:.0f}")
        if read is others:
            promises.at_most(
                f"p99 of hits at {day.pace:.1f} articles a second on {len(cores)} of the cores, of its quiet value",
                day.ratio,
                5,
            )
    coranto.program.move_to({0})


def measure_stampede(coranto: Contender, made: Corpus, promises: table.Promises) -> None:
    runs = [stampede.stampede(coranto, made.data, tag=FRONT_TAG) for _ in range(3)]
    print(f"\n### {stampede.CLIENTS} clients when the front page is forgotten\n")
    print("| renders | waited for it | answered | ms until the last had it |\n|---|---|---|---|")
    for run in runs:
        print(f"| {run.renders} | {run.coalesced} | {run.answered} | {run.last:.0f} |", flush=True)
    assert all(run.renders for run in runs), "The front page was not forgotten."
    promises.at_most("renders for 500 clients", max(run.renders for run in runs), 1, "{:.0f}")
    promises.at_least("of 500 clients answered", min(run.answered for run in runs), 500, "{:.0f}")


# Starting ---------------------------------------------------------------------------------------------------


def measure_starts(made: Corpus, promises: table.Promises, *, runs: int) -> None:
    """From the command to the first page, on one core, over a folder that was used before; then what it takes idle."""
    waits, sizes = [], []
    for _ in range(runs):
        port = free_port()
        began = time.perf_counter()
        program = Program(
            [*corpus.CORANTO, "serve", "--port", str(port)],
            log=made.data.parent / "start.log",
            environment={"CORANTO_DATA": str(made.data), "CORANTO_ORIGIN": f"http://localhost:{port}"},
        )
        program.until_answering(f"http://localhost:{port}/")
        waits.append(time.perf_counter() - began)
        time.sleep(3)  # until the worker and the other app processes have come up, too
        sizes.append(memory_megabytes(program.pid))
        program.stop()
    promises.at_most("seconds from the command to the first page", statistics.median(waits), 3)
    promises.at_most("idle memory (PSS, MB)", statistics.median(sizes), 300, "{:.0f}")


if __name__ == "__main__":
    main()
