"""What somebody typed for programs to read, checked line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable


def problems_by_line(text: str, problem_of: Callable[[str], str]) -> list[str]:
    """A sentence for each line of which `problem_of` says what is wrong; it is asked without the line's comment."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        problem = problem_of(line.partition("#")[0])
        if problem:
            found.append(_("Line %(number)d: %(problem)s") % {"number": number, "problem": problem})
    return found
