"""Files that are something else, or broken: said clearly, and nothing written."""

from __future__ import annotations

import gzip
import json

import pytest
from click.testing import CliRunner

from coranto.importers.command import import_group


@pytest.fixture
def coranto_import(db):
    def call(*arguments):
        return CliRunner().invoke(import_group, ["wordpress", *map(str, arguments)], obj=None)

    return call


def rows():
    from coranto.importers.models import ImportedItem
    from coranto.newsroom.models import Article, Section

    return ImportedItem.objects.count(), Article.objects.count(), Section.objects.count()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b'{"db": []}', "is JSON"),
        (b"<!doctype html><html><p>Hello", "a web page"),
        (b"PK\x03\x04zip", "a ZIP archive"),
        (b"just words", "no XML"),
        (b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>', "<feed>"),
        (b'<?xml version="1.0"?><rss><channel><item><title>x</title></item></channel></rss>', "no WordPress export"),
        ('<?xml version="1.0"?><rss/>'.encode("utf-16"), "UTF-16"),
        (b'<?xml version="1.0" encoding="UTF-7"?><rss/>', "UTF-7"),
        (b"\x1f\x8b not gzip", "gzip"),
    ],
)
def test_file_of_another_kind_is_refused_in_a_sentence(coranto_import, tmp_path, content, said):
    file = tmp_path / "export.xml"
    file.write_bytes(content)

    result = coranto_import(file, "--no-fetch")

    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert rows() == (0, 0, 0)


def test_folder_and_missing_file_are_refused(coranto_import, tmp_path):
    assert coranto_import(tmp_path).exit_code == 2
    assert coranto_import(tmp_path / "nothing.xml").exit_code == 2


def test_broken_file_says_where_and_what_could_be_read(coranto_import, export, tmp_path):
    export.post(title="Whole")
    file = tmp_path / "export.xml"
    file.write_text(export.xml.replace("</channel></rss>", "<item><title>Half</tit"))

    result = coranto_import(file, "--no-fetch")

    assert result.exit_code == 2
    assert "broken in line" in result.stderr
    assert "1 article" in result.stderr
    assert "--salvage" in result.stderr
    assert rows() == (0, 0, 0)


def test_salvage_takes_what_stands_before_the_break(coranto_import, export, tmp_path):
    export.post(title="Whole")
    file = tmp_path / "export.xml"
    file.write_text(export.xml.replace("</channel></rss>", "<item><title>Half</tit"))

    result = coranto_import(file, "--no-fetch", "--json", "--salvage")

    report = json.loads(result.stdout)
    assert result.exit_code == 0
    assert report["created"]["articles"] == 1
    assert any("breaks off" in note for note in report["notes"])


@pytest.mark.parametrize(
    ("bad", "text"),
    [("a\x0bb", "ab"), ("a&#x1F;b", "ab"), ("a]]>b", "a]]>b"), ("caf\udce9", "caf\ufffd")],
)
def test_what_wordpress_breaks_itself_is_mended_and_said(coranto_import, export, tmp_path, bad, text):
    export.post(title="Here")
    file = tmp_path / "export.xml"
    xml = export.xml.replace("<![CDATA[Here]]>", bad)
    file.write_bytes(xml.encode("utf-8", "surrogateescape"))

    result = coranto_import(file, "--no-fetch", "--json")

    from coranto.newsroom.models import Article

    assert result.exit_code == 0, result.stderr
    assert Article.objects.get().title == text
    line = xml[: xml.index(bad)].count("\n") + 1
    assert [note for note in json.loads(result.stdout)["notes"] if note.endswith(f"in line {line}")]


def test_mending_is_the_same_wherever_a_chunk_ends(export):
    import io

    from coranto.importers.wordpress.opening import Mended

    export.post(content="x ]]> &#x1; \x0c é 漢 ]]> end")
    data = (export.xml + "<a>]]></a>&#2;").encode()

    def mended(size):
        stream = Mended(io.BytesIO(data))
        return b"".join(iter(lambda: stream.read(size), b""))

    whole = mended(1_000_000)
    assert [mended(size) == whole for size in (1, 2, 3, 7, 64)] == [True] * 5
    assert whole.endswith(b"<a>]]&gt;</a>")


def test_gzipped_export_is_read(coranto_import, export, tmp_path):
    export.post()
    file = tmp_path / "export.xml.gz"
    file.write_bytes(gzip.compress(export.xml.encode()))

    assert coranto_import(file, "--no-fetch").exit_code == 0


def test_report_is_one_object_on_stdout(coranto_import, export, tmp_path):
    export.post()

    report = json.loads(coranto_import(export.write(tmp_path / "e.xml"), "--no-fetch", "--json").stdout)

    assert report["created"] == {
        "articles": 1, "pages": 0, "images": 0, "comments": 0, "sections": 1, "tags": 0, "authors": 1,
    }  # fmt: skip
    assert (report["skipped"], report["redirects"]) == ([], 4)


def test_summary_is_for_people(coranto_import, export, tmp_path):
    export.post()
    export.item(type="nav_menu_item")

    said = coranto_import(export.write(tmp_path / "e.xml"), "--no-fetch").stdout

    assert "Created: 1 articles" in said
    assert "a line of a menu" in said
