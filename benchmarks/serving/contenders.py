"""Who serves: nginx with files, Coranto, stock Wagtail behind Django's cache, and whatever runs elsewhere."""

from __future__ import annotations

import getpass
import gzip
import re
import shutil
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from serving import corpus
from serving.processes import Program, free_port, listening_process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serving.corpus import Corpus

HERE = Path(__file__).resolve().parent
FRONT = "/"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"  # where Debian puts it, which is not on everybody's path


@dataclass(slots=True)
class Contender:
    """A site that answers; `pages` are the addresses to ask for in each scenario, none where it has no such page."""

    name: str
    origin: str
    pages: dict[str, list[str]]
    pid: int | None = None
    program: Program | None = field(default=None, repr=False)

    def fetch(self, path: str, headers: Mapping[str, str]) -> tuple[bytes, str]:
        """A page's bytes as sent, and their coding."""
        return fetch(self.origin + path, headers)

    def stop(self) -> None:
        if self.program:
            self.program.stop()


def fetch(address: str, headers: Mapping[str, str]) -> tuple[bytes, str]:
    asked = urllib.request.Request(address, headers=dict(headers))  # noqa: S310 - http, ours or as given
    with urllib.request.urlopen(asked, timeout=120) as answer:  # noqa: S310
        return answer.read(), answer.headers.get("Content-Encoding", "")


def pages_of(addresses: Sequence[str]) -> dict[str, list[str]]:
    return {"article": [addresses[0]], "front page": [FRONT], "1,000 articles": list(addresses)}


# Coranto ----------------------------------------------------------------------------------------------------


def start_coranto(made: Corpus) -> Contender:
    """`coranto serve` over the corpus, all of it on one core."""
    port = free_port()
    program = Program(
        [*corpus.CORANTO, "serve", "--port", str(port)],
        log=made.data.parent / "coranto.log",
        environment={"CORANTO_DATA": str(made.data), "CORANTO_ORIGIN": f"http://localhost:{port}"},
    )
    origin = f"http://localhost:{port}"
    program.until_answering(origin + FRONT)
    return Contender("Coranto", origin, pages_of(made.addresses), program.pid, program)


# nginx ------------------------------------------------------------------------------------------------------

# One worker, as there is one core; files found and opened once; the address of a page is that of its file, as looking
# for an index costs nginx a microsecond and a half.
_NGINX = """\
daemon off; user {user}; worker_processes 1; pid {folder}/nginx.pid; error_log stderr warn;
events {{ worker_connections 2048; }}
http {{
  access_log off; {sending} keepalive_timeout 60s; keepalive_requests 1000000000;
  types {{ text/html html; }} charset utf-8;
  gzip_static on; gzip_vary on; open_file_cache max=10000 inactive=1h; open_file_cache_valid 1h;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096; root {pages};
    rewrite ^(.*)/$ $1/index.html break;
  }}
}}
"""


# As every guide has it; and as is quicker for small files.
SENDING = {
    "nginx": "sendfile on; tcp_nopush on;",
    "nginx, sendfile off": "sendfile off; output_buffers 1 128k;",
}


def save_pages(folder: Path, like: Contender) -> None:
    """The pages a site serves as files, with their compressed twins."""
    for path in {path for paths in like.pages.values() for path in paths}:
        save(folder / path.strip("/"), *like.fetch(path, {"Accept-Encoding": "gzip"}))


def start_nginx(folder: Path, pages: Path, like: Contender, *, name: str = "nginx") -> Contender:
    """Serve the saved pages of another site with nginx."""
    folder.mkdir()
    sending = SENDING[name]
    port = free_port()
    settings = folder / "nginx.conf"
    settings.write_text(_NGINX.format(folder=folder, pages=pages, port=port, sending=sending, user=getpass.getuser()))
    # Before it has read its settings nginx would open a log that only root may write.
    program = Program([NGINX, "-e", "stderr", "-p", str(folder), "-c", str(settings)], log=folder / "nginx.log")
    origin = f"http://localhost:{port}"
    program.until_answering(origin + FRONT)
    return Contender(name, origin, like.pages, program.pid, program)


def save(folder: Path, body: bytes, coding: str) -> None:
    if coding not in {"gzip", ""}:
        raise SystemExit(f"{folder}: {coding} was not asked for.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_bytes(gzip.decompress(body) if coding else body)
    (folder / "index.html.gz").write_bytes(body if coding else gzip.compress(body, 6))


# Stock Wagtail ----------------------------------------------------------------------------------------------


def start_wagtail(folder: Path, made: Corpus) -> Contender:
    """A site as `wagtail start` makes it, with an app for news and Django's cache around it, under gunicorn."""
    folder.mkdir()
    tools = Path(sys.executable).parent
    log = folder / "wagtail.log"
    _run([str(tools / "wagtail"), "start", "stock", str(folder)], log)
    shutil.copytree(HERE / "stock" / "news", folder / "news", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(HERE / "stock" / "templates", folder / "stock" / "templates", dirs_exist_ok=True)
    shutil.copy(HERE / "stock" / "local.py", folder / "stock" / "settings" / "local.py")
    _run_manage = [sys.executable, "manage.py"]
    for words in (["makemigrations", "news"], ["migrate"], ["fill", str(made.told)], ["collectstatic", "--no-input"]):
        _run([*_run_manage, *words, "--verbosity", "0"], log)
    port = free_port()
    program = Program(
        # One process, as there is one core; threads, as without them gunicorn keeps no connection open.
        [str(tools / "gunicorn"), "stock.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4", "--keep-alive", "60"],
        log=log,
        environment={"DJANGO_SETTINGS_MODULE": "stock.settings.production"},
    )
    origin = f"http://localhost:{port}"
    program.until_answering(origin + FRONT)
    return Contender("Wagtail", origin, pages_of(made.addresses), program.pid, program)


def _run(command: Sequence[str], log: Path) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "stock.settings.production", "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(command, cwd=log.parent, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SystemExit(f"{' '.join(command)}\n{ended.stdout}{ended.stderr}")


# Elsewhere --------------------------------------------------------------------------------------------------


def reach(told: str) -> Contender:
    """`NAME=ADDRESS`: an article of a site that runs already, with all that needs (a cache in front of it, say)."""
    matched = re.fullmatch(r"([^=]+)=(https?://\S+)", told)
    if not matched:
        raise SystemExit(f"--also wants NAME=http://host:port/an/article/, not {told!r}.")
    try:
        fetch(matched[2], {})
    except OSError as error:
        raise SystemExit(f"{matched[1]} does not answer at {matched[2]}: {error}") from error
    parts = urlsplit(matched[2])
    pid = None
    if parts.hostname in {"localhost", "127.0.0.1"}:
        pid = listening_process(parts.port or (443 if parts.scheme == "https" else 80))
    pages = {"article": [parts.path or FRONT], "front page": [FRONT]}
    return Contender(matched[1], f"{parts.scheme}://{parts.netloc}", pages, pid)
