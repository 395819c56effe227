"""The sizes readers get, made by the worker."""

import io
from datetime import UTC, datetime

import pytest
from PIL import ExifTags, Image, ImageCms
from wagtail.images.models import Filter

from coranto.jobs.operations.heartbeat import Interrupted
from coranto.masthead import operations
from coranto.masthead.models import Picture, PictureRendition
from coranto.masthead.operations import PictureDraft
from coranto.masthead.rules import renditions

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def plain(width, height, colour=(200, 40, 40)):
    return Image.new("RGB", (width, height), colour)


def store(data):
    drafts = [PictureDraft(source=data, file_name="a", title="Harbour")]
    (picture,) = operations.store_pictures(drafts=drafts, by=None, now=NOW)
    return picture


def stored(width=700, height=350, kind="PNG"):
    return store(encoded(plain(width, height), kind))


def make(picture, now=NOW):
    return operations.make_renditions(picture=picture, now=now)


def made_of(picture):
    return {each.filter_spec: each for each in PictureRendition.objects.filter(image=picture)}


def opened(rendition):
    with rendition.file.storage.open(rendition.file.name) as file:
        image = Image.open(file)
        image.load()
    return image


def files(media):
    return {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}


# Which ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (200, {320: 200}),
        (320, {320: 320}),
        (360, {320: 320}),
        (600, {320: 320, 640: 600}),
        (1200, {320: 320, 640: 640, 960: 960, 1280: 1200}),
        (4000, {320: 320, 640: 640, 960: 960, 1280: 1280, 1920: 1920}),
    ],
)
def test_no_size_is_wider_than_the_original(width, widths):
    assert renditions.specs(width) == {
        f"width-{step}|format-{kind}": (shown, kind) for step, shown in widths.items() for kind in ("avif", "webp")
    }


@pytest.mark.parametrize("kind", ["AVIF", "GIF", "JPEG", "PNG", "WEBP"])
def test_each_kind_of_picture_gets_both_formats(db, kind):
    picture = stored(kind=kind)

    assert make(picture) == 4

    made = made_of(picture)
    assert {spec: (each.width, each.height) for spec, each in made.items()} == {
        "width-320|format-avif": (320, 160),
        "width-320|format-webp": (320, 160),
        "width-640|format-avif": (640, 320),
        "width-640|format-webp": (640, 320),
    }
    for spec, each in made.items():
        image = opened(each)
        assert (image.size, image.format.lower()) == ((each.width, each.height), spec.rpartition("-")[2])


@pytest.mark.parametrize("size", [(1201, 677), (1013, 2031), (333, 7), (5000, 3)])
def test_wagtail_finds_them_and_would_make_them_in_the_same_size(db, size, django_assert_num_queries):
    picture = stored(*size)
    make(picture)

    for spec, ours in made_of(picture).items():
        assert Filter(spec).get_transform(picture).size == (ours.width, ours.height)
        with django_assert_num_queries(1):
            assert picture.get_rendition(spec) == ours


def test_a_picture_that_moves_is_left_as_it_is(db):
    frames = [plain(400, 300, colour) for colour in ("red", "blue")]
    for kind in ("GIF", "WEBP", "PNG"):
        picture = store(encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100))

        assert make(picture) == 0
        assert Picture.objects.get(pk=picture.pk).renditions_made_at == NOW


def test_a_picture_too_tall_for_webp_has_avif_alone(db):
    picture = store(encoded(plain(340, 18_000), "PNG"))

    make(picture)

    assert set(made_of(picture)) == {"width-320|format-avif"}


# How ------------------------------------------------------------------------------------------------------


def photograph_on_its_side():
    image = plain(640, 320, (0, 0, 200))
    image.paste((200, 0, 0), (0, 0, 320, 320))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # to be turned clockwise: what is left comes to the top
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    exif[ExifTags.Base.Artist] = "Ada Ito"
    return encoded(image, "JPEG", exif=exif, xmp=b"<x:xmpmeta>exif:GPSLatitude</x:xmpmeta>")


def test_they_stand_upright_and_say_who_took_them_and_not_where(db):
    picture = store(photograph_on_its_side())

    make(picture)

    for each in made_of(picture).values():
        image = opened(each)
        assert image.size == (320, 640)
        red, _green, blue = image.convert("RGB").getpixel((160, 100))
        assert (red, blue) == pytest.approx((200, 0), abs=20)
        assert dict(image.getexif()) == {ExifTags.Base.Artist: "Ada Ito"}
        assert {"xmp", "icc_profile"} & set(image.info) == set()
        with each.file.storage.open(each.file.name) as file:
            assert b"GPS" not in file.read()


def profile_with_red_and_blue_exchanged():
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = data.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")
    return data.replace("sRGB".encode("utf-16-be"), "ours".encode("utf-16-be"))


def test_colours_are_converted_to_srgb(db):
    red = plain(320, 160, (255, 0, 0))
    for kind in ("JPEG", "PNG"):
        picture = store(encoded(red, kind, icc_profile=profile_with_red_and_blue_exchanged()))

        make(picture)

        for each in made_of(picture).values():
            assert opened(each).convert("RGB").getpixel((100, 100)) == pytest.approx((0, 0, 255), abs=6)


@pytest.mark.parametrize("profile", [b"no profile", ImageCms.createProfile("LAB")])
def test_a_profile_that_does_not_fit_changes_nothing(db, profile):
    data = profile if isinstance(profile, bytes) else ImageCms.ImageCmsProfile(profile).tobytes()
    picture = store(encoded(plain(320, 160), "PNG", icc_profile=data))

    make(picture)

    for each in made_of(picture).values():
        assert opened(each).getpixel((100, 100)) == pytest.approx((200, 40, 40), abs=6)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_mode_of_colours_is_shown(db, mode):
    grey = Image.new("L", (320, 160), 128)
    image = Image.new("I;16", (320, 160), 128 * 257) if mode == "I;16" else grey.convert(mode)
    picture = store(encoded(image, "JPEG" if mode == "CMYK" else "PNG"))

    make(picture)

    for each in made_of(picture).values():
        shown = opened(each).convert("L")
        if mode != "1":
            assert abs(shown.getpixel((100, 100)) - 128) < 6


def test_what_is_transparent_stays_so(db):
    picture = store(encoded(Image.new("RGBA", (320, 160), (10, 20, 30, 0)), "PNG"))

    make(picture)

    assert [opened(each).getpixel((5, 5))[3] for each in made_of(picture).values()] == [0, 0]


# Again and again ------------------------------------------------------------------------------------------


def test_made_once_they_are_not_made_again(db, media):
    picture = stored()
    make(picture)
    before = files(media)

    assert make(picture, LATER) == 0
    assert files(media) == before


def test_only_what_is_missing_is_made(db):
    picture = stored()
    make(picture)
    kept = made_of(picture)
    kept.pop("width-640|format-webp").delete()

    assert make(picture) == 1

    again = made_of(picture)
    assert len(again) == 4
    assert kept.items() <= again.items()


@pytest.mark.parametrize("stop", [RuntimeError, Interrupted])
def test_a_run_that_is_stopped_leaves_nothing(db, media, monkeypatch, stop):
    picture = stored()
    before = files(media)

    def stopped(*_args, **_options):
        raise stop

    monkeypatch.setattr(operations.pictures, "_insert_renditions", stopped)
    with pytest.raises(stop):
        make(picture)

    assert (files(media), made_of(picture)) == (before, {})


def test_a_worker_told_to_stop_does_not_count_as_a_failure(db, monkeypatch):
    picture = stored()

    def stopped(*_args, **_options):
        raise Interrupted

    monkeypatch.setattr(renditions, "render", stopped)
    with pytest.raises(Interrupted):
        make(picture)

    assert list(Picture.objects.awaiting_renditions()) == [picture]


def meanwhile(monkeypatch, act):
    """Have `act` happen after the sizes were made and before their rows are written."""
    insert = operations.pictures._insert_renditions

    def first_act(*args):
        monkeypatch.undo()
        act()
        return insert(*args)

    monkeypatch.setattr(operations.pictures, "_insert_renditions", first_act)


def test_two_workers_on_one_picture_leave_one_set(db, media, monkeypatch):
    picture = stored()
    meanwhile(monkeypatch, lambda: make(Picture.objects.get()))

    assert make(picture) == 0

    named = {each.file.name for each in made_of(picture).values()}
    assert len(named) == 4
    assert files(media) == named | {picture.file.name}


def test_a_picture_deleted_meanwhile_leaves_nothing(db, media, monkeypatch):
    picture = stored()
    meanwhile(monkeypatch, lambda: Picture.objects.all().delete())

    assert make(picture) == 0

    assert files(media) == {picture.file.name}  # Wagtail deletes that one by a task of its own


def test_a_picture_replaced_meanwhile_goes_on_waiting(db, media, monkeypatch):
    picture, other = stored(), stored()
    meanwhile(monkeypatch, lambda: Picture.objects.filter(pk=picture.pk).update(file=other.file.name))

    assert make(picture) == 0

    assert made_of(picture) == {}
    assert picture in Picture.objects.awaiting_renditions()
