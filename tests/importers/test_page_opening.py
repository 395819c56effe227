"""What kind of file a saved page is, in which encoding, and what is refused."""

from __future__ import annotations

import codecs
from email.message import EmailMessage

import pytest

from coranto.importers.documents import SourceRefusedError
from coranto.importers.page import opening
from coranto.importers.page.opening import open_page
from coranto.importers.page.pages import articles_of

WORDS = "Größe und Ärger – „heute“ früh."


@pytest.fixture
def write(tmp_path):
    def write(content, name="page.html"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize(
    "content",
    [
        f"<p>{WORDS}</p>".encode(),
        codecs.BOM_UTF8 + f"<p>{WORDS}</p>".encode(),
        codecs.BOM_UTF16_LE + f"<p>{WORDS}</p>".encode("utf-16-le"),
        f"<p>{WORDS}</p>".encode("utf-16-be"),
        f"<meta charset=windows-1252><p>{WORDS}</p>".encode("cp1252"),
        f'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><p>{WORDS}</p>'.encode("cp1252"),
        f"<meta charset=windows-1252><p>{WORDS}</p>".encode(),  # saved anew by a browser, with the old declaration
        f"<p>{WORDS * 20}</p>".encode("cp1252"),
    ],
)
def test_every_common_encoding_is_read(write, content):
    assert WORDS in open_page(write(content)).text


def test_cyrillic_text_that_declares_nothing_is_read(write):
    text = "Паром ушёл в пять утра, и на борту никого не было. Вернулся он полным, но порт молчал. " * 4

    assert "Паром ушёл" in open_page(write(text.encode("cp1251"), "page.txt")).text


def test_control_characters_and_halves_of_pairs_do_no_harm(write):
    content = (
        "<h1>A title of five words</h1><p>Zero \x00 and \ufeff and \x1b end.</p>".encode()
        + b"<p>Half: \xed\xa0\x80.</p>"
    )

    text = open_page(write(content)).text

    assert not any(c in text for c in "\x00\x1b\ufeff\ud800")


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"%PDF-1.7 and so on", "page.html", "a PDF"),
        (b"PK\x03\x04rest", "page.html", "zip archive"),
        (b"bplist00rest", "page.html", "web archive of Safari"),
        (bytes(range(256)) * 20, "page.txt", "holds no text"),
        (b"", "page.html", "empty"),
        (b" \n ", "page.txt", "empty"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x--\n", "page.mhtml", "holds no page"),
    ],
)
def test_what_is_no_page_is_refused_with_a_sentence(write, content, name, reason):
    with pytest.raises(SourceRefusedError, match=reason) as refused:
        open_page(write(content, name))
    assert str(refused.value).endswith((".", "dumps."))


def test_file_that_is_too_large_is_refused_unread(write, monkeypatch):
    monkeypatch.setattr(opening, "MAX_BYTES", 1_000)
    path = write("<p>words</p>" * 200)
    monkeypatch.setattr(type(path), "read_bytes", lambda self: pytest.fail("it was read"))

    with pytest.raises(SourceRefusedError, match="a page is read up to"):
        open_page(path)


def test_page_saved_as_mhtml_is_read_with_its_pictures(write):
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://lantern.example/ferry/"
    message.set_content(
        "<html><body><h1>Fähre</h1><img src='https://lantern.example/p.png'></body></html>",
        subtype="html",
        cte="quoted-printable",
    )
    message.add_related(
        b"\x89PNG picture", maintype="image", subtype="png", headers=["Content-Location: https://lantern.example/p.png"]
    )

    saved = open_page(write(message.as_bytes(), "page.mhtml"))

    assert ("Fähre" in saved.text, saved.url) == (True, "https://lantern.example/ferry/")
    assert saved.parts == {"https://lantern.example/p.png": b"\x89PNG picture"}


def test_html_is_told_from_text_whatever_the_name_says(write):
    assert open_page(write("<!doctype html><p>a</p>", "page.txt")).kind == "html"
    assert open_page(write("Ferry back\n\nIt runs again.", "page.html")).kind == "text"


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "table", "ul"])
def test_page_nested_a_hundred_thousand_deep_is_read_all_the_same(write, tag):
    deep = f"<{tag}>" * 100_000
    body = (
        "<h1>Ferry back after nine winters</h1>"
        + "<p>The ferry left at five. It came back full. Nobody said a word about it at all.</p>" * 3
    )

    articles, _ = articles_of(open_page(write(f"<html><body>{body}{deep}</body></html>")))

    assert len(articles) == 1
