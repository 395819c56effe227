"""How long `coranto import wordpress` takes, as a whole process over a new data folder.

    benchmarks/import_wordpress.py [FILE] [--media DIR] [--articles 1000] [--comments 20] [--pictures] [--runs 3]

Without FILE an archive is made up: --articles of 18 paragraphs each, with --comments under each; --pictures adds
one picture of 1200 by 675 to each article. The tables are made beforehand (`migrate` is shown by itself): a site
has them when it imports. Every run begins with a copy of that empty site; the median of the runs is shown.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "importers"))

from exports import Export
from PIL import Image

CORANTO = [sys.executable, "-P", "-m", "coranto"]
LETTERS = [
    "ba",
    "be",
    "bi",
    "bo",
    "bu",
    "da",
    "de",
    "di",
    "do",
    "du",
    "ka",
    "ke",
    "ki",
    "ko",
    "ku",
    "la",
    "le",
    "li",
    "lo",
    "lu",
    "ma",
    "me",
    "mi",
    "mo",
    "mu",
]


def words(rng: random.Random, count: int) -> str:
    text = " ".join("".join(rng.choices(LETTERS, k=rng.randint(1, 4))) for _ in range(count))
    return text.capitalize() + "."


def make_archive(folder: Path, *, articles: int, comments: int, pictures: bool) -> Path:
    """An export of made-up words, the same for the same numbers."""
    rng = random.Random(3)  # noqa: S311 - words, no secrets
    export = Export()
    export.author("cora", "Cora Vale")
    for name in ("city", "world", "culture", "opinion"):
        export.category(name, name.title())
    for number in range(articles if pictures else 0):
        export.picture(f"{number}.png", id=1_000_000 + number)
        write_picture(folder / "uploads" / f"{number}.png", number)
    for number in range(1, articles + 1):
        paragraphs = [f"<p>{words(rng, 70)} <a href='https://x.example/{n}'>{words(rng, 3)}</a></p>" for n in range(18)]
        paragraphs[3:3] = [f"<blockquote><p>{words(rng, 40)}</p></blockquote>", f"<h2>{words(rng, 6)}</h2>"]
        export.post(
            "\n".join(paragraphs),
            id=number,
            slug=f"article-{number}",
            title=words(rng, 8),
            excerpt=words(rng, 15),
            terms=[("category", rng.choice(["city", "world", "culture", "opinion"]), ""),
                   *(("post_tag", tag, tag) for tag in {words(rng, 1)[:-1].lower() for _ in range(4)})],
            meta={"_thumbnail_id": 1_000_000 + number - 1} if pictures else {},
            comments=[
                {"id": number * 1000 + n, "text": words(rng, 30), "parent": number * 1000 + n - 1 if n % 3 else 0}
                for n in range(comments)
            ],
        )  # fmt: skip
    return export.write(folder / "export.xml")


def write_picture(path: Path, number: int) -> None:
    path.parent.mkdir(exist_ok=True)
    file = BytesIO()
    Image.new("RGB", (1200, 675), (number % 256, number // 256 % 256, 90)).save(file, "PNG")
    path.write_bytes(file.getvalue())


def call(data: Path, *arguments: str) -> tuple[float, float, float, str]:
    """Seconds by the clock, seconds of processor, megabytes at most, and what it printed."""
    environment = {**os.environ, "CORANTO_DATA": str(data)}
    began = time.perf_counter()
    process = subprocess.Popen([*CORANTO, *arguments], env=environment, stdout=subprocess.PIPE, text=True)
    printed = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(arguments)} ended with {process.returncode}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--media", type=Path)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--comments", type=int, default=20)
    parser.add_argument("--pictures", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = options.file or make_archive(
            folder, articles=options.articles, comments=options.comments, pictures=options.pictures
        )
        media = options.media or (folder / "uploads" if options.pictures and not options.file else None)
        arguments = [str(file), "--no-fetch", "--json", *(["--media", str(media)] if media else [])]
        empty = folder / "empty"
        seconds, processor, _, _ = call(empty, "manage", "migrate", "--verbosity", "0")
        print(f"tables made      {seconds:6.1f} s  {processor:6.1f} s of processor")
        seconds, processor, _, _ = call(empty, "manage", "check")
        print(f"start-up alone   {seconds:6.1f} s  {processor:6.1f} s of processor")
        measure(folder, empty, arguments, options.runs)


def measure(folder: Path, empty: Path, arguments: list[str], runs: int) -> None:
    first, again = [], []
    created = {}
    for number in range(runs):
        data = folder / f"run-{number}"
        shutil.copytree(empty, data)
        *figures, printed = call(data, "import", "wordpress", *arguments)
        first.append(figures)
        created = json.loads(printed)["created"]
        again.append(call(data, "import", "wordpress", *arguments)[:3])
        shutil.rmtree(data)
    print("created          " + ", ".join(f"{count:,} {kind}" for kind, count in created.items() if count))
    for title, rows in (("import", first), ("the same again", again)):
        seconds, processor, megabytes = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{title:16} {seconds:6.1f} s  {processor:6.1f} s of processor  {megabytes:4.0f} MB")


if __name__ == "__main__":
    main()
