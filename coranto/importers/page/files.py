"""The saved pages in a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from coranto.importers.page.opening import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator


def pages_in(path: Path) -> Iterator[tuple[Path | str, str]]:
    """Files with their names below the folder, in order of name; of one that is no page, the reason in its place.

    What a browser saved beside a page, in a folder named after it, is the page's and no page. Links that lead out of
    the folder are not followed.
    """
    if not path.is_dir():
        yield path, path.name
        return
    root = path.resolve()
    for folder, folders, names in os.walk(root):
        pages = {Path(name).stem for name in names if Path(name).suffix.lower() in SUFFIXES}
        folders[:] = sorted(each for each in folders if not each.startswith(".") and not _belongs_to_page(each, pages))
        for name in sorted(names):
            file = Path(folder, name)
            shown = file.relative_to(root).as_posix()
            if name.startswith("."):
                continue
            if file.suffix.lower() not in SUFFIXES:
                yield "no saved page, by its name", shown
            elif not file.is_file() or not file.resolve().is_relative_to(root):
                yield "it leads out of the folder", shown
            else:
                yield file, shown


def _belongs_to_page(folder: str, pages: set[str]) -> bool:
    """`page_files`, `page.files`, `page-Dateien`: browsers call it so in the reader's language."""
    return any(folder.startswith(page) and folder[len(page) :][:1] in {"_", ".", "-"} for page in pages)
