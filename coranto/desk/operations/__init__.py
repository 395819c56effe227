"""What the desk does to the world."""

from coranto.desk.operations.checklist import (
    ask_for_link_checks,
    forget_headline,
    hold_back_unready,
    note_headline,
    visit_links,
)

__all__ = ["ask_for_link_checks", "forget_headline", "hold_back_unready", "note_headline", "visit_links"]
