"""The form behind Wagtail's views that take in pictures."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from coranto.masthead.rules.pictures import PictureProblem, judge


class PictureField(WagtailImageField):
    """Wagtail's field, which lets the errors of decoders through to the editor as a server error."""

    def to_python(self, data: Any) -> Any:
        if not data:
            return super().to_python(data)
        self.check_image_file_size(data)
        try:
            judge(data)
            return super().to_python(data)
        except PictureProblem as problem:
            raise ValidationError(problem.message, code=problem.code) from problem
        except ValidationError:
            raise
        except Exception as error:
            # It passed our judgement, and yet its pixels cannot be read: decoders raise all kinds of things.
            damaged = PictureProblem("damaged")
            raise ValidationError(damaged.message, code=damaged.code) from error


class PictureForm(BaseImageForm):
    """The base of the add, edit, multiple upload and chooser forms (`WAGTAILIMAGES_IMAGE_FORM_BASE`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Wagtail decides the field by the name of the column, with nothing to set; some forms are without it.
        if given := self.fields.get("file"):
            self.fields["file"] = PictureField(label=given.label, required=given.required, widget=given.widget)

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
