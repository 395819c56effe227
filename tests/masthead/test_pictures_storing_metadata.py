"""Every way by which a picture's file is stored keeps its credit and loses the place it was taken."""

import hashlib
import io
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import ExifTags, Image
from wagtail.images.models import Filter

sys.path.insert(0, str(Path(__file__).parent))

from photographs import FORMATS, WHERE, encoded, noise, telling

from coranto.jobs import operations as jobs
from coranto.jobs.models import Failure
from coranto.jobs.rules import periodic
from coranto.kit import clock
from coranto.masthead import operations, tasks
from coranto.masthead.models import Picture
from coranto.masthead.operations import PictureDraft
from coranto.masthead.operations.pictures import _note_removal
from coranto.masthead.rules.metadata import Words
from coranto.masthead.rules.titles import is_by_a_machine, title_of

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
WORDS = {
    "caption": "Boats before the storm.",
    "credit": "Ada Itō / Lantern Pictures",
    "rights": "© Ada Itō",
    "description": "Three boats",
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def editor(client, cora):
    client.force_login(cora)
    return client


def file(kind="JPEG", name=None, **options):
    extension = {"JPEG": "jpg"}.get(kind, kind.lower())
    return SimpleUploadedFile(name or f"IMG_1234.{extension}", telling(kind, **options))


def stored_bytes(picture):
    with picture.file.storage.open(picture.file.name) as stored:
        return stored.read()


def by_form(client, upload, **fields):
    assert client.post(reverse("wagtailimages:add"), {"title": "", "file": upload, **fields}).status_code == 302


def by_chooser(client, upload, **fields):
    fields = {f"image-chooser-upload-{name}": value for name, value in {"title": "", **fields, "file": upload}.items()}
    answer = client.post(reverse("wagtailimages_chooser:create"), fields)
    assert answer.json()["step"] == "chosen"


def by_many(client, upload, **fields):
    title = upload.name.rpartition(".")[0]
    answer = client.post(reverse("wagtailimages:add_multiple"), {"title": title, "files[]": upload}).json()
    assert answer["success"]
    return answer


def by_many_that_lacked_a_word(client, upload, **fields):
    answer = client.post(reverse("wagtailimages:add_multiple"), {"title": "a" * 256, "files[]": upload}).json()
    upload_id = answer["uploaded_file_id"]
    client.post(
        reverse("wagtailimages:create_multiple_from_uploaded_image", args=[upload_id]),
        {f"uploaded-image-{upload_id}-title": "Harbour"},
    )


def by_replacing(client, upload, **fields):
    by_form(client, SimpleUploadedFile("a.png", encoded("PNG")), title="Harbour")
    url = reverse("wagtailimages:edit", args=[Picture.objects.get().pk])
    assert client.post(url, {"title": "Harbour", "file": upload}).status_code == 302


def by_import(_client, upload, **fields):
    operations.store_pictures(drafts=[PictureDraft(upload.read(), upload.name)], by=None, now=NOW)


def by_program(_client, upload, **fields):
    picture = Picture(title="Harbour")
    picture.file.save("a.jpg", ContentFile(upload.read()))


WAYS = [by_form, by_chooser, by_many, by_many_that_lacked_a_word, by_replacing, by_import, by_program]


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Wagtail leaves it to the collector
@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("store", WAYS)
def test_where_it_was_taken_is_never_stored(editor, store, kind):
    store(editor, file(kind))

    picture = Picture.objects.get()
    stored = stored_bytes(picture)
    assert WHERE not in stored
    assert b"GPS" not in stored
    assert picture.metadata_removed_at is not None
    assert (picture.file_size, picture.file_hash) == (len(stored), hashlib.sha1(stored).hexdigest())
    assert (picture.width, picture.height) == (64, 48)


@pytest.mark.parametrize("store", [by_form, by_chooser, by_many, by_import])
def test_what_the_file_says_fills_the_fields(editor, store):
    store(editor, file())

    picture = Picture.objects.get()
    assert {name: getattr(picture, name) for name in WORDS} == WORDS
    assert picture.title == "The harbour"


def test_the_editor_finds_the_fields_filled_after_dropping_many(editor):
    answer = by_many(editor, file())

    for text in ("Boats before the storm.", "Ada Itō / Lantern Pictures", "© Ada Itō", "Three boats", "The harbour"):
        assert text in answer["form"]
    for name in ("description", "caption", "credit", "rights", "rights_expire_on"):
        assert f"image-{answer['image_id']}-{name}" in answer["form"]


def test_the_chooser_asks_for_everything_at_once(editor):
    html = editor.get(reverse("wagtailimages_chooser:choose")).json()["html"]

    for name in ("file", "title", "description", "caption", "credit", "rights", "rights_expire_on"):
        assert f'name="image-chooser-upload-{name}"' in html
    assert "Description for those who cannot see it" in html


@pytest.mark.parametrize("store", [by_form, by_chooser])
def test_what_the_editor_wrote_holds(editor, store):
    ours = {"title": "Storm", "caption": "A", "credit": "B", "rights": "C", "description": "D"}

    store(editor, file(), **ours)

    picture = Picture.objects.get()
    assert {name: getattr(picture, name) for name in ours} == ours


def test_a_new_file_fills_only_what_is_empty_and_names_nothing_anew(editor):
    by_form(editor, SimpleUploadedFile("a.png", encoded("PNG")), title="Storm", credit="Ben")
    picture = Picture.objects.get()

    editor.post(reverse("wagtailimages:edit", args=[picture.pk]), {"title": "Storm", "credit": "Ben", "file": file()})

    picture.refresh_from_db()
    assert (picture.title, picture.credit, picture.caption) == ("Storm", "Ben", WORDS["caption"])


def test_a_title_taken_away_is_missed(editor):
    by_form(editor, SimpleUploadedFile("a.png", encoded("PNG")), title="Storm")
    picture = Picture.objects.get()

    answer = editor.post(reverse("wagtailimages:edit", args=[picture.pk]), {"title": ""})

    assert "This field is required" in answer.content.decode()


def test_words_longer_than_their_field_are_cut(editor):
    words = "x" * 400
    by_form(editor, SimpleUploadedFile("a.jpg", encoded("JPEG", exif=exif_by(words))))

    assert Picture.objects.get().credit == "x" * 255


def exif_by(artist):
    block = Image.Exif()
    block[ExifTags.Base.Artist] = artist
    return block


def test_a_picture_on_its_side_is_measured_as_it_is_shown(editor):
    by_form(editor, file(orientation=6))

    picture = Picture.objects.get()
    assert (picture.width, picture.height) == (48, 64)
    with picture.get_rendition("max-165x165").file as made:
        assert Image.open(made).size == (48, 64)


# Before it is uploaded ------------------------------------------------------------------------------------


def ask(client, data, name="IMG_1234.jpg"):
    return client.post(reverse("picture_words"), {"file": SimpleUploadedFile("head", data), "name": name})


def test_the_form_is_filled_from_the_beginning_of_the_file(editor):
    answer = ask(editor, telling("JPEG", noise((800, 600)))[:20_000])

    assert answer.json() == {**WORDS, "title": "The harbour"}


@pytest.mark.parametrize("data", [b"x", b"\x89PNG\r\n\x1a\n", b"<svg>"])
def test_a_file_that_says_nothing_fills_nothing(editor, data):
    assert ask(editor, data, "The old harbour.jpg").json() == {
        **dict.fromkeys(WORDS, ""),
        "title": "The old harbour",
    }


def test_no_file_is_no_error(editor):
    assert editor.post(reverse("picture_words")).json()["caption"] == ""
    assert editor.get(reverse("picture_words")).status_code == 405


def test_only_those_who_may_add_pictures_may_ask(client, db):
    from django.contrib.auth.models import Permission

    from coranto.masthead.models import Account

    assert ask(client, b"x").status_code == 302
    dov = Account.objects.create_user("dov@paper.example")
    dov.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(dov)
    assert ask(client, b"x").status_code == 302  # to the admin's front, with a word on it


# Titles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("IMG_1234.jpg", "IMG-20260312-WA0003.jpg", "DSC_0042.JPG", "DSCF1234", "_DSC9999.jpg", "P1010001.JPG"),
        *("20260312_101112.jpg", "PXL_20260312_101112345.jpg", "Screenshot 2026-03-12 at 10.11.12.png"),
        *("WhatsApp Image 2026-03-12 at 10.11.12.jpeg", "image (3).png", "image.png", "photo.jpg", "1234.jpg"),
        *("0123456789abcdef0123456789abcdef.jpg", "550e8400-e29b-41d4-a716-446655440000.webp", "unnamed.jpg"),
    ],
)
def test_names_by_machines_are_known(name):
    assert is_by_a_machine(name)


@pytest.mark.parametrize(
    "name", ["harbour.jpg", "Ada in Paris 2026.jpg", "Imago dei.png", "photographers.jpg", "Dscoop", "P. Smith.jpg"]
)
def test_names_by_people_are_kept(name):
    assert not is_by_a_machine(name)


@pytest.mark.parametrize(
    ("name", "words", "title"),
    [
        ("IMG_1.jpg", Words(title="Harbour", caption="Boats."), "Harbour"),
        ("the-old_harbour.jpg", Words(caption="Boats."), "the old harbour"),
        ("IMG_1.jpg", Words(caption="Boats.", description="Three"), "Boats."),
        ("IMG_1.jpg", Words(description="Three"), "Three"),
        ("IMG_1.jpg", Words(title="DSC_1", caption="word " * 40), "word " * 17 + "word…"),
        ("IMG_1.jpg", Words(taken_on=date(2026, 3, 12)), "Picture of 12 March 2026"),
        ("", Words(), "Picture of 14 March 2026"),
    ],
)
def test_a_picture_is_called_by_the_best_that_is_known(name, words, title):
    assert title_of(name, words, today=date(2026, 3, 14)) == title


# Those of an earlier version ------------------------------------------------------------------------------


def as_it_came(kind="JPEG", **options):
    """A picture as versions stored it that kept all of its file."""
    (picture,) = operations.store_pictures(drafts=[PictureDraft(encoded("PNG"), "a", "Harbour")], by=None, now=NOW)
    data = telling(kind, **options)
    name = picture.file.storage.save(f"original_images/{'0' * 32}.{kind.lower()}", ContentFile(data))
    Picture.objects.filter(pk=picture.pk).update(
        file=name, metadata_removed_at=None, file_size=len(data), renditions_made_at=NOW
    )
    return Picture.objects.get(pk=picture.pk)


def work():
    while claim := jobs.claim_task(worker="w", now=clock.now()):
        jobs.run_task(claim=claim)


@pytest.mark.parametrize("kind", FORMATS)
def test_an_original_that_tells_is_replaced(db, kind):
    picture = as_it_came(kind)
    former = picture.file.name

    assert operations.remove_metadata(picture=picture, now=NOW) is True

    after = Picture.objects.get(pk=picture.pk)
    stored = stored_bytes(after)
    assert WHERE not in stored
    assert after.file.name != former
    assert not after.file.storage.exists(former)
    assert (after.metadata_removed_at, after.file_size) == (NOW, len(stored))
    assert after.renditions_made_at == NOW  # those never told anything


def test_the_editors_small_picture_goes_with_it_and_the_readers_sizes_stay(db):
    picture = as_it_came()
    kept = picture.renditions.create(filter_spec="width-320|format-webp", file="images/a.webp", width=64, height=48)
    picture.renditions.create(filter_spec="max-165x165", file="images/a.jpg", width=64, height=48)

    operations.remove_metadata(picture=picture, now=NOW)

    assert list(picture.renditions.all()) == [kept]


def test_an_original_on_its_side_is_measured_anew(db):
    picture = as_it_came(orientation=6)

    operations.remove_metadata(picture=picture, now=NOW)

    picture.refresh_from_db()
    assert (picture.width, picture.height) == (48, 64)


def test_one_that_tells_nothing_keeps_its_name(db):
    picture = as_it_came()
    operations.remove_metadata(picture=picture, now=NOW)
    picture.refresh_from_db()
    name = picture.file.name

    assert operations.remove_metadata(picture=picture, now=NOW) is False

    picture.refresh_from_db()
    assert picture.file.name == name
    assert picture.file.storage.exists(name)


def test_one_replaced_meanwhile_is_left_alone(db, media, monkeypatch):
    picture, other = as_it_came(), as_it_came("PNG")

    def replaced_first(*args):
        Picture.objects.filter(pk=picture.pk).update(file=other.file.name)
        return _note_removal(*args)

    monkeypatch.setattr(operations.pictures, "_note_removal", replaced_first)
    before = {path for path in media.rglob("*") if path.is_file()}

    assert operations.remove_metadata(picture=picture, now=NOW) is False

    assert Picture.objects.get(pk=picture.pk).file.name == other.file.name
    assert {path for path in media.rglob("*") if path.is_file()} == before


def test_the_worker_catches_up(db):
    told, silent = as_it_came(), as_it_came("PNG")
    Picture.objects.filter(pk=silent.pk).update(metadata_removed_at=NOW)

    assert [tasks.queue_removal_of_metadata(now=NOW) for _ in range(2)] == [1, 0]
    work()

    assert tasks.queue_removal_of_metadata(now=NOW) == 0
    assert WHERE not in stored_bytes(Picture.objects.get(pk=told.pk))


def test_one_that_is_broken_is_told_of_once(db):
    picture = as_it_came()
    Path(picture.file.path).write_bytes(b"\xff\xd8\xff")
    tasks.queue_removal_of_metadata(now=NOW)

    work()

    assert Failure.objects.get().message.startswith(f"Harbour (picture {picture.pk}): The picture is damaged")
    assert tasks.queue_removal_of_metadata(now=NOW) == 0


def test_catching_up_is_regular_work():
    (work,) = [each for each in periodic.registered() if each.name == "masthead.queue_removal_of_metadata"]
    assert work.function == tasks.queue_removal_of_metadata


# Wagtail's own sizes --------------------------------------------------------------------------------------


def halves(width, height):
    """Blue, and red in the right quarter."""
    image = Image.new("RGB", (width, height), (0, 0, 200))
    image.paste((200, 0, 0), (width * 3 // 4, 0, width, height))
    return image


def stored(kind, image):
    (picture,) = operations.store_pictures(
        drafts=[PictureDraft(encoded(kind, image), "a", "Harbour")], by=None, now=NOW
    )
    return picture


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("spec", "size"),
    [
        ("max-165x165", (165, 82)),
        ("width-800", (800, 400)),
        ("fill-100x100", (100, 100)),
        ("fill-300x100-c100", (300, 100)),
        ("scale-50", (500, 250)),
        ("width-2000", (1000, 500)),
    ],
)
def test_wagtails_own_sizes_are_what_they_were(db, kind, spec, size):
    picture = stored(kind, halves(1000, 500))

    with picture.get_rendition(spec).file as made:
        assert Image.open(made).size == size


def test_a_crop_follows_the_focal_point_and_changing_it_makes_it_anew(db):
    picture = stored("JPEG", halves(1000, 500))
    colours = []
    for x in (50, 950):
        picture.focal_point_x, picture.focal_point_y = x, 250
        picture.focal_point_width = picture.focal_point_height = 50
        picture.save()
        rendition = picture.get_rendition("fill-100x100")
        with rendition.file as made:
            colours.append(Image.open(made).convert("RGB").getpixel((90, 50)))

    assert [(red > 150, blue > 150) for red, _green, blue in colours] == [(False, True), (True, False)]
    assert picture.renditions.filter(filter_spec="fill-100x100").count() == 2


@pytest.mark.parametrize("spec", ["fill-100x100", "fill-120x60-c100", "max-165x165", "width-300"])
@pytest.mark.parametrize("x", [150, 350, 800])
def test_a_crop_is_the_one_wagtail_would_make_of_the_whole(db, spec, x):
    image = Image.linear_gradient("L").resize((500, 1000)).rotate(90, expand=True).convert("RGB")
    picture = stored("PNG", image)
    picture.focal_point_x, picture.focal_point_y = x, 250
    picture.focal_point_width = picture.focal_point_height = 80
    picture.save()
    whole = Filter(spec).run(picture, io.BytesIO()).f

    with picture.get_rendition(spec).file as made:
        ours, theirs = (Image.open(each).convert("L") for each in (made, whole))
        assert ours.size == theirs.size
        assert max(abs(one - other) for one, other in zip(ours.tobytes(), theirs.tobytes(), strict=True)) <= 3


def test_the_original_is_not_copied_to_be_shown(db, media, django_assert_num_queries):
    picture = stored("JPEG", halves(1000, 500))
    before = list(media.rglob("*"))

    with django_assert_num_queries(0):
        original = picture.get_rendition("original")

    assert (original.url, original.width) == (picture.file.url, 1000)
    assert list(media.rglob("*")) == before


def test_a_picture_that_broke_leaves_the_list_of_pictures_standing(editor):
    picture = stored("JPEG", halves(1000, 500))
    Path(picture.file.path).write_bytes(b"\xff\xd8\xff")

    answer = editor.get(reverse("wagtailimages:index"))

    assert answer.status_code == 200
    assert "Harbour" in answer.content.decode()


def test_sizes_made_by_wagtail_carry_no_place(editor):
    by_form(editor, file(orientation=6))

    rendition = Picture.objects.get().get_rendition("max-50x50")

    with rendition.file as made:
        data = made.read()
    assert WHERE not in data
    assert set(Image.open(io.BytesIO(data)).getexif()) == {ExifTags.Base.Artist, ExifTags.Base.Copyright}
