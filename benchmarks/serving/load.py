"""Asking with wrk from a core of its own."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.processes import ASKING, processor_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CONNECTIONS = 32
REFERERS = 5
BARE = {"Accept-Encoding": "gzip"}  # what wrk sends by itself is `Host`
# What Chromium sends when a reader follows a link; it offers brotli where the connection is encrypted. Where many pages
# are asked for, readers of each come from so many others: five thousand ways to say it, as in life.
CHROMIUM = {
    "Connection": "keep-alive",
    "Cache-Control": "max-age=0",
    "sec-ch-ua": '"Chromium";v="142", "Not_A Brand";v="99"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-User": "?1",
    "Sec-Fetch-Dest": "document",
    "Referer": "https://news.example/latest/",
    "Accept-Language": "en-GB,en;q=0.9",
}
HEADERS = {
    "bare": BARE,
    "Chromium, gzip": {**CHROMIUM, "Accept-Encoding": "gzip, deflate"},
    "Chromium, br": {**CHROMIUM, "Accept-Encoding": "gzip, deflate, br, zstd"},
}

_SCRIPT = """\
wrk.headers = {headers}
local paths, requests, at = {paths}, {{}}, 0
if #paths > 1 then
  function init()
    for round = 1, wrk.headers["Referer"] and {referers} or 1 do
      for n, path in ipairs(paths) do
        local headers = {{}}
        for name, value in pairs(wrk.headers) do headers[name] = value end
        if headers["Referer"] then
          headers["Referer"] = "https://news.example" .. paths[(n + 37 * round) % #paths + 1]
        end
        table.insert(requests, wrk.format("GET", path, headers))
      end
    end
  end
  function request()
    at = at % #requests + 1
    return requests[at]
  end
end
local pause = {pause}
if pause > 0 then
  function delay() return math.random(pause / 2, pause * 3 / 2) end
end
function done(summary, latency)
  local faults = summary.errors
  io.write("FIGURES " .. string.format(
    '{{"requests": %d, "microseconds": %d, "failed": %d, "median": %d, "p99": %d, "most": %d}}\\n', summary.requests,
    summary.duration, faults.connect + faults.read + faults.write + faults.status + faults.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """One run. Latencies in milliseconds; `processor` is microseconds a request, None for a foreign program."""

    requests: int
    per_second: float
    processor: float | None
    median: float
    p99: float
    most: float
    failed: int


NOTHING = Answered(0, 0.0, None, 0.0, 0.0, 0.0, 0)


def ask(
    origin: str,
    paths: Sequence[str],
    headers: Mapping[str, str],
    *,
    seconds: float,
    folder: Path,
    pid: int | None,
    connections: int = CONNECTIONS,
    pause: int = 0,
) -> Answered:
    """Ask for the paths in turn. `pause` is how many milliseconds each connection waits between two requests."""
    before = processor_seconds(pid) if pid else 0.0
    begun = begin_asking(origin, paths, headers, seconds=seconds, folder=folder, connections=connections, pause=pause)
    printed, _ = begun.communicate()
    return read_figures(printed, spent=processor_seconds(pid) - before if pid else None)


def begin_asking(
    origin: str,
    paths: Sequence[str],
    headers: Mapping[str, str],
    *,
    seconds: float,
    folder: Path,
    connections: int = CONNECTIONS,
    pause: int = 0,
) -> subprocess.Popen[str]:
    script = folder / f"asking-{os.getpid()}.lua"
    script.write_text(_SCRIPT.format(headers=_table(headers), paths=_table(paths), pause=pause, referers=REFERERS))
    command = ["taskset", "--cpu-list", str(ASKING)]
    # wrk knows whole seconds only.
    command += ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", "-s", str(script)]
    return subprocess.Popen([*command, origin + paths[0]], stdout=subprocess.PIPE, text=True)


def read_figures(printed: str, *, spent: float | None) -> Answered:
    try:
        figures = json.loads(printed.rpartition("FIGURES ")[2])
    except ValueError:
        raise SystemExit(f"wrk said:\n{printed}") from None
    requests = figures["requests"] or 1
    return Answered(
        requests=requests,
        per_second=requests / figures["microseconds"] * 1e6,
        processor=None if spent is None else spent / requests * 1e6,
        median=figures["median"] / 1000,
        p99=figures["p99"] / 1000,
        most=figures["most"] / 1000,
        failed=figures["failed"],
    )


def _table(values: Mapping[str, str] | Sequence[str]) -> str:
    """A table in Lua; JSON's quoting of plain text is Lua's too."""
    if isinstance(values, dict):
        return "{" + ", ".join(f"[{json.dumps(k)}] = {json.dumps(v)}" for k, v in values.items()) + "}"
    return "{" + ", ".join(map(json.dumps, values)) + "}"
