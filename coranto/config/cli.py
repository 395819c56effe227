"""The command line. `coranto --help` loads nothing but this; each command loads what it needs.

A command that cannot begin says why in a sentence on stderr and exits with 2.
"""

from __future__ import annotations

import logging
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

import coranto
from coranto.config.beginning import (
    SETTINGS,
    check_certificate,
    check_sqlite,
    check_version,
    child_environment,
    database_may_be_away,
    environment,
    migrate,
    open_site,
    prepare_folder,
    refuse,
    start_django,
)
from coranto.importers.command import import_group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.config.env import Environment

APPLICATION = "coranto.config.wsgi:application"
DEMO_FOLDER = Path("coranto-demo")


# `python -m coranto`, without the current folder on the import path: a file named random.py lying there
# would otherwise take the place of the library's.
_THIS_PROGRAM = (sys.executable, "-P", "-m", "coranto")

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(coranto.__version__, prog_name="Coranto", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Coranto, a publishing system for independent newsrooms.

    All state of a site lives in one folder, CORANTO_DATA (default ./coranto-data).
    """
    context.obj = open_site  # for the commands of other rooms


# For whoever runs a site ------------------------------------------------------------------------------------


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port to listen on; 0 takes a free one.",
)
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Web processes, of four threads each.",
)
@click.option("--tls-cert", type=_file, help="A certificate (PEM, with its chain), to serve https.")
@click.option("--tls-key", type=_file, help="The certificate's private key (PEM).")
@click.option("--lease", type=float, hidden=True, help="Seconds a dead worker's task waits.")
@click.option("--grace", default=25.0, type=float, hidden=True, help="Seconds a stop may take.")
def serve(
    *,
    host: str,
    port: int,
    workers: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    lease: float | None,
    grace: float,
) -> None:
    """Run the site; creates and migrates CORANTO_DATA where it is new."""
    env = environment()
    check_certificate(tls_cert, tls_key)
    web = ["--workers", str(workers)]
    if tls_cert and tls_key:
        web += ["--tls-cert", str(tls_cert), "--tls-key", str(tls_key)]
    _run_site(env, host=host, port=port, web=web, is_https=tls_cert is not None, lease=lease, grace=grace)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port to listen on.")
def demo(*, host: str, port: int) -> None:
    """Show Coranto with an invented newspaper, in ./coranto-demo unless CORANTO_DATA names another folder."""
    env = environment()
    if "coranto_data" not in env.model_fields_set:
        env = env.model_copy(update={"coranto_data": DEMO_FOLDER.absolute()})
    _run_site(env, host=host, port=port, web=["--workers", "2"], prepare=["--specimen"])


def _run_site(
    env: Environment,
    *,
    host: str,
    port: int,
    web: Sequence[str],
    prepare: Sequence[str] = (),
    is_https: bool = False,
    lease: float | None = None,
    grace: float = 25.0,
) -> NoReturn:
    """Become the supervisor of a site until it is stopped."""
    if not env.database_url:
        check_sqlite()
    prepare_folder(env)
    check_version(env.coranto_data)

    from coranto.jobs import supervisor

    # Every child is told whose death is its own: this process becomes the supervisor.
    parent = ("--parent", str(os.getpid()))
    # The worker stops a little before it would be killed, so that it can hand back what it has in hand.
    worker = [*parent, "--grace", str(max(grace - 5, grace / 2))]
    if lease is not None:
        worker += ["--lease", str(lease)]
    site = supervisor.Site(
        run=env.coranto_data / "run",
        host=host,
        port=port,
        is_https=is_https,
        grace=grace,
        environment=lambda bound: child_environment(env, bound, is_https=is_https),
        prepare=[*_THIS_PROGRAM, "_prepare", *parent, *prepare],
        web=lambda listener, ready: [
            *(*_THIS_PROGRAM, "_web", *parent, *web),
            *("--listener", str(listener), "--ready", str(ready)),
        ],
        worker=lambda ready: [*_THIS_PROGRAM, "_worker", *worker, "--ready", str(ready)],
        say=click.echo,
    )
    logging.basicConfig(
        level=logging.INFO, format="{asctime} {levelname} {name}: {message}", style="{", stream=sys.stderr
    )
    try:
        code = supervisor.serve(site)
    except supervisor.ServeError as error:
        refuse(str(error))
    sys.exit(code)


@main.command(
    context_settings={
        "ignore_unknown_options": True,
        "allow_interspersed_args": False,
        "help_option_names": [],
    }
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(*, arguments: tuple[str, ...]) -> None:
    """Django's own commands: `coranto manage help` lists them."""
    prepare_folder(environment())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)

    from django.core.management import execute_from_command_line

    with database_may_be_away():
        execute_from_command_line(["coranto manage", *arguments])


main.add_command(import_group)


# The processes of `coranto serve` ---------------------------------------------------------------------------


@main.command("_prepare", hidden=True)
@click.option("--parent", type=int, required=True)
@click.option("--specimen", is_flag=True)
def prepare_site(*, parent: int, specimen: bool) -> None:
    """Bring the databases up to date and say what the owner must know."""
    import signal

    from coranto.jobs.supervisor.processes import die_with_parent

    die_with_parent(parent, by=signal.SIGTERM)
    env = start_django()
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
    from coranto.specimen import operations

    try:
        login = operations.plant_specimen_if_new(run=env.coranto_data / "run", now=clock.now(), say=_mention)
    except operations.NotEmptyError:
        refuse(
            f"The folder {env.coranto_data} holds a newsroom of your own; the demonstration leaves it alone. "
            "Run `coranto serve`, or name a new folder in CORANTO_DATA."
        )
    click.echo(f"Sign in at {env.coranto_origin}/admin/ as {login.email} with the password {login.password}")


@main.command("_web", hidden=True)
@click.option("--parent", type=int, required=True)
@click.option("--listener", type=int, required=True)
@click.option("--ready", type=int, required=True)
@click.option("--workers", type=int, required=True)
@click.option("--tls-cert", type=_file)
@click.option("--tls-key", type=_file)
def serve_web(
    *, parent: int, listener: int, ready: int, workers: int, tls_cert: Path | None, tls_key: Path | None
) -> None:
    """Answer requests."""
    env = environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    from coranto.jobs.supervisor.web import Web, run_web

    web = Web(
        application=APPLICATION,
        listener=listener,
        ready=ready,
        workers=workers,
        trusted_proxies=env.coranto_trusted_proxies,
        certificate=tls_cert,
        key=tls_key,
    )
    run_web(web, parent=parent)


@main.command("_worker", hidden=True)
@click.option("--parent", type=int, required=True)
@click.option("--ready", type=int, required=True)
@click.option("--grace", type=float, required=True)
@click.option("--lease", type=float)
def run_worker(*, parent: int, ready: int, grace: float, lease: float | None) -> None:
    """Do deferred and regular work."""
    start_django()
    from coranto.jobs import worker
    from coranto.jobs.rules import leases

    worker.run_worker(
        parent=parent,
        ready=ready,
        grace=timedelta(seconds=grace),
        lease=leases.LEASE if lease is None else timedelta(seconds=lease),
    )
