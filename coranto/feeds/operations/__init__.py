"""Telling others of what was published."""

from coranto.feeds.operations.announcing import ping_hub, tell_indexnow

__all__ = ["ping_hub", "tell_indexnow"]
