"""Regular work, run when it is due by whichever worker comes first."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from coranto.jobs.models import Beat
from coranto.jobs.operations.failures import Reason
from coranto.jobs.operations.heartbeat import Heartbeat, Interrupted, end_process
from coranto.jobs.rules import leases, retries
from coranto.jobs.rules.periodic import Periodic, next_run, registered

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from django.db import models

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class BeatClaim:
    work: Periodic
    due: datetime
    started: datetime
    worker: str
    lease: timedelta

    def held(self) -> models.QuerySet[Beat]:
        """The beat, as long as nobody else has taken it and this run is the one in hand."""
        return Beat.objects.filter(
            name=self.work.name, worker=self.worker, next_run_at=self.due, leased_until__isnull=False
        )


def claim_beat(*, worker: str, now: datetime, lease: timedelta = leases.LEASE) -> BeatClaim | None:
    """Take one piece of regular work that is due, the longest overdue first, or None.

    Like claiming a task: a plain SELECT while nothing is due, then one conditional UPDATE.
    """
    beats = {beat.name: beat for beat in Beat.objects.all()}
    for work in registered():
        if work.name not in beats:
            beats[work.name], _created = Beat.objects.get_or_create(name=work.name, defaults={"next_run_at": now})
    for work in sorted(registered(), key=lambda work: beats[work.name].next_run_at):
        due = beats[work.name].next_run_at
        # Further ahead than one period: set before the clock was put back or the period shortened. Due.
        if now < due <= now + work.every:
            continue
        taken = Beat.objects.free(now).filter(name=work.name, next_run_at=due)
        if taken.update(worker=worker, leased_until=now + lease):
            return BeatClaim(work=work, due=due, started=now, worker=worker, lease=lease)
    return None


def run_beat(*, claim: BeatClaim, overrun: Callable[[], None] = end_process) -> bool:
    """Run claimed regular work; True when it succeeded. A failure is logged, kept, and changes no date.

    On `Interrupted` and Ctrl-C it stays due, and the exception continues.
    """
    error = ""
    try:
        with Heartbeat(
            renew=partial(_renew, claim),
            lease=claim.lease,
            longest_run=retries.DEFAULT.longest_run,
            overrun=partial(_overrun, claim, overrun),
        ):
            claim.work.function(now=claim.started)
    except (Interrupted, KeyboardInterrupt):
        claim.held().update(leased_until=None)
        raise
    except BaseException as caught:  # SystemExit too: regular work must not stop its worker
        logger.exception("Regular work failed: %s", claim.work.name)
        error = Reason.of(caught).traceback
    claim.held().update(
        last_run_at=claim.started,
        next_run_at=next_run(due=claim.due, started=claim.started, every=claim.work.every),
        leased_until=None,
        last_error=error,
    )
    return not error


def _renew(claim: BeatClaim, now: datetime) -> bool:
    return bool(claim.held().update(leased_until=now + claim.lease))


def _overrun(claim: BeatClaim, end: Callable[[], None], _now: datetime) -> None:
    longest = retries.DEFAULT.longest_run
    logger.critical("%s runs for longer than %s: its worker ends", claim.work.name, longest)
    # Counted as run: hung at every start, it would otherwise keep the tasks from being done.
    claim.held().update(
        last_run_at=claim.started,
        next_run_at=next_run(due=claim.due, started=claim.started, every=claim.work.every),
        leased_until=None,
        last_error=f"It ran for longer than {longest}.",
    )
    end()
