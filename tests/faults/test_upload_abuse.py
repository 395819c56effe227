"""Fault `upload-abuse`: files made to deceive, to break decoders or to fill the memory, sent to a served site.

Each is refused with a sentence or taken in as the harmless picture it also is; nothing is answered with 500, no
web process takes more than 300 MB, and what is stored can only be looked at.
"""

from __future__ import annotations

import io
import re
import struct
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent / "jobs"))
sys.path.insert(0, str(Path(__file__).parent.parent / "masthead"))

from photographs import WHERE, encoded, moving, noise, telling
from serving import sites

assert sites  # a fixture

pytestmark = pytest.mark.slow

MEGABYTE = 1 << 20
MOST = 300
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
PHP = b"<?php system($_GET['c']); ?>"
RANDOM_NAME = re.compile(r"[0-9a-f]{32}\.(avif|gif|jpg|png|webp)")
PASSWORD = "a long enough secret"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width, height, *, depth=1, colour=0):
    """A PNG of so many black pixels, packed to some kilobytes."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    line = b"\0" * (1 + (width * depth * {0: 1, 2: 3, 6: 4}[colour] + 7) // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def gif_bomb(side):
    data = bytearray(encoded("GIF", noise((8, 8))))
    data[6:10] = struct.pack("<HH", side, side)
    return bytes(data)


def jpeg_bomb(side, **options):
    """A small JPEG that says it is a large one."""
    data = encoded("JPEG", noise((64, 64)), **options)
    at = re.search(rb"\xff[\xc0\xc2]\x00.\x08", data, re.DOTALL).end()
    return data[:at] + struct.pack(">HH", side, side) + data[at + 4 :]


def avif_bomb(side):
    data = bytearray(encoded("AVIF", noise((64, 64))))
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", side, side)
    return bytes(data)


def png_with_wrong_sum():
    data = bytearray(encoded("PNG", noise((200, 150))))
    data[2000] ^= 0xFF
    return bytes(data)


REFUSED = {
    "truncated PNG": ("a.png", encoded("PNG", noise((200, 150)))[:5000], "damaged or incomplete"),
    "PNG with a wrong sum": ("a.png", png_with_wrong_sum(), "damaged or incomplete"),
    "malformed GIF": ("a.gif", b"GIF89a" + b"\xff" * 60, "damaged or incomplete"),
    "GIF that is a script": ("a.gif", b"GIF89a=1;alert(1)//", "damaged or incomplete"),
    "truncated JPEG": ("a.jpg", encoded("JPEG", noise((200, 150)))[:4000], "damaged or incomplete"),
    "truncated WebP": ("a.webp", encoded("WEBP", noise((200, 150)))[:2000], "damaged or incomplete"),
    "truncated AVIF": ("a.avif", encoded("AVIF", noise((200, 150)))[:-20], "damaged or incomplete"),
    "SVG with a script": ("a.svg", SVG, "SVG drawings are not taken in"),
    "SVG named .png": ("a.png", SVG, "SVG drawings are not taken in"),
    "HTML named .png": ("a.png", HTML, "not a picture we can use"),
    "HTML behind the first bytes of a PNG": ("a.png", b"\x89PNG\r\n\x1a\n" + HTML, "damaged or incomplete"),
    "PHP named .jpg": ("a.jpg", PHP, "not a picture we can use"),
    "picture named .php": ("a.png.php", encoded("PNG"), "it is not called like one"),
    "PDF": ("a.png", b"%PDF-1.7\n" + HTML, "not a picture we can use"),
    "nothing": ("a.png", b"", "empty"),
    "30 000² PNG": ("a.png", png_bomb(30_000, 30_000), "too many pixels"),
    "11 000² PNG in colours": ("a.png", png_bomb(11_000, 11_000, depth=8, colour=2), "too many pixels"),
    "65 000² GIF": ("a.gif", gif_bomb(65_000), "too many pixels"),
    "11 000² JPEG in passes": ("a.jpg", jpeg_bomb(11_000, progressive=True, subsampling=0), "too many pixels"),
    "30 000² AVIF": ("a.avif", avif_bomb(30_000), ""),
}


@pytest.fixture(scope="module")
def site(sites):
    """A served site with an editor."""
    site = sites.ready()
    made = site.run(
        "manage",
        "shell",
        "-c",
        "from coranto.masthead.models import Account; "
        f"Account.objects.create_superuser('cora@paper.example', {PASSWORD!r})",
    )
    assert made.returncode == 0, made.stderr
    site.start("--workers", "2")
    yield site
    site.kill_everything()


class Editor:
    """Cora, from outside: four ways to send a file, and what the site says to it."""

    def __init__(self, site):
        self.client = httpx.Client(base_url=f"http://localhost:{site.port}", timeout=120, trust_env=False)
        link = site.entry_link("cora@paper.example")
        answer = self.post(link, {}, at=link)
        assert answer.status_code == 302, answer.text

    def post(self, path, data, *, at="/admin/images/add/", **more):
        if "coranto_csrf" not in self.client.cookies:
            self.client.get(at)
        data = {**data, "csrfmiddlewaretoken": self.client.cookies["coranto_csrf"]}
        return self.client.post(path, data=data, **more)

    def send(self, way, name, data):
        return getattr(self, way)({"title": "Harbour"}, (name, data, "image/png"))

    def one(self, data, file):
        return self.post("/admin/images/add/", data, files={"file": file})

    def many(self, data, file):
        return self.post("/admin/images/multiple/add/", data, files={"files[]": file})

    def chooser(self, data, file):
        data = {f"image-chooser-upload-{name}": value for name, value in data.items()}
        return self.post("/admin/images/chooser/create/", data, files={"image-chooser-upload-file": file})

    def replace(self, data, file):
        return self.post(f"/admin/images/{self.standing()}/", data, files={"file": file})

    def standing(self):
        """A picture that is there to be replaced."""
        if not hasattr(self, "_standing"):
            answer = self.many({"title": "Standing"}, ("a.png", encoded("PNG"), "image/png"))
            self._standing = answer.json()["image_id"]
        return self._standing


WAYS = ("one", "many", "chooser", "replace")


@pytest.fixture(scope="module")
def editor(site):
    editor = Editor(site)
    yield editor
    editor.client.close()


def most_memory(site):
    """The most that any web process has taken, in megabytes."""
    return max(
        int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) // 1024
        for pid in site.processes("web")
    )


@pytest.fixture(autouse=True)
def _never(site):
    """No file leaves a traceback in the log, ends a process, or takes what others on the machine need."""
    before = site.processes("web")
    yield
    assert site.processes("web") == before
    assert "Traceback" not in site.said()
    assert most_memory(site) < MOST


def words(answer):
    """What the site says, whether in a page or in a script's answer."""
    if answer.headers["Content-Type"].startswith("application/json"):
        body = answer.json()
        return body.get("error_message") or body.get("htmlFragment") or body.get("html") or ""
    return answer.text


def originals(site):
    return {path.name for path in (site.data / "media" / "original_images").iterdir()}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_with_a_sentence(site, editor, case, way):
    name, data, sentence = REFUSED[case]
    editor.standing()
    before = originals(site)

    answer = editor.send(way, name, data)

    assert answer.status_code == 200
    said = words(answer)
    assert sentence in said, said[-3000:]
    assert originals(site) == before


ACCEPTED = {
    "PNG with a page behind it": ("a.png", encoded("PNG") + HTML, "png"),
    "JPEG with a page in a comment": ("a.jpg", encoded("JPEG", comment=HTML), "jpg"),
    "JPEG with an archive behind it": ("a.jpg", encoded("JPEG") + b"PK\x03\x04" + HTML, "jpg"),
    "GIF with a page in a comment": ("a.gif", encoded("GIF", comment=HTML), "gif"),
    "a.php.png": ("a.php.png", encoded("PNG"), "png"),
    "../../x": ("../../x.png", encoded("PNG"), "png"),
    "..\\..\\x": ("..\\..\\x.png", encoded("PNG"), "png"),
    "a name that is no name": ("a\u202egnp.\u0000exe.png", encoded("PNG"), "png"),
    "JPEG named .png": ("a.png", encoded("JPEG"), "jpg"),
    "AVIF of forty frames": ("a.avif", moving("AVIF"), "avif"),
    "JPEG that knows where it was taken": ("a.jpg", telling("JPEG"), "jpg"),
}


def forty_frames():
    frames = [Image.new("RGB", (640, 480), (index * 6, 90, 10)) for index in range(40)]
    return encoded("AVIF", frames[0], save_all=True, append_images=frames[1:], duration=40, speed=10)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", ACCEPTED)
def test_it_becomes_a_picture_and_nothing_else(site, editor, case, way):
    name, data, extension = ACCEPTED[case]
    if case == "AVIF of forty frames":
        data = forty_frames()
    editor.standing()
    before = originals(site)

    answer = editor.send(way, name, data)

    assert answer.status_code in {200, 302}, words(answer)
    (stored,) = originals(site) - before
    assert RANDOM_NAME.fullmatch(stored)
    assert stored.endswith(f".{extension}")
    assert len(before - originals(site)) == (way == "replace")
    served = editor.client.get(f"/media/original_images/{stored}")
    assert served.headers["Content-Type"] == f"image/{extension.replace('jpg', 'jpeg')}"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; style-src 'none'"
    for unwanted in (b"<script", b"GPS", WHERE, b"PK\x03\x04"):
        assert unwanted not in served.content
    if case == "AVIF of forty frames":
        assert Image.open(io.BytesIO(served.content)).n_frames == 40
    assert not list(site.data.parent.rglob("x.png"))
    assert not [path for path in (site.data / "media").rglob("*") if ".php" in path.name]


def test_the_largest_that_are_taken_in_leave_memory_for_others(editor):
    """All at once, as each process has four threads, then the list with small pictures of all of them."""
    files = [
        ("a.png", png_bomb(5600, 5600, depth=8, colour=2)),
        ("b.png", png_bomb(3950, 3950, depth=8, colour=6)),
        ("c.webp", encoded("WEBP", Image.new("RGB", (2800, 2800)), method=0)),
        ("d.avif", encoded("AVIF", Image.new("RGB", (3130, 3130)), speed=10)),
        ("e.jpg", jpeg_bomb(6500, progressive=True)),
        ("f.jpg", jpeg_bomb(11_000)),
    ]
    editor.standing()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda file: editor.send("many", *file), files))

    assert [answer.json()["success"] for answer in answers] == [True] * len(files)
    with ThreadPoolExecutor(4) as pool:
        assert {each.status_code for each in pool.map(lambda _: editor.client.get("/admin/images/"), range(4))} == {200}


@pytest.mark.parametrize("way", WAYS)
def test_three_hundred_megabytes_are_refused(editor, tmp_path, way):
    path = tmp_path / "large.png"
    path.write_bytes(encoded("PNG"))
    with path.open("r+b") as file:
        file.truncate(300 * MEGABYTE)
    with path.open("rb") as file:
        answer = editor.send(way, "large.png", file)

    assert answer.status_code == 413
    assert answer.text == "What was sent is larger than this site takes.\n"


@pytest.mark.parametrize(
    ("data", "files"),
    [
        ({"title": "a"}, {}),
        ({"title": "a"}, {"file": ("a.png", encoded("PNG"))}),
        ({"title": "a", "collection": "x"}, {"files[]": ("a.png", encoded("PNG"))}),
        ({"title": "a", "collection": "99999999999999999999999"}, {"files[]": ("a.png", encoded("PNG"))}),
        ({"title": "a\0b"}, {"files[]": ("a.png", encoded("PNG"))}),
        ({"title": "a" * 5000}, {"files[]": ("a" * 5000 + ".png", encoded("PNG"))}),
    ],
)
def test_a_form_nobody_filled_in_is_no_error_of_ours(editor, data, files):
    editor.standing()

    assert editor.post("/admin/images/multiple/add/", data, files=files).status_code < 500


def test_the_beginning_of_anything_can_be_asked_for_its_words(editor):
    editor.standing()
    for name, data, _ in REFUSED.values():
        answer = editor.post("/admin/images/words/", {"name": name}, files={"file": (name, data)})
        assert answer.status_code == 200
        assert set(answer.json()) == {"title", "caption", "credit", "rights", "description"}


# Documents ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.xml", "a.js", "a.xhtml", "a.php", "a", "a.pdf.html"])
def test_what_could_run_is_no_document(editor, name):
    answer = editor.post("/admin/documents/add/", {"title": "Budget"}, files={"file": (name, HTML)})

    assert answer.status_code == 200
    assert "is not allowed" in answer.text


def test_a_page_that_calls_itself_a_document_is_downloaded(editor):
    editor.post("/admin/documents/add/", {"title": "Budget"}, files={"file": ("budget.pdf", HTML)})
    address = re.search(r'href="(/documents/\d+/budget[^"]*)"', editor.client.get("/admin/documents/").text)[1]

    served = editor.client.get(address)

    assert served.status_code == 200
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
