"""What a picture's file tells: read, then taken out of it, in every format."""

import io
import struct
import sys
import zlib
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

sys.path.insert(0, str(Path(__file__).parent))

from photographs import (
    FORMATS,
    KINDS,
    PROFILE,
    WHERE,
    encoded,
    exif,
    iptc,
    moving,
    noise,
    telling,
    with_iptc,
)

from coranto.masthead.rules import metadata
from coranto.masthead.rules.metadata import Words

WORDS = Words(
    title="The harbour",
    caption="Boats before the storm.",
    credit="Ada Itō / Lantern Pictures",
    rights="© Ada Itō",
    description="Three boats",
    taken_on=date(2026, 3, 12),
)
BY_FORMAT = pytest.mark.parametrize("kind", FORMATS)


def take_out(data, kind):
    out = io.BytesIO()
    words = metadata.take_out(io.BytesIO(data), out, kind=KINDS[kind])
    return out.getvalue(), words


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def raw_exif(data):
    """The tags as their bytes say it: Pillow reads texts as Latin-1."""
    found = dict(Image.open(io.BytesIO(data)).getexif())
    return {name: each.encode("latin-1").decode() if isinstance(each, str) else each for name, each in found.items()}


@BY_FORMAT
def test_where_and_with_what_it_was_taken_is_gone(kind):
    data = telling(kind)
    assert WHERE in data or kind == "PNG"  # there it is packed

    clean, _words = take_out(data, kind)

    for word in (WHERE, b"GPS", b"Olympus", b"OLYMPUS", b"serial number", b"2026:03", b"photoshop"):
        assert word not in clean
    assert set(raw_exif(clean)) <= {ExifTags.Base.Artist, ExifTags.Base.Copyright}
    assert not {"comment", "Comment", "XML:com.adobe.xmp", "photoshop"} & set(opened(clean).info)


@BY_FORMAT
def test_no_pixel_is_touched_and_the_colours_stay(kind):
    image = noise()
    data = telling(kind, image)

    clean, _words = take_out(data, kind)

    assert opened(clean).tobytes() == opened(data).tobytes()
    assert opened(clean).info.get("icc_profile") == (None if kind == "GIF" else PROFILE)


@BY_FORMAT
def test_the_words_are_read_before_they_go(kind):
    _clean, words = take_out(telling(kind), kind)

    assert words == (WORDS if kind != "GIF" else Words(**{**vars_of(WORDS), "taken_on": None}))


def vars_of(words):
    return {name: getattr(words, name) for name in Words.__dataclass_fields__}


@pytest.mark.parametrize("kind", ["AVIF", "JPEG", "PNG", "WEBP"])
def test_who_made_it_and_whose_it_is_stays_in_the_file(kind):
    clean, _words = take_out(telling(kind), kind)

    assert raw_exif(clean) == {
        ExifTags.Base.Artist: "Ada Itō / Lantern Pictures",
        ExifTags.Base.Copyright: "© Ada Itō",
    }


@BY_FORMAT
def test_a_clean_file_comes_out_as_it_went_in(kind):
    plain = encoded(kind)
    once, _words = take_out(telling(kind), kind)

    assert take_out(plain, kind)[0] == plain
    again, words = take_out(once, kind)
    assert again == once
    assert (words.credit, words.rights) == (("", "") if kind == "GIF" else (WORDS.credit, WORDS.rights))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_which_way_is_up_stays(kind, orientation):
    clean, _words = take_out(telling(kind, orientation=orientation), kind)

    assert raw_exif(clean)[ExifTags.Base.Orientation] == orientation


def test_which_way_is_up_is_no_matter_of_exif_in_an_avif():
    data = telling("AVIF", orientation=6)  # Pillow writes the property for it

    clean, _words = take_out(data, "AVIF")

    assert opened(clean).getexif()[ExifTags.Base.Orientation] == 6
    assert len(clean) == len(data)


@pytest.mark.parametrize("kind", ["AVIF", "GIF", "PNG", "WEBP"])
def test_pictures_that_move_go_on_moving(kind):
    # Pillow dies where it writes an AVIF that moves with a block of EXIF that is a whole one.
    data = moving(kind, **({"exif": exif(), "xmp": b"<x/>" + WHERE} if kind == "WEBP" else {}))
    if kind == "AVIF":
        data = moving(kind, xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>" + WHERE)

    clean, _words = take_out(data, kind)

    assert WHERE not in clean
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(clean))
    assert (after.n_frames, after.info.get("loop"), after.info.get("duration")) == (
        before.n_frames,
        before.info.get("loop"),
        before.info.get("duration"),
    )
    for number in range(before.n_frames):
        before.seek(number)
        after.seek(number)
        assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_follows_the_end_goes(kind):
    data = encoded(kind)

    assert take_out(data + b"<script>alert(1)</script>", kind)[0] == data


def test_a_second_picture_in_a_jpeg_goes():
    """A depth map, a gain map, or the picture before it was cropped."""
    out = io.BytesIO()
    noise().save(out, "MPO", save_all=True, append_images=[noise(spread=20)])

    clean, _words = take_out(out.getvalue(), "JPEG")

    assert clean.count(b"\xff\xd8\xff") == 1
    assert b"MPF\0" not in clean
    assert Image.open(io.BytesIO(clean)).format == "JPEG"


def test_the_small_picture_in_a_jpegs_head_goes():
    data = encoded("JPEG")
    head = b"\xff\xe0" + struct.pack(">H", 16 + 3) + data[6:18] + b"\x01\x01" + b"rgb"

    assert take_out(data[:2] + head + data[20:], "JPEG")[0] == data


@pytest.mark.parametrize("progressive", [False, True])
def test_jpegs_of_every_make_come_through(progressive):
    for mode in ("L", "RGB", "CMYK"):
        data = encoded("JPEG", noise().convert(mode), progressive=progressive, quality=30)

        clean, _words = take_out(data, "JPEG")

        assert opened(clean).tobytes() == opened(data).tobytes()


def test_an_unknown_box_of_an_avif_is_emptied_in_its_place():
    data = encoded("AVIF") + struct.pack(">I", 8 + 16 + len(WHERE)) + b"uuid" + b"x" * 16 + WHERE

    clean, _words = take_out(data, "AVIF")

    assert clean == data[: -24 - len(WHERE)] + data[-24 - len(WHERE) : -20 - len(WHERE)] + b"free" + b"\0" * (
        16 + len(WHERE)
    )


# Words ----------------------------------------------------------------------------------------------------


def words_of(data, kind="JPEG"):
    return take_out(data, kind)[1]


def test_an_agencys_record_is_read():
    record = iptc(title="Harbour", creator="Ada Ito", credit="AP", rights="AP 2026", caption="Boats.")

    assert words_of(with_iptc(encoded("JPEG"), record)) == Words("Harbour", "Boats.", "Ada Ito / AP", "AP 2026")


def test_of_three_sources_the_youngest_way_to_say_it_counts():
    data = with_iptc(telling("JPEG"), iptc(creator="Somebody", caption="Something"))

    assert (words_of(data).caption, words_of(data).credit) == (WORDS.caption, WORDS.credit)


@pytest.mark.parametrize(
    ("creator", "credit", "expected"),
    [("Ada", "", "Ada"), ("", "AP", "AP"), ("Ada / AP", "AP", "Ada / AP"), ("Ada", "Ada / AP", "Ada / AP")],
)
def test_nobody_is_named_twice(creator, credit, expected):
    fields = {name: text for name, text in (("creator", creator), ("credit", credit)) if text}

    assert words_of(with_iptc(encoded("JPEG"), iptc(**fields))).credit == expected


@pytest.mark.parametrize("said", ["OLYMPUS DIGITAL CAMERA", "SONY DSC", "SAMSUNG CAMERA PICTURES", "Exif_JPEG_PICTURE"])
def test_what_a_camera_says_of_its_pictures_is_no_caption(said):
    assert words_of(encoded("JPEG", exif=exif(description=said))).caption == ""


def test_a_caption_in_exif_is_one():
    assert words_of(encoded("JPEG", exif=exif(description="Boats in the harbour"))).caption == "Boats in the harbour"


def test_words_are_made_fit_for_a_line():
    record = iptc(caption="Boats\0 in\r\nthe \u202eharbour", credit="x" * 3000)

    words = words_of(with_iptc(encoded("JPEG"), record))

    assert (words.caption, words.credit) == ("Boats in the harbour", "x" * 500)


@pytest.mark.parametrize(
    "xmp",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><x:xmpmeta xmlns:x="adobe:ns:meta/">&a;</x:xmpmeta>',
        b"<x:xmpmeta",
        b"\xff\xfe\0\0",
        b"",
    ],
)
def test_xmp_that_is_none_is_left_unread(xmp):
    assert words_of(encoded("JPEG", xmp=xmp)) == Words()


def test_a_text_packed_small_is_not_unpacked_without_end():
    bomb = zlib.compress(b"a" * 50_000_000)
    body = b"zTXtAuthor\0\0" + bomb
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    data = encoded("PNG")

    assert words_of(data[:33] + chunk + data[33:], "PNG").credit == "a" * 500


def test_the_beginning_of_a_photograph_is_enough_for_its_words():
    data = telling("JPEG", noise((800, 600)))

    assert metadata.read(data[:20_000]) == WORDS


@pytest.mark.parametrize("head", [b"", b"\xff\xd8", b"\x89PNG", b"RIFF", b"GIF8", b"<svg>", b"\0\0\0\x1cftypavif"])
def test_what_is_no_picture_says_nothing(head):
    assert metadata.read(head) == Words()


# Files made to deceive ------------------------------------------------------------------------------------

SAMPLES = {kind: telling(kind, noise((16, 16))) for kind in FORMATS} | {
    f"moving {kind}": moving(kind) for kind in ("AVIF", "GIF", "PNG", "WEBP")
}


@given(data=st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_broken_file_is_called_so_and_nothing_else_happens(data):
    name = data.draw(st.sampled_from(sorted(SAMPLES)))
    file = bytearray(SAMPLES[name])
    for _ in range(data.draw(st.integers(1, 8))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    file = bytes(file[: data.draw(st.integers(0, len(file)))])

    with suppress(metadata.MalformedError):
        take_out(file, name.removeprefix("moving "))
    assert isinstance(metadata.read(file), Words)
