"""`coranto import`: the command line of imports.

Click's `obj`, when given, is called before anything of Django is loaded: whoever mounts this group makes the data
folder ready there, brings the databases up to date and loads Django.
"""

from __future__ import annotations

import gc
import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coranto.importers.documents import Source


@click.group("import")
def import_group() -> None:
    """Take over what another system holds."""


@import_group.command("wordpress")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--media",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with the site's files (wp-content/uploads); else pictures come from the site itself.",
)
@click.option("--no-fetch", is_flag=True, help="Ask nobody for pictures, not even the site itself.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option("--salvage", is_flag=True, help="Of a file that breaks off, take what stands before that.")
@click.pass_obj
def import_wordpress(
    begin: Callable[[], object] | None,
    *,
    file: Path,
    media: Path | None,
    no_fetch: bool,
    dry_run: bool,
    as_json: bool,
    salvage: bool,
) -> None:
    """Import FILE, the XML that WordPress writes under Tools → Export (may be gzipped)."""
    from coranto.importers.documents import SourceRefusedError
    from coranto.importers.wordpress import opening

    if not file.exists():
        raise click.UsageError(f"There is no file {file}.")
    try:
        with opening.open_export(file) as stream:
            opening.check(stream.read(65_536))
    except SourceRefusedError as error:
        _refuse(str(error))
    if begin:
        begin()
    from coranto.importers.wordpress.source import WordPressExport
    from coranto.kit import clock

    now = clock.now()
    size = file.stat().st_size * 2
    _run(
        WordPressExport(file, now=now, salvage=salvage),
        media=media,
        fetches=not no_fetch,
        is_dry_run=dry_run,
        as_json=as_json,
        size=size,
        now=now,
    )


@import_group.command("page")
@click.argument("source", metavar="FILE_OR_DIR", type=click.Path(path_type=Path))
@click.option(
    "--media",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with the site's pictures, besides what was saved with the page.",
)
@click.option("--fetch", "fetches", is_flag=True, help="Ask the page's own site for pictures that were not saved.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def import_page(
    begin: Callable[[], object] | None, *, source: Path, media: Path | None, fetches: bool, dry_run: bool, as_json: bool
) -> None:
    """Import a saved page (HTML, MHTML or plain text), or every one in a folder, as drafts to check."""
    if not source.exists():
        raise click.UsageError(f"There is no file or folder {source}.")
    if begin:
        begin()
    from coranto.importers.page.source import SavedPages
    from coranto.kit import clock

    now = clock.now()
    _run(
        SavedPages(source, now=now, media=media, fetches=fetches),
        media=None,
        fetches=fetches,
        is_dry_run=dry_run,
        as_json=as_json,
        size=source.stat().st_size
        if source.is_file()
        else sum(each.stat().st_size for each in source.rglob("*") if each.is_file()),
        now=now,
    )


def _run(
    source: Source, *, media: Path | None, fetches: bool, is_dry_run: bool, as_json: bool, size: int, now: Any
) -> None:
    from coranto.importers.documents import SourceRefusedError
    from coranto.importers.operations import ImportSettings, import_site
    from coranto.importers.rules.reports import Report
    from coranto.kit.fetch import Fetcher

    report = Report(articles=getattr(source, "articles", None))
    settings = ImportSettings(media=media, fetcher=Fetcher if fetches else None, is_dry_run=is_dry_run)
    # What is made is kept until its batch is written, and hardly any of it is a cycle: looking for cycles at the
    # usual pace took a fifth of the time.
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    try:
        with _progress(size) as progress:
            import_site(source=source, settings=settings, report=report, progress=progress, now=now)
    except SourceRefusedError as error:
        _refuse(str(error))
    if as_json:
        click.echo(json.dumps(report.as_data(), ensure_ascii=False, indent=1))
    else:
        if is_dry_run:
            click.echo("A dry run: nothing was written.")
        click.echo(report.as_text())


@contextmanager
def _progress(size: int) -> Iterator[Callable[[int], None]]:
    """Tells how far it is, on stderr, where somebody looks at it."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    with click.progressbar(length=size, label="Reading", file=sys.stderr) as bar:
        yield bar.update


def _refuse(reason: str) -> None:
    click.echo(reason, err=True)
    sys.exit(2)
