"""What the audience does: it counts, writes down, judges anew and forgets."""

from coranto.audience.operations.closing import close_hours
from coranto.audience.operations.counting import Report, count_view, tell_views
from coranto.audience.operations.flushing import flush_views, start_flushing, stop_flushing
from coranto.audience.operations.forgetting import forget_days
from coranto.audience.operations.recording import record_views
from coranto.audience.operations.recounting import Recount, recount_if_rules_changed, recount_views

__all__ = [
    "Recount",
    "Report",
    "close_hours",
    "count_view",
    "flush_views",
    "forget_days",
    "record_views",
    "recount_if_rules_changed",
    "recount_views",
    "start_flushing",
    "stop_flushing",
    "tell_views",
]
