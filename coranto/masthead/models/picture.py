from __future__ import annotations

import copy
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, ClassVar

from django.core.files import File
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images.image_operations import ScaleOperation
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    ImageQuerySet,
    SourceImageIOError,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)
from wagtail.images.rect import Rect
from wagtail.search import index

from coranto.kit import clock
from coranto.masthead.rules import renditions
from coranto.masthead.rules.intake import Taken, measure, one_at_a_time, take_in
from coranto.masthead.rules.pictures import PictureProblem, random_name
from coranto.masthead.rules.rights import RightsState, rights_state

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date


class PictureQuerySet(ImageQuerySet):
    def awaiting_renditions(self) -> PictureQuerySet:
        return self.filter(renditions_made_at=None, renditions_failed_at=None)

    def awaiting_removal_of_metadata(self) -> PictureQuerySet:
        """Those stored by a version that kept what cameras write."""
        return self.filter(metadata_removed_at=None)

    def with_rights_ending(self, *, by: date) -> PictureQuerySet:
        """Those that may be used on that day for the last time, or earlier: the expired are among them."""
        return self.filter(rights_expire_on__lte=by)

    def expired(self, *, on: date) -> PictureQuerySet:
        return self.filter(rights_expire_on__lt=on)

    def among(self, ids: Collection[int]) -> PictureQuerySet:
        return self.filter(pk__in=ids)


class PictureFieldFile(WagtailImageFieldFile):
    """The file of a picture. Every way by which Django or Wagtail stores one leads through `save`."""

    def save(self, name: str, content: File[bytes], save: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002
        """Take the file in and store it under a name nobody can guess. Raises `PictureProblem`."""
        with TemporaryFile() as clean:
            taken, stored = _taken_in(content, clean)
            super().save(f"a.{taken.extension}", stored, save=False)
            stored.close()
        self.instance.note_new_file(taken)
        if save:
            self.instance.save()

    def get_image_dimensions(self) -> tuple[int, int]:
        """Read from its head, as the picture is shown: Wagtail would read all of its pixels for that."""
        close = self.closed
        try:
            self.open()
            return measure(self)
        finally:
            if close:
                self.close()
            else:
                self.seek(0)


def _taken_in(content: File[bytes], clean: IO[bytes]) -> tuple[Taken, File[bytes]]:
    """The form of an upload has done it before; whatever else stores a file has not."""
    taken = getattr(content, "taken", None)
    if taken:
        content.seek(0)
        return taken, content
    taken = take_in(content, clean)
    return taken, File(clean)


class PictureFileField(WagtailImageField):
    attr_class = PictureFieldFile

    def deconstruct(self) -> Any:
        """As Wagtail's: in the database there is no difference."""
        name, _path, arguments, options = super().deconstruct()
        return name, "wagtail.images.models.WagtailImageField", arguments, options


class Picture(AbstractImage):
    """A picture with all that must be said of it. The focal point and the file's hash are Wagtail's fields.

    `description` (Wagtail's field) is the alternative text; `Picture.alt` is its name here. Width and height are
    those in which it is shown, turned as its EXIF asks. The sizes readers get are made by the worker: a picture
    waits while `renditions_made_at` is empty.
    """

    file = PictureFileField(verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height")
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
    rights_expire_on = models.DateField(
        _("rights end on"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("The last day on which we may show it. Empty where there is no end."),
    )
    renditions_made_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    renditions_failed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Empty for pictures of a version that stored files as they came.
    metadata_removed_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)

    objects: ClassVar[Any] = models.Manager.from_queryset(PictureQuerySet)()

    # Since this object was read or saved; `receivers` asks.
    has_new_file = False

    admin_form_fields = (
        "file",
        "title",
        "description",
        "caption",
        "credit",
        "rights",
        "rights_expire_on",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [*AbstractImage.search_fields, index.FilterField("rights_expire_on")]

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

    @property
    def rights_state(self) -> RightsState:
        """Today, where the reader of the page is."""
        return rights_state(self.rights_expire_on, on=timezone.localdate(clock.now()))

    def get_upload_to(self, filename: str) -> str:
        """Under the name its sender gave it, an address could be guessed, and later mean another picture."""
        return f"original_images/{random_name(filename.rpartition('.')[2])}"

    def _set_image_file_metadata(self) -> None:
        """Wagtail's name for a part of `note_new_file`; of a file that is stored already it would leave it open."""
        if not self.file._committed:  # noqa: SLF001 - Django says it nowhere else
            super()._set_image_file_metadata()

    def note_new_file(self, taken: Taken) -> None:
        """What the row says of the file; the sizes of the former one are of no use any more."""
        self.width, self.height = taken.width, taken.height
        self.file_size, self.file_hash = taken.size, taken.sha1
        self.metadata_removed_at = clock.now()
        self.renditions_made_at = self.renditions_failed_at = None
        self.has_new_file = True

    def get_rendition(self, filter: Filter | str) -> AbstractRendition:  # noqa: A002 - Wagtail's name of it
        if (filter if isinstance(filter, str) else filter.spec) == "original":
            # Wagtail would make a copy of the whole.
            return PictureRendition(
                image=self, filter_spec="original", file=self.file.name, width=self.width, height=self.height
            )
        return super().get_rendition(filter)

    def generate_rendition_file(self, filter: Filter, *, source: Any = None) -> File[bytes]:  # noqa: A002, ARG002
        """From a smaller picture that is made first: Wagtail would read the original in full and copy it twice.

        `source`, the original in memory, is of no use then.
        """
        try:
            with one_at_a_time, self.file.storage.open(self.file.name) as original:
                reduced = renditions.reduce(original, width=self._wide_enough(filter))
        except (OSError, PictureProblem) as error:
            raise SourceImageIOError(str(error)) from error  # Wagtail shows a mark in its place
        return super(Picture, self._as_small_as(reduced)).generate_rendition_file(filter, source=reduced.file)

    def _wide_enough(self, filter: Filter) -> int:  # noqa: A002 - as above
        """Twice as wide as is needed, so that Wagtail has something to make smaller."""
        if any(isinstance(each, ScaleOperation) for each in filter.transform_operations):
            return int(self.width)  # it is asked for a share of what it gets
        return max(1, round(2 * self.width * filter.get_transform(self).scale[0]))

    def _as_small_as(self, reduced: renditions.Reduced) -> Picture:
        """This picture with its focal point in the measures of the smaller one, to crop that by."""
        small = copy.copy(self)
        small.width, small.height = reduced.width, reduced.height
        point = self.get_focal_point()
        if point:
            share = reduced.width / self.width
            small.set_focal_point(
                Rect.from_point(*(each * share for each in (*point.centroid, point.width, point.height)))
            )
        return small


class PictureRendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
