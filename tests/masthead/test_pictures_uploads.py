"""Pictures uploaded in the admin: on the page of one, of many, and where a picture is chosen."""

import gc
import io
import json
import re
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from coranto.masthead.models import Account, Picture

HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NAME = re.compile(r"original_images/[0-9a-f]{32}\.png")


def png(size=(64, 36), colour=(10, 90, 140)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def noise(kind):
    out = io.BytesIO()
    Image.effect_noise((200, 150), 60).save(out, kind)
    return out.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_without_all_its_pixels():
    """Every chunk and checksum is right, and yet there are fewer lines than it says."""
    head = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 300)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


REFUSED = {
    "truncated PNG": ("a.png", noise("PNG")[:5000], "The picture is damaged or incomplete"),
    "PNG without all its pixels": ("a.png", png_without_all_its_pixels(), "The picture is damaged"),
    "malformed GIF": ("a.gif", b"GIF89a" + b"\xff" * 60, "The picture is damaged"),
    "GIF that is a script": ("a.gif", b"GIF89a=1;alert(1)//", "The picture is damaged"),
    "truncated JPEG": ("a.jpg", noise("JPEG")[:4000], "The picture is damaged"),
    "truncated AVIF": ("a.avif", noise("AVIF")[:-20], "The picture is damaged"),
    "HTML named .png": ("a.png", HTML, "This is not a picture we can use"),
    "SVG": ("a.svg", SVG, "SVG drawings are not taken in"),
    "SVG named .png": ("a.png", SVG, "SVG drawings are not taken in"),
    "PNG named .html": ("a.html", png(), "it is not called like one"),
    "nothing": ("a.png", b"", "empty"),
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    yield
    gc.collect()  # so that it is missed here and not in somebody else's test


@pytest.fixture
def editor(client, db):
    client.force_login(Account.objects.create_superuser("cora@paper.example"))
    return client


def upload_one(client, file):
    answer = client.post(reverse("wagtailimages:add"), {"title": "Harbour", "file": file})
    return answer.status_code, "" if answer.status_code == 302 else answer.content.decode()


def upload_many(client, file):
    answer = client.post(reverse("wagtailimages:add_multiple"), {"title": "Harbour", "files[]": file})
    return answer.status_code, answer.json().get("error_message", "")


def upload_in_chooser(client, file):
    answer = client.post(
        reverse("wagtailimages_chooser:create"),
        {"image-chooser-upload-title": "Harbour", "image-chooser-upload-file": file},
    )
    return answer.status_code, answer.json().get("htmlFragment") or answer.json().get("html") or ""


WAYS = pytest.mark.parametrize("upload", [upload_one, upload_many, upload_in_chooser])


@WAYS
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_whole_picture_is_refused_with_a_sentence(editor, upload, case):
    name, data, sentence = REFUSED[case]

    status, said = upload(editor, SimpleUploadedFile(name, data))

    assert status == 200
    assert sentence in said
    assert Picture.objects.count() == 0


@WAYS
def test_an_upload_is_stored_under_a_name_nobody_can_guess(editor, upload):
    upload(editor, SimpleUploadedFile("our secret source.PNG", png()))

    picture = Picture.objects.get()
    assert NAME.fullmatch(picture.file.name)
    assert (picture.width, picture.height) == (64, 36)


@WAYS
def test_a_picture_with_a_page_behind_it_is_a_picture(editor, upload):
    """What follows its end is never run: tests/masthead/test_pictures_media.py says how it is served."""
    upload(editor, SimpleUploadedFile("polyglot.png", png() + HTML))

    assert NAME.fullmatch(Picture.objects.get().file.name)


def test_a_picture_uploaded_twice_is_noticed(editor):
    url = reverse("wagtailimages:add_multiple")
    answers = [
        editor.post(url, {"title": title, "files[]": SimpleUploadedFile("a.png", png())}).json()
        for title in ("Harbour", "Harbour again")
    ]

    assert [each["duplicate"] for each in answers] == [False, True]


def test_an_upload_larger_than_allowed_is_refused_before_it_is_read(editor, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10

    _status, said = upload_many(editor, SimpleUploadedFile("a.png", png()))

    assert said == "The file is too large. Save the picture in a smaller size."


def test_an_upload_with_too_many_pixels_is_refused(editor, settings):
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 100

    _status, said = upload_many(editor, SimpleUploadedFile("a.png", png()))

    assert said == "The picture has too many pixels. Save it in a smaller size, photographs as JPEG."


def test_uploads_get_their_sizes_from_the_worker(editor, run_tasks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload_one(editor, SimpleUploadedFile("a.png", png()))
    assert list(Picture.objects.awaiting_renditions()) == [Picture.objects.get()]

    run_tasks()

    assert Picture.objects.get().renditions_made_at is not None


def edit(client, picture, **fields):
    url = reverse("wagtailimages:edit", args=[picture.pk])
    return client.post(url, {"title": picture.title, **fields})


def test_a_new_file_replaces_the_old_one_and_all_its_sizes(editor, run_tasks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload_one(editor, SimpleUploadedFile("a.png", png()))
    run_tasks()
    before = Picture.objects.get()
    storage, old = before.file.storage, [before.file.name, *before.renditions.values_list("file", flat=True)]

    with django_capture_on_commit_callbacks(execute=True):
        edit(editor, before, file=SimpleUploadedFile("a.png", png((500, 500))))
    between = Picture.objects.get()
    made_between = between.renditions.filter(filter_spec__contains="|format").count()
    run_tasks()

    after = Picture.objects.get()
    assert (between.renditions_made_at, made_between) == (None, 0)
    assert after.renditions_made_at is not None
    assert set(after.renditions.values_list("width", flat=True)) >= {320, 500}
    assert [name for name in old if storage.exists(name)] == []


def test_changing_words_and_focal_point_makes_nothing_anew(editor, run_tasks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload_one(editor, SimpleUploadedFile("a.png", png()))
    run_tasks()
    before = Picture.objects.get()
    sizes = sorted(before.renditions.values_list("file", flat=True))

    with django_capture_on_commit_callbacks(execute=True):
        edit(
            editor,
            before,
            caption="Before the storm",
            focal_point_x=10,
            focal_point_y=10,
            focal_point_width=5,
            focal_point_height=5,
        )

    after = Picture.objects.get()
    assert (after.caption, after.focal_point_x) == ("Before the storm", 10)
    assert after.renditions_made_at == before.renditions_made_at
    assert sorted(after.renditions.values_list("file", flat=True)) == sizes
    run_tasks()
    assert sorted(after.renditions.values_list("file", flat=True)) == sizes


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Wagtail leaves it to the collector
def test_an_upload_that_lacks_a_word_waits_for_it(editor, run_tasks, django_capture_on_commit_callbacks):
    answer = editor.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "a" * 256, "files[]": SimpleUploadedFile("a.png", png())},
    ).json()
    upload_id = answer["uploaded_file_id"]
    assert Picture.objects.count() == 0

    with django_capture_on_commit_callbacks(execute=True):
        editor.post(
            reverse("wagtailimages:create_multiple_from_uploaded_image", args=[upload_id]),
            {f"uploaded-image-{upload_id}-title": "Harbour"},
        )
    run_tasks()

    picture = Picture.objects.get()
    assert (picture.width, picture.renditions.count()) == (64, 2)


def test_the_words_of_many_uploads_can_be_given_afterwards(editor):
    answer = editor.post(
        reverse("wagtailimages:add_multiple"), {"title": "a", "files[]": SimpleUploadedFile("a.png", png())}
    ).json()
    picture_id = answer["image_id"]

    told = editor.post(
        reverse("wagtailimages:edit_multiple", args=[picture_id]),
        {f"image-{picture_id}-title": "Harbour", f"image-{picture_id}-credit": "Ada Ito"},
    )

    assert json.loads(told.content)["success"] is True
    assert Picture.objects.get().credit == "Ada Ito"
