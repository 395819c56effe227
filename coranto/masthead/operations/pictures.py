"""Pictures stored, many at a time, and made into the sizes readers get."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from taggit.models import Tag
from wagtail.models import Collection
from wagtail.search.backends import get_search_backend

from coranto.masthead.models import Picture, PictureRendition
from coranto.masthead.rules import renditions
from coranto.masthead.rules.pictures import Judged, PictureProblem, judge, random_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.core.files.storage import Storage

    from coranto.masthead.models import Account

_ROWS = 200


@dataclass(frozen=True, slots=True)
class PictureDraft:
    """A picture as another room hands it over; texts longer than their column are shortened with an ellipsis.

    `alt` says what is to be seen on it; without `title` it is named after its file.
    """

    source: Path | bytes
    file_name: str
    title: str = ""
    caption: str = ""
    credit: str = ""
    alt: str = ""
    rights: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PictureRefused:
    """A draft that became no picture: `code` is that of `PictureProblem`, `reason` a sentence for people."""

    file_name: str
    code: str
    reason: str


def store_pictures(
    *, drafts: Sequence[PictureDraft], by: Account | None, now: datetime
) -> list[Picture | PictureRefused]:
    """Store original pictures; in the order of the drafts the row of each, or why there is none.

    Rows all or none; when it fails, the files written go again. The sizes readers get are left to the worker.
    Raises `OSError` when a file cannot be written.
    """
    storage: Storage = Picture._meta.get_field("file").storage
    written: list[str] = []
    try:
        collection = Collection.get_first_root_node()
        stored = [_store(draft, storage, written, by, collection) for draft in drafts]
        pictures = [each for each in stored if isinstance(each, Picture)]
        dates = [
            draft.created_at or now for draft, each in zip(drafts, stored, strict=True) if isinstance(each, Picture)
        ]
        with transaction.atomic():
            _insert(pictures, dates)
    except BaseException:  # a worker that is told to stop, too
        _remove(storage, written)
        raise
    return stored


def _store(
    draft: PictureDraft, storage: Storage, written: list[str], by: Account | None, collection: Collection
) -> Picture | PictureRefused:
    try:
        data = _read(draft.source)
        judged = judge(BytesIO(data))
    except PictureProblem as problem:
        return PictureRefused(draft.file_name, problem.code, str(problem))
    name = storage.save(f"original_images/{random_name(judged.extension)}", ContentFile(data))
    written.append(name)
    return Picture(file=name, collection=collection, uploaded_by_user=by, **_fields(draft, data, judged))


def _read(source: Path | bytes) -> bytes:
    try:
        size = source.stat().st_size if isinstance(source, Path) else len(source)
        if size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
            raise PictureProblem("size")
        return source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise PictureProblem("unreadable") from error


def _fields(draft: PictureDraft, data: bytes, judged: Judged) -> dict[str, Any]:
    texts = {
        "title": draft.title.strip() or Path(draft.file_name).stem or judged.format,
        "caption": draft.caption,
        "credit": draft.credit,
        "description": draft.alt,
        "rights": draft.rights,
    }
    return {
        "width": judged.width,
        "height": judged.height,
        "file_size": len(data),
        "file_hash": hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        **{name: _shortened(text.strip(), name) for name, text in texts.items()},
    }


def _shortened(text: str, field: str) -> str:
    most = Picture._meta.get_field(field).max_length
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _insert(pictures: list[Picture], dates: list[datetime]) -> None:
    Picture.objects.bulk_create(pictures, batch_size=_ROWS)
    for picture, created_at in zip(pictures, dates, strict=True):
        picture.created_at = created_at
    # Django writes the time of insertion into such a column whatever the row says.
    Picture.objects.bulk_update(pictures, ["created_at"], batch_size=_ROWS)
    _index(pictures)


def _index(pictures: list[Picture]) -> None:
    # The index reads the tags, one query a picture; these have none yet. They must not keep believing so.
    for picture in pictures:
        picture._prefetched_objects_cache = {"tags": Tag.objects.none()}  # noqa: SLF001 - where Django keeps it
    get_search_backend().add_bulk(Picture, pictures)
    for picture in pictures:
        del picture._prefetched_objects_cache  # noqa: SLF001 - as above


def _remove(storage: Storage, names: Iterable[str]) -> None:
    for name in names:
        storage.delete(name)


def make_renditions(*, picture: Picture, now: datetime) -> int:
    """Make the sizes of a picture that are missing; how many.

    Files first, then their rows in one transaction: whatever ends it midway, no row is without its file.
    A second worker on the same picture is harmless; so is a picture replaced or deleted meanwhile. When it
    fails, the picture says so (`renditions_failed_at`) and the error continues: `PictureProblem` where the
    picture itself is at fault, anything else where another attempt may succeed.
    """
    source = picture.file.name
    try:
        return _make_renditions(picture, source, now)
    except Exception:
        Picture.objects.filter(pk=picture.pk, file=source).update(renditions_failed_at=now)
        raise


def _make_renditions(picture: Picture, source: str, now: datetime) -> int:
    storage: Storage = PictureRendition._meta.get_field("file").storage
    written: list[str] = []
    try:
        made = []
        with picture.file.storage.open(source) as file:
            for each in renditions.render(file, present=_present(picture)):
                name = storage.save(f"images/{random_name(each.kind)}", ContentFile(each.data))
                written.append(name)
                made.append(
                    PictureRendition(
                        image=picture, filter_spec=each.spec, width=each.width, height=each.height, file=name
                    )
                )
        kept = _insert_renditions(picture, source, made, now)
    except BaseException:  # a worker that is told to stop, too
        _remove(storage, written)
        raise
    _remove(storage, set(written) - {each.file.name for each in kept})
    return len(kept)


def _present(picture: Picture) -> set[str]:
    rows = PictureRendition.objects.filter(image_id=picture.pk, focal_point_key="")
    return set(rows.values_list("filter_spec", flat=True))


@transaction.atomic
def _insert_renditions(
    picture: Picture, source: str, made: list[PictureRendition], now: datetime
) -> list[PictureRendition]:
    """Those of the renditions that are still wanted."""
    row = Picture.objects.select_for_update().filter(pk=picture.pk, file=source)
    if row.first() is None:
        return []  # deleted, or it has another file, whose own turn comes
    present = _present(picture)
    kept = [each for each in made if each.filter_spec not in present]
    PictureRendition.objects.bulk_create(kept)
    row.update(renditions_made_at=now, renditions_failed_at=None)
    return kept
