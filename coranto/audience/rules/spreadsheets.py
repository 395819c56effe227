"""What a table is to be so that a spreadsheet program opens it as what it is.

A cell that begins like a formula is run as one (OWASP, "CSV Injection"): an apostrophe before it makes it words. Where
lists are separated by a semicolon, as in German, a cell may begin after one.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Those of other scripts' keyboards are read as the first four; a tab or a new line is skipped by some programs.
_BEGINS_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")  # noqa: RUF001 - meant
_BEGINS_AFTER_SEMICOLON: Final = re.compile(f"; *(?=[{re.escape(''.join(_BEGINS_FORMULA))}])")
# Without it, spreadsheet programs take UTF-8 for an encoding of their own.
BYTE_ORDER_MARK: Final = "\ufeff"


def as_csv(rows: Iterable[Sequence[str | int | float]]) -> str:
    """The table as RFC 4180 has it, for a spreadsheet program."""
    file = io.StringIO(newline="")
    file.write(BYTE_ORDER_MARK)
    csv.writer(file).writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue()


def harmless(cell: str | float) -> str | float:
    """Numbers stay numbers, words stay words."""
    if not isinstance(cell, str):
        return cell
    cell = _BEGINS_AFTER_SEMICOLON.sub(r"\g<0>'", cell)
    return f"'{cell}" if cell.lstrip(" ").startswith(_BEGINS_FORMULA) else cell
