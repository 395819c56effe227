"""How often a task is tried, and when again."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from coranto.jobs.rules.leases import LONGEST_WAIT

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")

_ATTRIBUTE = "_coranto_retry_policy"
_JITTER = 0.25


class GiveUp(Exception):  # noqa: N818 - it is an instruction to the worker, not an error of its own
    """Raised by a task that knows trying again is no use; `raise GiveUp(…) from error` keeps the cause."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """`attempts` in all, `first_delay` after the first failure, then doubling up to `longest_delay`.

    A task that runs for longer than `longest_run` is taken to hang; its worker ends itself and is replaced.
    """

    attempts: int = 5
    first_delay: timedelta = timedelta(seconds=15)
    longest_delay: timedelta = timedelta(hours=1)
    longest_run: timedelta = timedelta(minutes=30)

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ValueError("a task is tried at least once")
        if self.longest_delay * (1 + _JITTER) > LONGEST_WAIT:
            raise ValueError(f"a retry waits at most {LONGEST_WAIT / (1 + _JITTER)}")

    def delay(self, *, attempts: int, chance: float) -> timedelta:
        """How long to wait after the failure number `attempts`.

        `chance`, 0 to 1, spreads tasks that failed together, by up to a quarter.
        """
        # Past 2**30 the longest delay holds anyway, and timedelta would overflow.
        doubled = self.first_delay * 2 ** min(attempts - 1, 30)
        delay: timedelta = min(doubled, self.longest_delay) * (1 + _JITTER * chance)
        return delay


DEFAULT = Policy()


def retry(
    *,
    attempts: int = DEFAULT.attempts,
    first_delay: timedelta = DEFAULT.first_delay,
    longest_delay: timedelta = DEFAULT.longest_delay,
    longest_run: timedelta = DEFAULT.longest_run,
) -> Callable[[Function], Function]:
    """Declare a task's own policy. It stands below `@task`: it marks the function, not the task."""
    policy = Policy(attempts=attempts, first_delay=first_delay, longest_delay=longest_delay, longest_run=longest_run)

    def mark(function: Function) -> Function:
        if not inspect.isfunction(function):
            raise TypeError("@retry(…) belongs below @task, directly above the function")
        setattr(function, _ATTRIBUTE, policy)
        return function

    return mark


def policy_of(function: Callable[..., Any]) -> Policy:
    """The policy a task's function declared, or the default."""
    return getattr(function, _ATTRIBUTE, DEFAULT)
