from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A worker imports tasks by name: `jobs_errands` must have one.
sys.path.insert(0, str(Path(__file__).parent))

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def told() -> Iterator[list[object]]:
    """What the tasks said, in order; emptied before and after."""
    import jobs_errands

    jobs_errands.told.clear()
    jobs_errands.gate.clear()
    yield jobs_errands.told
    jobs_errands.gate.set()
    jobs_errands.told.clear()


@pytest.fixture
def run_next() -> Callable[..., bool | None]:
    """Claim the next task that is due and run it: None when there is none, else whether it succeeded."""
    from coranto.jobs import operations
    from coranto.kit import clock

    def run(worker: str = "wren", *, later: timedelta = timedelta()) -> bool | None:
        claim = operations.claim_task(worker=worker, now=clock.now() + later)
        return None if claim is None else operations.run_task(claim=claim)

    return run


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait for a condition; fail when it has not come true after a long time."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.01)

    return wait
