from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, ImageQuerySet


class PictureQuerySet(ImageQuerySet):
    def awaiting_renditions(self) -> PictureQuerySet:
        return self.filter(renditions_made_at=None, renditions_failed_at=None)


class Picture(AbstractImage):
    """A picture with all that must be said of it. The focal point and the file's hash are Wagtail's fields.

    `description` (Wagtail's field) is the alternative text; `Picture.alt` is its name here.
    The sizes readers get are made by the worker: a picture waits while `renditions_made_at` is empty.
    """

    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(
        _("credit"), max_length=255, blank=True, help_text=_("Who made it, as it is to be printed.")
    )
    rights = models.CharField(
        _("rights"),
        max_length=500,
        blank=True,
        help_text=_("What we may do with it: a licence, a permission, an agency's terms."),
    )
    renditions_made_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    renditions_failed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = models.Manager.from_queryset(PictureQuerySet)()

    admin_form_fields = (
        "title",
        "file",
        "description",
        "caption",
        "credit",
        "rights",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_image", "Can choose picture")]

    @property
    def alt(self) -> str:
        return self.description or self.caption

    @property
    def default_alt_text(self) -> str:
        return self.alt


class PictureRendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
