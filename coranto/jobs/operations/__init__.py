"""What the room does: tasks are claimed, run and given up; regular work is run; limits are taken from."""

from coranto.jobs.operations.beats import claim_beat, run_beat
from coranto.jobs.operations.failures import repeat_failure, resolve_failure
from coranto.jobs.operations.limits import prune_limits, take_from_limit
from coranto.jobs.operations.tasks import Claim, claim_task, prune_finished, reclaim_expired, run_task
from coranto.jobs.operations.turns import let_others_write

__all__ = [
    "Claim",
    "claim_beat",
    "claim_task",
    "let_others_write",
    "prune_finished",
    "prune_limits",
    "reclaim_expired",
    "repeat_failure",
    "resolve_failure",
    "run_beat",
    "run_task",
    "take_from_limit",
]
