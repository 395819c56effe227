"""What the desk adds to the admin, a module for each subject; importing one registers it."""

from coranto.desk.wagtail_hooks import checklist, desk, menu, roles, versions, writing

__all__ = ["checklist", "desk", "menu", "roles", "versions", "writing"]
