"""Pictures stored, many at a time, and made into the sizes readers get."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from taggit.models import Tag
from wagtail.models import Collection
from wagtail.search.backends import get_search_backend

from coranto.delivery import operations as delivery
from coranto.delivery.tags import tag
from coranto.masthead.models import Picture, PictureRendition
from coranto.masthead.rules import renditions
from coranto.masthead.rules.intake import Taken, take_in
from coranto.masthead.rules.pictures import PictureProblem, random_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from django.core.files.storage import Storage

    from coranto.masthead.models import Account

_ROWS = 200
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class PictureDraft:
    """A picture as another room hands it over; texts longer than their column are shortened with an ellipsis.

    `alt` says what is to be seen on it; without `title` it is named after its file. Where caption, credit, alt or
    rights are empty, the words in the file itself take their place.
    """

    source: Path | bytes
    file_name: str
    title: str = ""
    caption: str = ""
    credit: str = ""
    alt: str = ""
    rights: str = ""
    rights_expire_on: date | None = None
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
    batch = _Batch(Picture._meta.get_field("file").storage, Collection.get_first_root_node(), by, now)
    try:
        stored = [_store(draft, batch) for draft in drafts]
        pictures = [each for each in stored if isinstance(each, Picture)]
        dates = [
            draft.created_at or now for draft, each in zip(drafts, stored, strict=True) if isinstance(each, Picture)
        ]
        with transaction.atomic():
            _insert(pictures, dates)
    except BaseException:  # a worker that is told to stop, too
        _remove(batch.storage, batch.written)
        raise
    return stored


@dataclass(frozen=True, slots=True)
class _Batch:
    storage: Storage
    collection: Collection
    by: Account | None
    now: datetime
    written: list[str] = field(default_factory=list)


def _store(draft: PictureDraft, batch: _Batch) -> Picture | PictureRefused:
    with TemporaryFile() as clean:
        try:
            with _opened(draft.source) as file:
                taken = take_in(file, clean)
        except PictureProblem as problem:
            return PictureRefused(draft.file_name, problem.code, str(problem))
        name = batch.storage.save(f"original_images/{random_name(taken.extension)}", File(clean))
    batch.written.append(name)
    return Picture(
        file=name,
        collection=batch.collection,
        uploaded_by_user=batch.by,
        metadata_removed_at=batch.now,
        **_fields(draft, taken),
    )


@contextmanager
def _opened(source: Path | bytes) -> Iterator[IO[bytes]]:
    if isinstance(source, bytes):
        _check_size(len(source))
        yield BytesIO(source)
        return
    try:
        file = source.open("rb")
    except OSError as error:
        raise PictureProblem("unreadable") from error
    with file:
        _check_size(file.seek(0, 2))
        yield file


def _check_size(size: int) -> None:
    if size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
        raise PictureProblem("size")


def _fields(draft: PictureDraft, taken: Taken) -> dict[str, Any]:
    """What the draft says, else what the file says of itself."""
    words = taken.words
    texts = {
        "title": draft.title.strip() or words.title or Path(draft.file_name).stem or taken.format,
        "caption": draft.caption.strip() or words.caption,
        "credit": draft.credit.strip() or words.credit,
        "description": draft.alt.strip() or words.description,
        "rights": draft.rights.strip() or words.rights,
    }
    return {
        "width": taken.width,
        "height": taken.height,
        "file_size": taken.size,
        "file_hash": taken.sha1,
        "rights_expire_on": draft.rights_expire_on,
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


def remove_metadata(*, picture: Picture, now: datetime) -> bool:
    """Take out of a stored original what the version that stored it left in; whether there was anything.

    Its file gets a new name then, as browsers keep the former for ever. A picture replaced or deleted meanwhile is
    left alone. Raises `PictureProblem` where the picture is not whole, `OSError` where its file is not there.
    """
    storage: Storage = picture.file.storage
    source = picture.file.name
    with TemporaryFile() as clean:
        with storage.open(source) as original:
            taken = take_in(original, clean)
            is_clean = original.size == taken.size and _same_bytes(original, clean)
        name = source if is_clean else storage.save(f"original_images/{random_name(taken.extension)}", File(clean))
    try:
        replaced = _note_removal(picture, source, name, taken, now)
    except BaseException:
        _remove(storage, {name} - {source})
        raise
    # Readers may be looking at a page that names the former: a moment without a picture is the smaller evil.
    _remove(storage, {source if replaced else name} - ({name} if replaced else {source}))
    return replaced and not is_clean


def _same_bytes(one: IO[bytes], other: IO[bytes]) -> bool:
    one.seek(0)
    other.seek(0)
    while True:
        block = one.read(_BLOCK)
        if block != other.read(_BLOCK):
            return False
        if not block:
            return True


@transaction.atomic
def _note_removal(picture: Picture, source: str, name: str, taken: Taken, now: datetime) -> bool:
    rows = Picture.objects.filter(pk=picture.pk, file=source)
    replaced = rows.update(
        file=name,
        width=taken.width,
        height=taken.height,
        file_size=taken.size,
        file_hash=taken.sha1,
        metadata_removed_at=now,
    )
    if replaced and name != source:
        # Those Wagtail made for the editor carry the original's EXIF; the sizes readers get never did.
        ours = renditions.specs(taken.width)
        for rendition in PictureRendition.objects.filter(image_id=picture.pk).exclude(filter_spec__in=ours):
            rendition.delete()
    if replaced:
        delivery.purge_tags(tags=[tag("picture", picture.pk)])
    return bool(replaced)


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
    delivery.purge_tags(tags=[tag("picture", picture.pk)])
    return kept
