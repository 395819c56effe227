"""The one place that reads the clock, so that a test can move it and a rule can be given it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
