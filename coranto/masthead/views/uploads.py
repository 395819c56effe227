"""The forms behind Wagtail's views that take in pictures."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile, TemporaryUploadedFile
from django.db import transaction
from django.forms import FileField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from coranto.kit import clock
from coranto.masthead.models import Picture
from coranto.masthead.rules.intake import Taken, take_in, try_out
from coranto.masthead.rules.pictures import MEDIA_TYPES, PictureProblem
from coranto.masthead.rules.titles import is_by_a_machine, title_of

if TYPE_CHECKING:
    from coranto.masthead.rules.metadata import Words

# Filled from what the file says of itself, where the editor said nothing.
_FILLED: Final = ("caption", "credit", "rights", "description")
_ON_DISK: Final = 2_500_000  # bytes from which an upload lies in a file, as Django has it


class PictureField(WagtailImageField):
    """Wagtail's field reads every pixel three times and lets the errors of decoders through as a server error."""

    def to_python(self, data: Any) -> Any:
        """The upload without its metadata; what that was stands in its `taken`."""
        given: Any = FileField.to_python(self, data)
        if given is None:
            return None
        try:
            return self._taken_in(given)
        except PictureProblem as problem:
            raise ValidationError(problem.message, code=problem.code) from problem

    def _taken_in(self, given: Any) -> InMemoryUploadedFile | TemporaryUploadedFile:
        if given.size > self.max_upload_size:
            raise PictureProblem("size")
        cleaned = _cleaned(given)
        # What it is says more than what it is called; what is no picture is told so.
        if PurePath(given.name).suffix.lower().lstrip(".") not in self.allowed_image_extensions:
            raise PictureProblem("name")
        return cleaned


def _cleaned(given: Any) -> InMemoryUploadedFile | TemporaryUploadedFile:
    name = given.name or ""
    clean: Any
    if (given.size or 0) > _ON_DISK:
        clean = TemporaryUploadedFile(name, given.content_type, 0, None)
    else:
        clean = InMemoryUploadedFile(BytesIO(), None, name, given.content_type, 0, None)
    taken = take_in(given, clean)
    try_out(clean)
    clean.taken, clean.size, clean.content_type = taken, taken.size, MEDIA_TYPES[taken.format]
    return clean


class PictureForm(BaseImageForm):
    """The base of the add, edit, multiple upload and chooser forms (`WAGTAILIMAGES_IMAGE_FORM_BASE`).

    A new file may say of itself what its title, caption, credit, rights and description are: these fields are
    filled with it where they are left empty, so that the editor finds them filled.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Wagtail decides the field by the name of the column, with nothing to set; some forms are without it.
        if given := self.fields.get("file"):
            self.fields["file"] = PictureField(label=given.label, required=given.required, widget=given.widget)
            self.fields["title"].required = False
        if description := self.fields.get("description"):
            description.label = _("Description for those who cannot see it")
            description.help_text = _("Say in a sentence what is to be seen. Readers hear it in place of the picture.")
        if "rights_expire_on" in self.fields:
            self.fields["rights_expire_on"].widget = AdminDateInput()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        taken: Taken | None = getattr(file, "taken", None)
        if taken and file and "title" not in self.errors:
            cleaned["title"] = self._title(cleaned.get("title", ""), file.name, taken.words)
        if taken:
            for name in _FILLED:
                if name in self.fields and name not in self.errors and not cleaned.get(name):
                    longest = Picture._meta.get_field(name).max_length or 0
                    cleaned[name] = getattr(taken.words, name)[:longest]
        elif "file" in self.fields and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", ValidationError(self.fields["title"].error_messages["required"], code="required"))
        return cleaned

    def _title(self, given: str, file_name: str, words: Words) -> str:
        """What the editor wrote, unless it is what the camera called the file."""
        if given and not (self.instance.pk is None and is_by_a_machine(given)):
            return given
        if self.instance.pk is not None and self.instance.title:
            return str(self.instance.title)
        return title_of(file_name, words, today=timezone.localdate(clock.now()))

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        # Wagtail deletes the former file at once and the former sizes last, when the worker may have made new
        # ones already. Here all of it holds or none, and the file goes when the row no longer names it.
        former: Any = self.original_file
        self.original_file: Any = None
        with transaction.atomic():
            picture = super().save(commit=commit)
            if commit and former and "file" in self.changed_data:
                picture.renditions.all().delete()
                transaction.on_commit(partial(former.storage.delete, former.name))
        return picture
