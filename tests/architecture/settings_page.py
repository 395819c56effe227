"""docs/operate/settings.md, as coranto/config/env.py has it.

python tests/architecture/settings_page.py            writes the page
python tests/architecture/settings_page.py --check    exit code 1 when the page differs
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args, get_origin

from coranto.config.env import Environment

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operate" / "settings.md"

HEAD = """\
# Settings

Coranto is set up by environment variables and by nothing else. None is required to try it. What an editor
should decide (name, logo, language, sections, texts) is not here but in the admin.

This page is written from `coranto/config/env.py` by `bin/document-settings`.
"""

KINDS = {str: "text", bool: "`true` or `false`", int: "a whole number", float: "a number", Path: "a path"}


def render() -> str:
    """The whole page: for each setting its name, its kind, its default and its sentence."""
    return "\n".join([HEAD, *(_entry(name, field) for name, field in Environment.model_fields.items())])


def _entry(name: str, field: FieldInfo) -> str:
    if not field.description:
        raise ValueError(f"{name} has no description in env.py")
    return f"## `{name.upper()}`\n\n{field.description}\n\n{_kind(field)}; default: {_default(field)}.\n"


def _kind(field: FieldInfo) -> str:
    kind = field.annotation
    if get_origin(kind) is tuple and get_args(kind)[1:] == (Ellipsis,):
        return "Values separated by commas"
    if kind not in KINDS:
        raise ValueError(f"settings_page.py has no words for the type {kind!r}")
    words = KINDS[kind]
    return words[0].upper() + words[1:]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "none, it has to be given"
    value = field.get_default(call_default_factory=True)
    if value in ("", (), None):
        return "empty"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def main() -> int:
    if "--check" not in sys.argv:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(render())
        return 0
    if PAGE.exists() and PAGE.read_text() == render():
        return 0
    sys.stderr.write(f"{PAGE} is not what env.py says: run bin/document-settings\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
