"""The command line. `coranto --help` loads nothing but this; each command loads what it needs.

A command that cannot begin says why in a sentence on stderr and exits with 2.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

import coranto
from coranto.config import children
from coranto.config.beginning import (
    SETTINGS,
    check_certificate,
    check_sqlite,
    check_version,
    child_environment,
    database_may_be_away,
    environment,
    open_site,
    prepare_folder,
    refuse,
)
from coranto.importers.command import import_group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.config.env import Environment

DEMO_FOLDER = Path("coranto-demo")


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
    help="Processes that make pages, of four threads each.",
)
@click.option(
    "--edge/--no-edge",
    default=True,
    show_default=True,
    help="Keep pages in a store and serve them from there; without it every page is made for every reader.",
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
    edge: bool,
    tls_cert: Path | None,
    tls_key: Path | None,
    lease: float | None,
    grace: float,
) -> None:
    """Run the site; creates and migrates CORANTO_DATA where it is new."""
    check_certificate(tls_cert, tls_key)
    tls = ["--tls-cert", str(tls_cert), "--tls-key", str(tls_key)] if tls_cert and tls_key else []
    app = []
    if lease is not None:
        app += ["--lease", str(lease)]
    env = environment()
    _run_site(env, host=host, port=port, workers=workers, app=app, tls=tls, has_edge=edge, grace=grace)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port to listen on.")
def demo(*, host: str, port: int) -> None:
    """Show Coranto with an invented newspaper, in ./coranto-demo unless CORANTO_DATA names another folder."""
    env = environment()
    if "coranto_data" not in env.model_fields_set:
        env = env.model_copy(update={"coranto_data": DEMO_FOLDER.absolute()})
    _run_site(env, host=host, port=port, workers=2, app=["--specimen"])


def _run_site(
    env: Environment,
    *,
    host: str,
    port: int,
    workers: int,
    app: Sequence[str],
    tls: Sequence[str] = (),
    has_edge: bool = True,
    grace: float = 25.0,
) -> NoReturn:
    """Become the supervisor of a site until it is stopped; `app` and `tls` are words for its processes."""
    if not env.database_url:
        check_sqlite()
    prepare_folder(env)
    check_version(env.coranto_data)

    from coranto.jobs import supervisor

    # Every child is told whose death is its own: this process becomes the supervisor.
    parent = ("--parent", str(os.getpid()))
    app = ["--workers", str(workers), *app]
    site = supervisor.Site(
        run=env.coranto_data / "run",
        host=host,
        port=port,
        is_https=bool(tls),
        grace=grace,
        environment=lambda bound: child_environment(env, bound, is_https=bool(tls)),
        edge=children.edge_words(env, parent, tls, workers=workers, grace=grace) if has_edge else None,
        app=children.app_words(parent, [*app, *(() if has_edge else ("--public", *tls))], grace),
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
main.add_command(children.serve_edge)
main.add_command(children.serve_app)
