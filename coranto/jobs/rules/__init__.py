"""The policy of deferred work: how long a task may be held, how often it is tried, what runs by the clock."""

from coranto.jobs.rules.retries import GiveUp, Policy, retry

__all__ = ["GiveUp", "Policy", "retry"]
