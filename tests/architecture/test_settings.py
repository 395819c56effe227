"""Settings are read in one place and documented from there."""

import ast
import runpy
from pathlib import Path

NAMES = {"environ", "environb", "getenv"}
# The edge starts without what env.py needs to check settings; NOTIFY_SOCKET is systemd's, and no setting.
EXCEPTIONS = {"config/children.py", "jobs/supervisor/telling.py"}
PAGE_WRITER = Path(__file__).parent / "settings_page.py"


def test_every_setting_is_documented():
    writer = runpy.run_path(str(PAGE_WRITER))

    assert writer["PAGE"].read_text() == writer["render"]()


def test_the_environment_is_read_in_one_place(sources):
    readers = [
        source.at(node)
        for source in sources
        if source.name not in {"config/env.py", *EXCEPTIONS}
        for node in _environment_uses(source.tree)
    ]

    assert readers == []


def _environment_uses(tree):
    """Uses of the environment, but for those that read no setting."""
    innocent = {id(use) for node in ast.walk(tree) for use in _innocent_uses(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            yield from (node for alias in node.names if alias.name in NAMES)
        elif isinstance(node, ast.Attribute) and node.attr in NAMES and id(node) not in innocent:
            yield node


def _innocent_uses(node):
    """Where Django's settings are named, a value is handed on, or the whole is given to a child."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute() as environ, attr="setdefault"),
            args=[ast.Constant(value="DJANGO_SETTINGS_MODULE"), _],
        ):
            yield environ
        case ast.Subscript(value=ast.Attribute() as environ, ctx=ast.Store()):
            yield environ
        case ast.Dict(keys=keys, values=values):
            yield from (value for key, value in zip(keys, values, strict=True) if key is None)
