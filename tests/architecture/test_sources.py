"""What STYLE asks of every source file and a machine can see."""

import ast

NOBODYS_NAMES = {"common", "helper", "helpers", "misc", "util", "utilities", "utils"}
CLOCKS = {"date", "datetime", "dt", "timezone"}


def test_a_module_is_named_after_its_subject(sources):
    assert [
        source.name for source in sources if NOBODYS_NAMES & {source.path.stem, *source.path.parent.parts[1:]}
    ] == []


def test_the_time_is_asked_of_one_clock(sources):
    # Where the time comes from one place, a test and a replay can say what time it is.
    asked = [
        source.at(node)
        for source in sources
        if source.name != "kit/clock.py"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "today", "utcnow"}
        and _last_name(node.value) in CLOCKS
    ]

    assert asked == []


def _last_name(node):
    """`timezone` in `django.utils.timezone`, `datetime` in `datetime`."""
    return getattr(node, "attr", None) or getattr(node, "id", None)
