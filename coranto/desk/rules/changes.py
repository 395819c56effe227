"""What has to be said of a change to an article readers have already."""

from __future__ import annotations

from django.utils.translation import gettext as _

from coranto.newsroom.rules import NOTED, ChangeKind


def unsaid(kind: str, note: str, *, differs: bool, has_passage: bool = True) -> dict[str, str]:
    """What is missing, as sentences by the field that lacks it. What differs in nothing need not be named.

    `has_passage` is whether the article says what is quoted of it.
    """
    if not kind:
        if not differs:
            return {}
        return {"change_kind": _("Readers have this article already. Say what kind of change this is.")}
    if kind == ChangeKind.CORRECTION and not note.strip():
        return {"change_note": _("A correction says what was wrong and what is right.")}
    if kind == ChangeKind.CLARIFICATION and not note.strip():
        return {"change_note": _("A clarification says what was not clear and what is meant.")}
    if kind in NOTED and not has_passage:
        return {
            "change_passage": _(
                "The article does not say this as it reads now. Copy the passage from its text, or leave this empty."
            )
        }
    return {}
