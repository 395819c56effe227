"""Files are sent by the edge: whole or in part, and none that is not to be sent."""

from __future__ import annotations

import os
from email.utils import formatdate

import pytest

from coranto.delivery.edge.files import Folders, NotOursError

PICTURE = bytes(range(256)) * 4_000


def test_file_is_sent_with_what_the_application_said_of_it(front):
    answer = front.talk().ask("/file/picture.png")
    assert (answer.status, answer.body) == (200, PICTURE)
    assert (answer["content-type"], answer["cache-control"]) == ("image/png", "max-age=9")
    assert (answer["content-length"], answer["accept-ranges"]) == (str(len(PICTURE)), "bytes")


def test_head_of_a_file_has_its_length(front):
    talk = front.talk()
    answer = talk.ask("/file/picture.png", method="HEAD")
    assert (answer.status, answer["content-length"]) == (200, str(len(PICTURE)))
    assert talk.ask("/file/empty.txt").body == b""


def test_file_the_client_has_already_is_not_sent_again(front):
    talk = front.talk()
    first = talk.ask("/file/picture.png")
    again = talk.ask("/file/picture.png", f"If-None-Match: {first['etag']}")
    assert (again.status, again["etag"], again["cache-control"]) == (304, first["etag"], "max-age=9")
    assert again.get("content-type") is None
    assert talk.ask("/file/picture.png", f"If-Modified-Since: {first['last-modified']}").status == 304
    assert talk.ask("/file/picture.png", f"If-Modified-Since: {formatdate(0, usegmt=True)}").status == 200
    assert talk.ask("/file/picture.png", "If-Modified-Since: yesterday").status == 200
    both = talk.ask("/file/picture.png", 'If-None-Match: "x"', f"If-Modified-Since: {first['last-modified']}")
    assert both.status == 200  # the tag alone counts


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, None),
        ("bytes=1000-300999", 1_000, 301_000),
        ("bytes=-5", -5, None),
        ("bytes=-99999999", 0, None),
        ("bytes=1023999-9999999", -1, None),
        ("BYTES = 3-4", 3, 5),
    ],
)
def test_part_of_a_file_is_sent(front, asked, start, stop):
    part = front.talk().ask("/file/picture.png", f"Range: {asked}")
    wanted = PICTURE[start:stop]
    assert (part.status, part.body, part["content-length"]) == (206, wanted, str(len(wanted)))
    first = PICTURE.find(wanted) if start == 0 else start % len(PICTURE)
    assert part["content-range"] == f"bytes {first}-{first + len(wanted) - 1}/{len(PICTURE)}"


@pytest.mark.parametrize("asked", ["bytes=1024000-", "bytes=9999999-99999999", "bytes=-0"])
def test_part_that_does_not_exist_is_refused(front, asked):
    talk = front.talk()
    answer = talk.ask("/file/picture.png", f"Range: {asked}")
    assert (answer.status, answer["content-range"], answer.body) == (416, f"bytes */{len(PICTURE)}", b"")
    assert talk.ask("/file/empty.txt", "Range: bytes=0-0").status == 416


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=5-1", "bytes=-", "bytes=a-b", "pages=1-2", "bytes", "bytes=0-1-2", ""]
)
def test_range_nobody_can_read_gives_the_whole(front, asked):
    answer = front.talk().ask("/file/picture.png", f"Range: {asked}")
    assert (answer.status, answer.body) == (200, PICTURE)


def test_part_is_sent_only_of_the_file_the_client_knows(front):
    talk = front.talk()
    first = talk.ask("/file/picture.png")
    for known, status in [
        (first["etag"], 206),
        (first["last-modified"], 206),
        ('"other"', 200),
        (f"W/{first['etag']}", 200),
        (formatdate(0, usegmt=True), 200),
        ("nonsense", 200),
    ]:
        assert talk.ask("/file/picture.png", "Range: bytes=0-1", f"If-Range: {known}").status == status


@pytest.mark.parametrize("path", ["outside", "../../../../etc/passwd", "inside/../../x", "folder", "missing", ""])
def test_what_is_not_below_the_folder_is_not_there(front, path):
    answer = front.talk().ask(f"/file/{path}")
    assert (answer.status, answer.body) == (404, b"There is nothing here.\n")


def test_link_within_the_folder_is_followed(front):
    assert front.talk().ask("/file/inside").body == PICTURE


def test_folder_whose_name_begins_the_same_is_another(tmp_path):
    for name in ("media", "media-private"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    folders = Folders([tmp_path / "media"])
    os.close(folders.open(str(tmp_path / "media" / "file")).descriptor)
    for path in (tmp_path / "media-private" / "file", tmp_path / "media", tmp_path / "media" / ".." / "media-private"):
        with pytest.raises(NotOursError):
            folders.open(str(path))


def test_pipe_among_the_files_holds_nobody_up(front):
    pipe = front.paper.files / "pipe"
    os.mkfifo(pipe)
    try:
        assert front.talk().ask("/file/pipe").status == 404
    finally:
        pipe.unlink()


def test_reader_who_leaves_stops_the_sending(front):
    talk = front.talk(receive_buffer=4_096).get("/file/picture.png")
    assert talk.read(15) == b"HTTP/1.1 200 OK"
    talk.close()
    assert front.talk().ask("/file/picture.png").body == PICTURE


def test_file_that_becomes_shorter_while_it_is_sent_ends_the_connection(front):
    path = front.paper.files / "growing"
    path.write_bytes(b"." * 8_000_000)
    talk = front.talk(receive_buffer=4_096).get("/file/growing")
    assert talk.read(15) == b"HTTP/1.1 200 OK"
    os.truncate(path, 10)
    rest = b"".join(iter(lambda: talk.read(65_536), b""))
    assert len(rest) < 8_000_000
