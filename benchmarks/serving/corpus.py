"""The same thousand articles for everybody: made up, imported into Coranto, told to the others.

What needs Django over the site's folder runs as a process of its own: `python -m serving.corpus TASK`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EDITOR, SECRET = "cora@lantern.example", "a long enough secret"
CORANTO = [sys.executable, "-P", "-m", "coranto"]
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Corpus:
    """A filled data folder and what is in it; `articles` in an order a reader would not guess."""

    data: Path
    told: Path
    articles: list[dict[str, Any]]

    @property
    def addresses(self) -> list[str]:
        return [article["address"] for article in self.articles]


def make_corpus(folder: Path, *, articles: int) -> Corpus:
    """Import a made-up archive into a new data folder."""
    sys.path.insert(0, str(HERE.parent))
    from import_wordpress import make_archive

    data = folder / "coranto"
    archive = make_archive(folder, articles=articles, comments=20, pictures=False)
    environment = {**os.environ, "CORANTO_DATA": str(data)}
    imported = subprocess.run(
        [*CORANTO, "import", "wordpress", str(archive), "--no-fetch"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if imported.returncode:
        raise SystemExit(imported.stdout + imported.stderr)
    told = folder / "articles.json"
    environment["PYTHONPATH"] = str(HERE.parent)
    with told.open("w") as output:
        subprocess.run([sys.executable, "-m", "serving.corpus"], env=environment, stdout=output, check=True)
    return Corpus(data, told, json.loads(told.read_text()))


def tell() -> None:
    """Make an editor's account and print the articles."""
    from sites import begin_site

    begin_site()
    from coranto.masthead.models import Account
    from coranto.newsroom.models import Article

    Account.objects.create_superuser(EDITOR, SECRET)
    articles = Article.objects.live().order_by("slug").prefetch_related("topics", "bylines__author")
    print(json.dumps([_told(article) for article in articles]))


def _told(article: Any) -> dict[str, Any]:
    return {
        "pk": article.pk,
        "address": article.address,
        "headline": article.title,
        "slug": article.slug,
        "section": article.section_slug,
        "standfirst": article.standfirst,
        "author": ", ".join(byline.author.name for byline in article.bylines.all()),
        "topics": [topic.name for topic in article.topics.all()],
        "published_at": article.first_published_at.isoformat(),
        "body": [_block(block) for block in article.raw_body],
    }


def _block(block: dict[str, Any]) -> dict[str, Any]:
    """A block for another site, which has fewer kinds of them."""
    value = block["value"]
    match block["type"]:
        case "heading":
            return {"type": "heading", "value": value["text"]}
        case "paragraph":
            return {"type": "paragraph", "value": value}
        case _:
            return {"type": "quote", "value": f"<blockquote>{value['text']}</blockquote>"}


if __name__ == "__main__":
    tell()
