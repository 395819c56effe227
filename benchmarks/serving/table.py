"""Figures of several rounds beside each other, and whether they are what was promised."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serving.load import Answered

Rounds = dict[str, list["Answered"]]  # by contender, in the order they were asked


@dataclass(frozen=True, slots=True)
class Ratios:
    """One contender's medians as parts of another's, taken round by round: what slows a round slows both."""

    per_second: float
    processor: float | None


def compare(rounds: Rounds, name: str, to: str) -> Ratios:
    pairs = list(zip(rounds[name], rounds[to], strict=True))
    spent = [one.processor / other.processor for one, other in pairs if one.processor and other.processor]
    return Ratios(
        statistics.median(one.per_second / other.per_second for one, other in pairs),
        statistics.median(spent) if spent else None,
    )


def print_rounds(title: str, rounds: Rounds, *, to: str) -> None:
    print(f"\n{title}\n")
    print(f"| | requests/s | of {to} | µs of processor | of {to} | median ms | p99 ms | failed |")
    print("|---|---|---|---|---|---|---|---|")
    for name, answers in rounds.items():
        ratios = compare(rounds, name, to)
        spent = [answered.processor for answered in answers if answered.processor is not None]
        cells = [
            name,
            _with_spread([answered.per_second for answered in answers], "{:,.0f}"),
            f"{ratios.per_second:.{2 if ratios.per_second > 0.1 else 4}f}",  # noqa: PLR2004 - a tenth
            _with_spread(spent, "{:,.1f}") if spent else "-",
            f"{ratios.processor:.2f}" if ratios.processor else "-",
            f"{statistics.median(answered.median for answered in answers):.2f}",
            f"{statistics.median(answered.p99 for answered in answers):.2f}",
            str(sum(answered.failed for answered in answers)),
        ]
        print("| " + " | ".join(cells) + " |", flush=True)


def _with_spread(values: Sequence[float], form: str) -> str:
    """The median, and how far off it the other rounds were, in percent of it."""
    middle = statistics.median(values)
    off = max(abs(value - middle) for value in values) / middle * 100 if middle else 0.0
    return f"{form.format(middle)} ±{off:.0f} %"


class Promises:
    """What was promised, each said with the figure and whether it is kept."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, str, str, bool]] = []

    def at_most(self, what: str, value: float | None, limit: float, form: str = "{:.2f}") -> None:
        if value is not None:
            self._lines.append((what, form.format(value), f"≤ {form.format(limit)}", value <= limit))

    def at_least(self, what: str, value: float, limit: float, form: str = "{:.2f}") -> None:
        self._lines.append((what, form.format(value), f"≥ {form.format(limit)}", value >= limit))

    def print(self) -> None:
        print("\n| promise | measured | wanted | |\n|---|---|---|---|")
        for what, value, wanted, holds in self._lines:
            print(f"| {what} | {value} | {wanted} | {'reached' if holds else '**not reached**'} |")
