"""Fault `xml-zip-bombs`: XML that is made to explode, to read files, or simply very large."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "importers"))

from exports import HEAD, SITE, TAIL

from coranto.importers.documents import SourceRefusedError
from coranto.importers.wordpress.source import WordPressExport

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = {
    "billion laughs": f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]><rss><channel><title>&l9;</title></channel></rss>',
    "in an attribute": f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]><rss a="&l9;"/>',
    "quadratic": f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]><rss><channel>{"&a;" * 50_000}</channel></rss>',
    "external": '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>',
    "external type": '<!DOCTYPE rss SYSTEM "http://169.254.169.254/x.dtd"><rss/>',
    "parameter": '<!DOCTYPE rss [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><rss/>',
    "behind a comment": "<!-- quiet --><?x y?>\n<!DOCTYPE rss []><rss/>",
    "small letters": "<!doctype rss []><rss/>",
}


def survey(path):
    from coranto.kit import clock

    return WordPressExport(path, now=clock.now()).survey(lambda _count: None)


@pytest.mark.parametrize("name", BOMBS)
def test_document_type_is_refused_before_it_is_parsed(tmp_path, name):
    path = tmp_path / "bomb.xml"
    path.write_text(f'<?xml version="1.0"?>{BOMBS[name]}')

    with pytest.raises(SourceRefusedError) as refused:
        survey(path)

    assert "root:" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_document_type_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "bomb.xml"
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        path.write_bytes(f'<?xml version="1.0"?>{BOMBS["billion laughs"]}'.encode(encoding))
        with pytest.raises(SourceRefusedError):
            survey(path)
    path.write_bytes(b'<?xml version="1.0" encoding="UTF-7"?>' + BOMBS["external"].encode("utf-7"))
    with pytest.raises(SourceRefusedError):
        survey(path)


def test_entities_without_a_declaration_are_an_error_and_no_text(tmp_path):
    path = tmp_path / "e.xml"
    path.write_text(HEAD.format(scheme="http", site=SITE) + "<item><title>&passwd;</title></item>" + TAIL)

    with pytest.raises(SourceRefusedError, match="broken in line"):
        survey(path)


@pytest.mark.parametrize("filler", ["x", "<a/>", "<a>", "<!---->"])
def test_item_that_never_ends_is_refused_while_memory_is_left(tmp_path, filler):
    peak = _peak_of(
        tmp_path,
        f"""
        with path.open("w") as file:
            file.write(HEAD + "<item><title>t</title>")
            for _ in range(64):
                file.write({filler!r} * (1_000_000 // {len(filler)}))
        """,
    )

    assert peak < 480


def test_gzip_bomb_is_refused_while_memory_is_left(tmp_path):
    path = tmp_path / "bomb.xml.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(HEAD.format(scheme="http", site=SITE).encode() + b"<item><title>")
        for _ in range(200):
            file.write(b"x" * 1_000_000)

    with pytest.raises(SourceRefusedError, match="larger than"):
        survey(path)


def _peak_of(tmp_path, prepare):
    """Megabytes a fresh process takes at most to read an export twice, comments included, after Django is there."""
    script = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parent.parent / "importers")!r})
from pathlib import Path
import django; django.setup()
import exports
HEAD = exports.HEAD.format(scheme="http", site=exports.SITE)
path = Path({str(tmp_path)!r}) / "large.xml"
{_dedent(prepare)}
from coranto.importers.documents import SourceRefusedError
from coranto.importers.wordpress.source import WordPressExport
from coranto.kit import clock
source = WordPressExport(path, now=clock.now())
try:
    source.survey(lambda _count: None)
    for document in source.documents(lambda _count: None):
        for comment in getattr(document, "comments", ()):
            pass
except SourceRefusedError:
    pass
# Not getrusage: there a process begins with what its parent had.
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "coranto.config.settings"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


def _dedent(text):
    import textwrap

    return textwrap.dedent(text)


def _write_large(megabytes):
    return f"""
    export = exports.Export()
    export.post("<p>" + "words and more words " * 400 + "</p>",
                comments=[{{"id": n, "text": "word " * 60}} for n in range(5)])
    item = export.parts[0]
    with path.open("w") as file:
        file.write(HEAD)
        for n in range({megabytes} * 1_000_000 // len(item)):
            file.write(item.replace("101", str(n + 1000)))
        file.write(exports.TAIL)
    """


@pytest.mark.slow
def test_memory_stays_level_however_large_the_export(tmp_path):
    small = _peak_of(tmp_path, _write_large(5))
    large = _peak_of(tmp_path, _write_large(60))

    assert large - small < 30


@pytest.mark.slow
def test_comments_of_one_article_do_not_fill_the_memory(tmp_path):
    def under_one(count):
        return f"""
        export = exports.Export()
        export.post("x", comments=[{{"id": 1, "text": "word " * 60}}])
        before, comment, after = export.parts[0].partition("<wp:comment>")[0], exports.comment(id=1, text="w " * 150), "</item>"
        with path.open("w") as file:
            file.write(HEAD + before)
            for n in range({count}):
                file.write(comment)
            file.write(after + exports.TAIL)
        """

    assert _peak_of(tmp_path, under_one(80_000)) - _peak_of(tmp_path, under_one(5_000)) < 30


@pytest.mark.long
def test_export_of_a_gigabyte_is_read_in_200_megabytes(tmp_path):
    assert _peak_of(tmp_path, _write_large(1_000)) < 200
