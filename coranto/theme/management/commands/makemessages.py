"""`coranto manage makemessages`, which leaves a sentence it does not know empty instead of guessing at it."""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
