"""Pictures handed over by the importers."""

import hashlib
import io
import re
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image
from wagtail.images.models import AbstractImage
from wagtail.models import Collection
from wagtail.search.backends import get_search_backend

from coranto.masthead import operations
from coranto.masthead.models import Account, Picture
from coranto.masthead.operations import PictureDraft, PictureRefused
from coranto.masthead.rules import pictures

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def encoded(kind, *, size=(64, 36), mode="RGB", **options):
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(out, kind, **options)
    return out.getvalue()


def draft(source, file_name="harbour.png", **fields):
    return PictureDraft(source=source, file_name=file_name, **fields)


def store(*drafts, by=None):
    return operations.store_pictures(drafts=drafts, by=by, now=NOW)


def files(media):
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("kind", "extension"),
    [("AVIF", "avif"), ("GIF", "gif"), ("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")],
)
def test_each_kind_is_stored_under_a_name_nobody_can_guess(db, kind, extension):
    data = encoded(kind)

    (picture,) = store(draft(data, "front page.html"))

    assert re.fullmatch(rf"original_images/[0-9a-f]{{32}}\.{extension}", picture.file.name)
    with default_storage.open(picture.file.name) as file:
        assert file.read() == data


def test_the_row_is_the_one_an_upload_leaves(db):
    cora = Account.objects.create_user("cora@paper.example")
    data = encoded("PNG")

    store(
        draft(
            data,
            title="The harbour",
            caption="Before the storm.",
            credit="Ada Ito",
            alt="Boats",
            rights="CC BY",
            created_at=datetime(2019, 5, 4, tzinfo=UTC),
        ),
        by=cora,
    )

    ours = Picture.objects.get()
    file = SimpleUploadedFile("harbour.png", data)
    uploaded = Picture(title="The harbour", uploaded_by_user=cora, file=file)
    uploaded._set_image_file_metadata()
    uploaded.save()
    told = {
        "caption": "Before the storm.",
        "credit": "Ada Ito",
        "description": "Boats",
        "rights": "CC BY",
        "created_at": datetime(2019, 5, 4, tzinfo=UTC),
    }
    for field in AbstractImage._meta.get_fields():
        if field.concrete and not field.many_to_many and field.name not in {"file", *told}:
            assert getattr(ours, field.name) == getattr(uploaded, field.name), field.name
    assert {name: getattr(ours, name) for name in told} == told
    assert ours.collection == Collection.get_first_root_node()
    assert ours.file_hash == hashlib.sha1(data).hexdigest()
    assert list(Picture.objects.awaiting_renditions()) == [ours, uploaded]


def test_a_picture_of_unknown_age_is_from_now_and_named_after_its_file(db):
    store(draft(encoded("PNG"), "harbour.at.dawn.png"))

    picture = Picture.objects.get()
    assert (picture.created_at, picture.title) == (NOW, "harbour.at.dawn")


def test_stored_pictures_are_found_by_the_editor(db):
    (picture, _other) = store(draft(encoded("PNG"), title="Harbour"), draft(encoded("PNG"), title="Town"))

    assert list(get_search_backend().search("harbour", Picture)) == [picture]
    picture.tags.add("sea")
    assert [tag.name for tag in picture.tags.all()] == ["sea"]


def test_texts_too_long_for_their_column_are_shortened_visibly(db):
    store(draft(encoded("PNG"), caption="a" * 501, credit="b" * 255))

    picture = Picture.objects.get()
    assert picture.caption == "a" * 499 + "…"
    assert picture.credit == "b" * 255


def test_sources_are_bytes_or_paths(db, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(encoded("JPEG"))

    (picture,) = store(draft(path))

    assert (picture.width, picture.height, picture.file_size) == (64, 36, path.stat().st_size)


def test_a_photograph_with_a_depth_map_is_a_jpeg(db):
    out = io.BytesIO()
    first, second = (Image.effect_noise((32, 32), spread) for spread in (20, 60))
    first.save(out, "MPO", save_all=True, append_images=[second])

    (picture,) = store(draft(out.getvalue()))

    assert picture.file.name.endswith(".jpg")


def test_a_jpeg_followed_by_a_film_is_taken_in(db):
    (picture,) = store(draft(encoded("JPEG") + b"\0\0\0\x18ftypmp42" + b"film" * 99))

    assert isinstance(picture, Picture)


def cut(data, share):
    return data[: int(len(data) * share)]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.995])
@pytest.mark.parametrize("kind", ["AVIF", "GIF", "JPEG", "PNG", "WEBP"])
def test_what_is_cut_off_is_refused(db, media, kind, share):
    refused = store(draft(cut(encoded(kind, size=(200, 150)), share), "cut.png"))

    assert refused == [PictureRefused("cut.png", "damaged", refused[0].reason)]
    assert refused[0].reason.startswith("The picture is damaged")
    assert files(media) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (SVG, "drawing"),
        (HTML, "unknown"),
        (b"GIF89a=1;alert(1)//", "damaged"),
        (b"GIF89a/*", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + HTML, "damaged"),
        (encoded("BMP"), "unknown"),
        (encoded("TIFF"), "unknown"),
        (b"%PDF-1.7", "unknown"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(db, media, data, code):
    (refused,) = store(draft(data, "innocent.png"))

    assert (refused.file_name, refused.code) == ("innocent.png", code)
    assert files(media) == []


def test_a_missing_source_is_refused(db, tmp_path):
    (refused,) = store(draft(tmp_path / "gone.jpg", "gone.jpg"))

    assert refused == PictureRefused("gone.jpg", "unreadable", "The file is missing or cannot be read.")


def test_too_many_pixels_are_refused_without_decoding_them(db, settings):
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 64 * 36 - 1

    assert [each.code for each in store(draft(encoded("PNG")), draft(encoded("GIF")))] == ["pixels", "pixels"]


def test_a_decompression_bomb_is_refused(db):
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")

    assert [each.code for each in store(draft(out.getvalue()))] == ["pixels"]


def test_a_file_larger_than_an_upload_may_be_is_refused(db, settings):
    data = encoded("PNG")
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = len(data) - 1

    assert [each.code for each in store(draft(data))] == ["size"]


def test_a_kind_the_settings_leave_out_is_refused(db, settings):
    settings.WAGTAILIMAGES_EXTENSIONS = ["jpg"]

    kinds = store(draft(encoded("GIF")), draft(encoded("JPEG")))

    assert [type(each) for each in kinds] == [PictureRefused, Picture]


def test_the_answers_come_in_the_order_of_the_drafts(db):
    results = store(draft(encoded("PNG"), title="1"), draft(b"", "2"), draft(encoded("GIF"), title="3"))

    assert [getattr(each, "title", None) or each.file_name for each in results] == ["1", "2", "3"]
    assert results[0].pk < results[2].pk


def test_a_failure_leaves_neither_rows_nor_files(db, media, monkeypatch):
    def fail(*_args, **_options):
        raise RuntimeError("the index is away")

    monkeypatch.setattr(operations.pictures, "get_search_backend", fail)

    with pytest.raises(RuntimeError):
        store(draft(encoded("PNG")), draft(encoded("GIF")))

    assert (Picture.objects.count(), files(media)) == (0, [])


def test_many_pictures_cost_no_more_queries_than_few(db):
    store(draft(encoded("PNG")))  # content types are looked up once
    counts = []
    for many in (1, 30):
        with CaptureQueriesContext(connection) as queries:
            store(*(draft(encoded("PNG")) for _ in range(many)))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_judging_leaves_the_file_at_its_beginning():
    for data in (encoded("JPEG"), encoded("AVIF")):
        file = io.BytesIO(data)
        assert (pictures.judge(file).width, file.tell()) == (64, 0)
