"""Opening an export: what it is, whether it may be parsed at all, and mending what WordPress itself breaks."""

from __future__ import annotations

import codecs
import gzip
import re
import sys
import zlib
from typing import TYPE_CHECKING, Final, Protocol

from coranto.importers.documents import SourceRefusedError

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

EXPECTED: Final = "Expected the XML file that WordPress writes under Tools → Export."
DOCTYPE: Final = (
    "The file declares a document type. WordPress never writes one, and it is how XML is made to blow up or to "
    "read other files. Nothing was imported."
)

# Encodings in which markup is written as in ASCII, so that what is looked for here is what a parser sees.
_ENCODINGS: Final = re.compile(rb"utf-?8|us-ascii|iso-8859-\d{1,2}|windows-125\d|latin-?1", re.IGNORECASE)
_DECLARATION: Final = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_BETWEEN: Final = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ROOT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<")


def open_export(path: Path) -> BufferedReader | _Unpacked:
    """The export's bytes, unpacked if it is gzip. Raises `SourceRefusedError`."""
    if path.is_dir():
        raise SourceRefusedError(f"{path} is a folder. {EXPECTED}")
    try:
        file = path.open("rb")
    except OSError as error:
        raise SourceRefusedError(f"{path} cannot be read: {error.strerror}.") from error
    if file.peek(2)[:2] != b"\x1f\x8b":
        return file
    file.close()
    return _Unpacked(path)


class _Unpacked(gzip.GzipFile):
    """A gzip file that says so when it is damaged."""

    def read(self, size: int | None = -1) -> bytes:
        try:
            return super().read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise SourceRefusedError("The gzip file is damaged, or was not written to its end.") from error


def check(beginning: bytes) -> None:
    """Raise `SourceRefusedError` unless this is how a WordPress export begins."""
    if not beginning.strip():
        raise SourceRefusedError(f"The file is empty. {EXPECTED}")
    if beginning.startswith(_UTF16):
        raise SourceRefusedError(
            "The file is written in UTF-16; WordPress writes UTF-8. Save it as UTF-8 and try again."
        )
    start = beginning.removeprefix(codecs.BOM_UTF8)
    kind = _what_else(start.lstrip()[:200])
    if kind:
        raise SourceRefusedError(f"The file is {kind}. {EXPECTED}")
    declared = _DECLARATION.match(start.lstrip())
    if declared and not _ENCODINGS.fullmatch(declared[1]):
        name = declared[1].decode("ascii", "replace")
        raise SourceRefusedError(f"The file says it is written in {name!r}; WordPress writes UTF-8.")
    place = 0
    while match := _BETWEEN.match(start, place):
        place = match.end()
    rest = start[place : place + 200]
    if rest[:9].upper() == b"<!DOCTYPE" or rest[:8].upper() == b"<!ENTITY":
        raise SourceRefusedError(DOCTYPE)
    root = _ROOT.match(rest)
    if not root:
        raise SourceRefusedError(f"The file is no XML. {EXPECTED}")
    if root[1] != b"rss":
        raise SourceRefusedError(f"The file is XML, but its outermost element is <{root[1].decode()}>. {EXPECTED}")


def _what_else(start: bytes) -> str:
    lower = start.lower()
    if lower.startswith((b"<!doctype html", b"<html")):
        return "a web page (HTML)"
    if start.startswith((b"{", b"[")):
        return "JSON"
    if start.startswith(b"PK\x03\x04"):
        return "a ZIP archive; unpack it first"
    if start.startswith(b"%PDF"):
        return "a PDF"
    return "" if start.startswith(b"<") else "no XML"


# Mending ------------------------------------------------------------------------------------------------

# What libxml2 calls that which WordPress lets into its exports: a control character, `]]>` as text, bad UTF-8.
MENDABLE: Final = frozenset({9, 62, 81})
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SUSPECT: Final = re.compile(f"{_FORBIDDEN.pattern[:-1]}\ufffd]")
_REFERENCE: Final = re.compile(r"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")
_MARK: Final = re.compile(r"<!\[CDATA\[|\]\]>|&#x?[0-9A-Fa-f]+;")
_CARRIED: Final = 32


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Mended:
    """A stream that drops what XML forbids and WordPress writes all the same; `lines` says where."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._carry = ""
        self._in_cdata = False
        self._line = 1
        self.lines: list[int] = []

    def read(self, size: int) -> bytes:
        while True:
            data = self._stream.read(size)
            text = self._carry + self._decoder.decode(data, final=not data)
            # A mark may be cut in two by the end of the chunk.
            cut = len(text) if not data else max(0, len(text) - _CARRIED)
            text, self._carry = self._safe_cut(text, cut)
            mended = self._mend(text)
            if mended or not data:
                return mended.encode()

    def _safe_cut(self, text: str, cut: int) -> tuple[str, str]:
        for mark in _MARK.finditer(text, max(0, cut - _CARRIED)):
            if mark.start() < cut < mark.end():
                cut = mark.start()
                break
        return text[:cut], text[cut:]

    def _mend(self, text: str) -> str:
        out: list[str] = []
        place = 0
        for mark in _MARK.finditer(text):
            out.append(self._without_forbidden(text[place : mark.start()]))
            out.append(self._judge(mark[0]))
            place = mark.end()
        out.append(self._without_forbidden(text[place:]))
        return "".join(out)

    def _judge(self, mark: str) -> str:
        if mark == "<![CDATA[":
            self._in_cdata = True
        elif mark == "]]>":
            if not self._in_cdata:
                self._note()
                return "]]&gt;"
            self._in_cdata = False
        elif not self._in_cdata and (reference := _REFERENCE.fullmatch(mark)):
            number = int(reference[1], 16) if reference[1] else int(reference[2])
            if not 0 < number <= sys.maxunicode or _FORBIDDEN.match(chr(number)):
                self._note()
                return ""
        return mark

    def _without_forbidden(self, text: str) -> str:
        if _SUSPECT.search(text) is None:
            self._line += text.count("\n")
            return text
        # U+FFFD is what the decoder put in place of bytes that are no UTF-8.
        for match in _SUSPECT.finditer(text):
            self._note(self._line + text.count("\n", 0, match.start()))
        self._line += text.count("\n")
        return _FORBIDDEN.sub("", text)

    def _note(self, line: int = 0) -> None:
        if len(self.lines) < 1_000:  # noqa: PLR2004 - the report names some; nobody reads a thousand
            self.lines.append(line or self._line)
