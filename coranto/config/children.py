"""The processes of `coranto serve`: the words that start each, and what each does with them.

`_edge` loads nothing but what it needs: it reads no settings, whoever starts it has read them.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coranto.config.beginning import (
    SETTINGS,
    database_may_be_away,
    environment,
    migrate,
    refuse,
    start_django,
    warm_up,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coranto.config.env import Environment

APPLICATION = "coranto.config.wsgi:application"

# `python -m coranto`, without the current folder on the import path: a file named random.py lying there
# would otherwise take the place of the library's.
_THIS_PROGRAM = (sys.executable, "-P", "-m", "coranto")
# Of the time a stop may take, the edge has the first part (supervisor.loop), the app and its forks what is left.
_EDGE_SHARE, _APP_SHARE, _WORKER_SHARE = 0.6, 0.35, 0.25

_AHEAD = 2

_path = click.Path(path_type=Path)


# The edge -----------------------------------------------------------------------------------------------------


def edge_words(
    env: Environment, parent: Sequence[str], tls: Sequence[str], *, workers: int, grace: float
) -> Callable[[int, int], list[str]]:
    """The words that start the edge with its listener and the end it is ready on. No secret is among them."""
    words = [*_THIS_PROGRAM, "_edge", *parent, *tls, "--grace", str(grace * _EDGE_SHARE)]
    words += ["--data", str(env.coranto_data), "--host", env.host, "--store-mb", str(env.coranto_page_store_mb)]
    from coranto.jobs.supervisor import THREADS

    # A little more than they answer at once, so that the next is there when one has ended.
    words += ["--app-requests", str(workers * THREADS + _AHEAD)]
    if env.coranto_front_cache.startswith("varnish"):
        words.append("--cache-in-front")
    for proxy in env.coranto_trusted_proxies:
        words += ["--trusted-proxy", proxy]
    return lambda listener, ready: [*words, "--listener", str(listener), "--ready", str(ready)]


@click.command("_edge", hidden=True)
@click.option("--parent", type=int, required=True)
@click.option("--listener", type=int, required=True)
@click.option("--ready", type=int, required=True)
@click.option("--data", type=_path, required=True)
@click.option("--host", required=True)
@click.option("--store-mb", type=int, required=True)
@click.option("--app-requests", type=int, required=True)
@click.option("--cache-in-front", is_flag=True)
@click.option("--trusted-proxy", "trusted_proxies", multiple=True)
@click.option("--tls-cert", type=_path)
@click.option("--tls-key", type=_path)
@click.option("--grace", type=float, required=True)
def serve_edge(
    *,
    parent: int,
    listener: int,
    ready: int,
    data: Path,
    host: str,
    store_mb: int,
    app_requests: int,
    cache_in_front: bool,
    trusted_proxies: tuple[str, ...],
    tls_cert: Path | None,
    tls_key: Path | None,
    grace: float,
) -> None:
    """Answer readers from the store; ask the app for what is not in it."""
    import logging

    logging.basicConfig(
        level=logging.INFO, format="{asctime} {levelname} {name}: {message}", style="{", stream=sys.stderr
    )
    from coranto.config.folder import KEY_FILE
    from coranto.delivery.edge.options import EdgeOptions
    from coranto.delivery.edge.serving import run_edge
    from coranto.delivery.rules import datagrams
    from coranto.kit.processes import name_process

    name_process("coranto-edge")
    run_edge(
        EdgeOptions(
            listener=listener,
            ready=ready,
            parent=parent,
            app=data / "run" / "app.sock",
            purges=data / "run" / datagrams.SOCKET_NAME,
            secret_key=data / KEY_FILE,
            hosts=frozenset({host, "localhost", "127.0.0.1", "::1"}),
            trusted_proxies=trusted_proxies,
            app_requests=app_requests,
            has_cache_in_front=cache_in_front,
            store_limit=store_mb * 1_000_000,
            roots=(data / "media", data / "run" / "static"),
            certificate=tls_cert,
            key=tls_key,
            # They hold passwords, and command lines can be read by everybody.
            redis_url=os.environ.get("REDIS_URL", ""),
            database_url=os.environ.get("DATABASE_URL", ""),
            metrics_token=os.environ.get("CORANTO_METRICS_TOKEN", ""),
            grace=grace,
        )
    )


# The app ------------------------------------------------------------------------------------------------------


def app_words(parent: Sequence[str], more: Sequence[str], grace: float) -> Callable[[int, int, bool], list[str]]:
    """The words that start the app with its listener, the end it is ready on, and whether it prepares the site."""
    words = [*_THIS_PROGRAM, "_app", *parent, *more, "--grace", str(grace)]
    return lambda listener, ready, prepares: [
        *words,
        *("--listener", str(listener), "--ready", str(ready)),
        *(["--prepare"] if prepares else []),
    ]


@click.command("_app", hidden=True)
@click.option("--parent", type=int, required=True)
@click.option("--listener", type=int, required=True)
@click.option("--ready", type=int, required=True)
@click.option("--workers", type=int, required=True)
@click.option("--prepare", is_flag=True)
@click.option("--specimen", is_flag=True)
@click.option("--public", is_flag=True)
@click.option("--tls-cert", type=_path)
@click.option("--tls-key", type=_path)
@click.option("--grace", type=float, required=True)
@click.option("--lease", type=float)
def serve_app(
    *,
    parent: int,
    listener: int,
    ready: int,
    workers: int,
    prepare: bool,
    specimen: bool,
    public: bool,
    tls_cert: Path | None,
    tls_key: Path | None,
    grace: float,
    lease: float | None,
) -> None:
    """Make pages, and do deferred and regular work."""
    from coranto.jobs.supervisor.app import App, run_app

    env = environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)

    def run_web(ready: int) -> None:
        from coranto.jobs.supervisor.web import Web, run_web

        web = Web(
            application=APPLICATION,
            listener=listener,
            ready=ready,
            workers=workers,
            is_behind_edge=not public,
            trusted_proxies=env.coranto_trusted_proxies if public else (),
            certificate=tls_cert,
            key=tls_key,
        )
        run_web(web, parent=os.getppid())

    def run_worker(ready: int) -> None:
        from coranto.jobs import worker
        from coranto.jobs.rules import leases

        worker.run_worker(
            parent=os.getppid(),
            ready=ready,
            # A little before it would be killed, so that it can hand back what it has in hand.
            grace=timedelta(seconds=grace * _WORKER_SHARE),
            lease=leases.LEASE if lease is None else timedelta(seconds=lease),
        )

    run_app(
        App(
            parent=parent,
            ready=ready,
            grace=grace * _APP_SHARE,
            load=start_django,
            warm=lambda: warm_up(env),
            web=run_web,
            worker=run_worker,
            prepare=(lambda: _prepare(env, specimen=specimen)) if prepare else None,
            arrive=_forget_everywhere if prepare else None,
        )
    )


def _prepare(env: Environment, *, specimen: bool) -> None:
    """Bring the databases up to date and say what the owner must know."""
    from coranto.kit import clock

    with database_may_be_away():
        migrate(env)

        if specimen:
            _plant_specimen(env)
            return

        from coranto.masthead.operations import create_setup_link_if_needed

        path = create_setup_link_if_needed(now=clock.now())
    if path:
        click.echo(f"Make the first account here, once: {env.coranto_origin}{path}")


def _mention(line: str) -> None:
    click.echo(line, err=True)  # at once: what a preparation prints is shown when it has ended


def _plant_specimen(env: Environment) -> None:
    from coranto.kit import clock
    from coranto.masthead.models import Account
    from coranto.readers.operations import create_entry_link
    from coranto.specimen import operations

    try:
        login = operations.plant_specimen_if_new(run=env.coranto_data / "run", now=clock.now(), say=_mention)
    except operations.NotEmptyError:
        refuse(
            f"The folder {env.coranto_data} holds a newsroom of your own; the demonstration leaves it alone. "
            "Run `coranto serve`, or name a new folder in CORANTO_DATA."
        )
    path = create_entry_link(account=Account.objects.get(email=login.email), life=timedelta(days=1), now=clock.now())
    click.echo(f"Enter the newsroom here, once: {env.coranto_origin}{path}")
    click.echo(
        f"Another such link: CORANTO_DATA={env.coranto_data} CORANTO_ORIGIN={env.coranto_origin} "
        f"coranto manage break_glass {login.email}"
    )
    click.echo(
        f"Or sign in at {env.coranto_origin}/admin/ as {login.email} with the password {login.password}; "
        "it asks for a second factor."
    )


def _forget_everywhere() -> None:
    """The code may be another than that which made what caches in front and other machines hold."""
    from coranto.delivery.operations import purge_everything

    purge_everything()
