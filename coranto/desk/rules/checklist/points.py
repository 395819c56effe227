"""The points of the checklist, and what each may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping


class Weight(models.TextChoices):
    OFF = "off", _("nothing; it is not looked at")
    REMIND = "remind", _("a reminder")
    BLOCK = "block", _("it stops publication")


class Point(models.TextChoices):
    """What is looked at; the label says how it ought to be. `models.Checklist` has a field for each but `UNBENDING`."""

    HEADLINE_LENGTH = "headline_length", _("The headline is not too long")
    HEADLINE_TWIN = "headline_twin", _("No other article has this headline")
    STANDFIRST = "standfirst", _("There is a standfirst of a sensible length")
    BYLINE = "byline", _("Somebody's name stands over it")
    BODY = "body", _("There is a text")
    PLACEHOLDER = "placeholder", _("No placeholder was left in the text")
    PICTURE_DESCRIPTION = "picture_description", _("Every picture has a description")
    PICTURE_CREDIT = "picture_credit", _("Every picture has a credit")
    PICTURE_RIGHTS = "picture_rights", _("The rights to every picture last")
    CREDIT_LICENCE = "credit_licence", _("A piece from elsewhere has a licence or permission")
    CREDIT_ORIGINAL = "credit_original", _("A piece from elsewhere names its original address")
    LINK_INSIDE = "link_inside", _("Links to our own pages lead somewhere")
    LINK_OUTSIDE = "link_outside", _("Links to other sites lead somewhere")
    SECTION = "section", _("It stands in a section readers can open")
    AUDIENCE = "audience", _("Everybody may read it")
    EMBARGO = "embargo", _("No embargo holds")
    NOTES = "notes", _("Colleagues' notes are dealt with")
    CHANGE = "change", _("A change to what readers have is named")


# What hurts a reader, a source or the law stops publication; what a sound article may lack reminds.
DEFAULT_WEIGHTS: Final[Mapping[Point, Weight]] = {
    **dict.fromkeys(Point, Weight.REMIND),
    Point.PICTURE_DESCRIPTION: Weight.BLOCK,
    Point.PICTURE_RIGHTS: Weight.BLOCK,
    Point.LINK_INSIDE: Weight.BLOCK,
    Point.SECTION: Weight.BLOCK,
    Point.EMBARGO: Weight.BLOCK,
    Point.CHANGE: Weight.BLOCK,
}
# Nobody weighs an embargo: it is the source's condition, and the newsroom keeps it whatever the checklist says. And
# what readers have is changed by nobody without saying so.
UNBENDING: Final = frozenset({Point.EMBARGO, Point.CHANGE})
