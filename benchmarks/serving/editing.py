"""An editor at work in the admin, as a browser would send it, while readers read."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from serving import corpus, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from serving.contenders import Contender

HANDS = 4  # so many editors at once reach the pace although each waits for an answer
READERS, PAUSE = 16, 10  # connections, and the milliseconds each waits between two pages


@dataclass(slots=True)
class Day:
    """What came of publishing while reading."""

    quiet: load.Answered
    busy: load.Answered
    seconds: float
    publishing: list[float] = field(default_factory=list)  # ms until the editor's answer
    first_pages: list[float] = field(default_factory=list)  # ms of the very next request
    stale: int = 0

    @property
    def pace(self) -> float:
        return len(self.publishing) / self.seconds

    @property
    def ratio(self) -> float:
        return self.busy.p99 / self.quiet.p99


class Editor:
    """Signed in once; each of `HANDS` threads may use it."""

    def __init__(self, origin: str, data: Path) -> None:
        self.origin = origin
        self.client = httpx.Client(base_url=origin, timeout=60, limits=httpx.Limits(max_connections=HANDS))
        link = _entry_link(data)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.client.get(link).text)
        assert token
        signed_in = self.client.post(link, data={"csrfmiddlewaretoken": token[1]})
        assert signed_in.status_code == httpx.codes.FOUND, _complaints(signed_in.text)
        self.token = self.client.cookies["coranto_csrf"]

    def publish(self, article: dict[str, Any], headline: str) -> None:
        answer = self.client.post(
            f"/admin/pages/{article['pk']}/edit/",
            data={**form_of(article, headline), "action-publish": "action-publish"},
            headers={"X-CSRFToken": self.token},
        )
        if answer.status_code != httpx.codes.FOUND:
            raise SystemExit(f"The editor was answered {answer.status_code}: {_complaints(answer.text)}")


def _entry_link(data: Path) -> str:
    """The path by which the owner of the server lets the editor in."""
    made = subprocess.run(
        [sys.executable, "-P", "-m", "coranto", "manage", "break_glass", corpus.EDITOR],
        env={**os.environ, "CORANTO_DATA": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )
    return urlsplit(made.stdout.strip()).path


def form_of(article: dict[str, Any], headline: str) -> dict[str, str]:
    """The article's form as the editor's page would send it, its paragraphs as they were."""
    paragraphs = [block["value"] for block in article["body"] if block["type"] == "paragraph"]
    form = {
        "title": headline, "slug": article["slug"], "standfirst": article["standfirst"], "body-count": len(paragraphs),
        "topics": ", ".join(article["topics"]), "comment_policy": "open", "visibility": "public", "password": "",
        "picture": "", "picture_caption": "", "seo_title": "", "search_description": "", "go_live_at": "",
        "expire_at": "", "change_kind": "update", "change_note": "", "embargoed_until": "", "desk_note": "",
    }  # fmt: skip
    for formset in ("bylines", "credits", "read_next", "comments"):
        form |= {f"{formset}-{part}_FORMS": 0 for part in ("TOTAL", "INITIAL", "MIN_NUM")}
        form[f"{formset}-MAX_NUM_FORMS"] = 1000
    for number, paragraph in enumerate(paragraphs):
        text = {"key": "aaaaa", "text": re.sub("<[^>]+>", "", paragraph), "type": "unstyled", "depth": 0,
                "inlineStyleRanges": [], "entityRanges": []}  # fmt: skip
        form |= {
            f"body-{number}-deleted": "", f"body-{number}-order": number, f"body-{number}-type": "paragraph",
            f"body-{number}-id": "", f"body-{number}-value": json.dumps({"blocks": [text], "entityMap": {}}),
        }  # fmt: skip
    return {name: str(value) for name, value in form.items()}


def publish_while_reading(
    site: Contender,
    editor: Editor,
    edited: Sequence[dict[str, Any]],
    others: Sequence[str],
    *,
    pace: float,
    seconds: float,
    folder: Path,
) -> Day:
    """Let readers read `others` without and with an editor who changes headlines of `edited`, `pace` times a second."""
    settings: dict[str, Any] = {"folder": folder, "connections": READERS, "pause": PAUSE, "seconds": seconds}
    editor.publish(edited[0], "A first one, to warm the editor's page")
    for path in others:
        site.fetch(path, load.BARE)
    day = Day(load.ask(site.origin, others, load.BARE, pid=site.pid, **settings), load.NOTHING, seconds)
    reading = load.begin_asking(site.origin, others, load.BARE, **settings)
    lock = threading.Lock()
    began = time.perf_counter()

    def change(number: int) -> None:
        time.sleep(max(0.0, began + number / pace - time.perf_counter()))
        if time.perf_counter() - began > seconds:
            return
        article, headline = edited[number % len(edited)], f"Changed for the {number}th time"
        before = time.perf_counter()
        editor.publish(article, headline)
        answered = time.perf_counter()
        page, _ = site.fetch(article["address"], {})
        seen = time.perf_counter()
        list_page, _ = site.fetch(f"/{article['section']}/", {})
        with lock:
            day.publishing.append((answered - before) * 1000)
            day.first_pages.append((seen - answered) * 1000)
            day.stale += sum(headline.encode() not in each for each in (page, list_page))

    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(change, range(round(pace * seconds))))
    printed, _ = reading.communicate()
    day.busy = load.read_figures(printed, spent=None)
    return day


def median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else float("nan")


def _complaints(page: str) -> str:
    found = re.findall(r'class="(?:error-message|help-block help-critical|messages?)[^>]*>(.*?)</', page, re.DOTALL)
    return " ".join(" ".join(re.sub("<[^>]+>", " ", each).split()) for each in found) or page[:2000]
