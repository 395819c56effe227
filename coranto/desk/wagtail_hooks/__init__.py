"""What the desk adds to the admin, a module for each subject; importing one registers it."""

from coranto.desk.wagtail_hooks import checklist, desk, roles, writing

__all__ = ["checklist", "desk", "roles", "writing"]
