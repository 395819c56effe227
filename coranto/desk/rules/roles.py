"""Who may do what: the five roles of a newsroom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CONTRIBUTOR = "contributor", _("contributor")
    REPORTER = "reporter", _("reporter")
    SECTION_EDITOR = "section-editor", _("section editor")
    EDITOR_IN_CHIEF = "editor-in-chief", _("editor-in-chief")
    ADMINISTRATOR = "administrator", _("administrator")
