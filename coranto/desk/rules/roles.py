"""Who may do what: the five roles of a newsroom, and what follows from each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class Role(models.TextChoices):
    CONTRIBUTOR = "contributor", _("contributor")
    REPORTER = "reporter", _("reporter")
    SECTION_EDITOR = "section-editor", _("section editor")
    EDITOR_IN_CHIEF = "editor-in-chief", _("editor-in-chief")
    ADMINISTRATOR = "administrator", _("administrator")


# Held in the whole paper only.
PAPER_WIDE = frozenset({Role.EDITOR_IN_CHIEF, Role.ADMINISTRATOR})

# On the section's page, or on the front page, and on all below it: Wagtail's own names.
PAGE_ACTIONS: dict[str, frozenset[str]] = {
    Role.CONTRIBUTOR: frozenset({"add"}),
    Role.REPORTER: frozenset({"add", "change"}),
    Role.SECTION_EDITOR: frozenset({"add", "change", "publish", "lock", "unlock"}),
    Role.EDITOR_IN_CHIEF: frozenset({"add", "change", "publish", "lock", "unlock", "bulk_delete"}),
    Role.ADMINISTRATOR: frozenset(),  # a superuser needs none
}

# On the root of the pictures' collections. To add is to change one's own as well.
PICTURE_ACTIONS: dict[str, frozenset[str]] = {
    Role.CONTRIBUTOR: frozenset({"add", "choose"}),
    Role.REPORTER: frozenset({"add", "choose"}),
    Role.SECTION_EDITOR: frozenset({"add", "choose", "change"}),
    Role.EDITOR_IN_CHIEF: frozenset({"add", "choose", "change", "delete"}),
    Role.ADMINISTRATOR: frozenset(),
}

_READERS = frozenset({"audience.see_readers"})
_COMMENTS = frozenset({"comments.moderate_comments"})
_NAMES = frozenset({"newsroom.add_author", "newsroom.change_author", "newsroom.add_topic", "newsroom.change_topic"})
_PAPER = frozenset(
    {
        "audience.change_trending",
        "comments.change_commenting",
        "comments.change_scoring",
        "newsroom.delete_author",
        "newsroom.delete_topic",
        "newsroom.add_breakingstrip",
        "newsroom.change_breakingstrip",
        "newsroom.delete_breakingstrip",
        "masthead.change_discovery",
        "masthead.change_publication",
        "desk.change_checklist",
        "desk.view_position",
        "desk.add_position",
        "desk.change_position",
        "desk.delete_position",
        "wagtailredirects.add_redirect",
        "wagtailredirects.change_redirect",
        "wagtailredirects.delete_redirect",
    }
)

# On whole models.
MODEL_PERMISSIONS: dict[str, frozenset[str]] = {
    Role.CONTRIBUTOR: frozenset(),
    Role.REPORTER: _READERS,
    Role.SECTION_EDITOR: _READERS | _NAMES | _COMMENTS,
    Role.EDITOR_IN_CHIEF: _READERS | _NAMES | _COMMENTS | _PAPER,
    Role.ADMINISTRATOR: frozenset(),
}

# Whoever may do one of these somewhere sees everything there; whoever may only add sees what is their own.
SEEING_ALL = frozenset({"change", "publish", "lock", "unlock", "bulk_delete"})
EXPLORING = SEEING_ALL | {"add"}


def may_hold(role: str, *, in_a_section: bool) -> bool:
    return not (in_a_section and role in PAPER_WIDE)


def is_staff(roles: Iterable[str]) -> bool:
    """Whether these make somebody staff: contributors write from outside."""
    return any(role != Role.CONTRIBUTOR for role in roles)


def may_see(grants: Iterable[tuple[str, str]], *, path: str, is_own: bool, is_open: bool) -> bool:
    """Whether a page may be seen in the admin with all that is not published of it, its title included.

    `grants` are the places in the tree where somebody was given an action: (path, action). `is_open`: a section
    or another page readers get that is no article. All that is hidden from contributors hangs on this one rule;
    `queries.permissions` says the same to the database.
    """
    here = {(place, action) for place, action in grants if path.startswith(place)}
    if any(action in SEEING_ALL for _place, action in here):
        return True
    return bool(here) and (is_own or is_open or any(place == path for place, _action in here))


def may_appoint(own: Collection[str], *, role: str, of: Collection[str]) -> bool:
    """Whether holders of `own` may give or take `role` to or from somebody who holds the roles `of`."""
    if Role.ADMINISTRATOR in own:
        return True
    return Role.EDITOR_IN_CHIEF in own and Role.ADMINISTRATOR not in {role, *of}
