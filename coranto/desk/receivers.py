"""What the desk listens to."""

from __future__ import annotations


def connect() -> None:
    """Connect the receivers; called once, when the program starts."""
