"""Opening a saved page: what kind of file it is, in which encoding, and what is saved with it."""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from charset_normalizer import from_bytes

from coranto.importers.documents import SourceRefusedError

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

SUFFIXES: Final = frozenset({".html", ".htm", ".xhtml", ".txt", ".mhtml", ".mht"})
MAX_BYTES: Final = 50_000_000
_TORN: Final = 20
EXPECTED: Final = "Expected a page saved as HTML, as MHTML or as plain text."

_MAGIC: Final = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive or an office document",
    b"\x1f\x8b": "compressed",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or a film",
    b"bplist": "a web archive of Safari: save the page as “Page Source” instead; it is",
    b"{\\rtf": "a word processor's document",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED: Final = re.compile(
    rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w:.-]{2,40})",
    re.IGNORECASE,
)
# What browsers take these names for: https://encoding.spec.whatwg.org/#names-and-labels.
_AS_BROWSERS: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_LIKELY: Final = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "koi8_r",
    "cp932",
    "euc_jp",
    "gb18030",
    "big5",
    "cp949",
]
_CONTROLS: Final = {
    c: None for c in (*range(0x20), 0x7F, *range(0xD800, 0xE000), 0xFEFF, 0x200B) if c not in {0x09, 0x0A, 0x0D}
} | {0x0C: " ", 0x2028: "\n", 0x2029: "\n", 0x85: "\n"}
_TAG: Final = re.compile(r"<(?:!doctype html|html|head|body|article|div|p|h[1-6]|section|table|br)\b", re.IGNORECASE)
_SAVED_FROM: Final = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")


@dataclass(slots=True)
class Saved:
    """A page as it was saved. `parts` are files saved within it, by address; `url` is where it was, if known."""

    kind: Literal["html", "text"]
    text: str
    url: str = ""
    parts: dict[str, bytes] = field(default_factory=dict)


def open_page(path: Path) -> Saved:
    """What a file holds. Raises `SourceRefusedError` with a sentence for whoever saved it."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise SourceRefusedError(
                f"The file is {size // 1_000_000} MB; a page is read up to {MAX_BYTES // 1_000_000} MB."
            )
        data = path.read_bytes()
    except OSError as error:
        raise SourceRefusedError(f"The file cannot be read: {error.strerror}.") from None
    _refuse_binary(data)
    if path.suffix.lower() in {".mhtml", ".mht"} or _is_mhtml(data):
        return _open_mhtml(data)
    text = clean(decode(data))
    if not text.strip():
        raise SourceRefusedError("The file is empty.")
    return _saved(text, path.suffix.lower())


def _saved(text: str, suffix: str) -> Saved:
    """A dump that begins with a tag is HTML, whatever its name; a file without any is text."""
    begins = text.lstrip()[:1] == "<"
    kind: Literal["html", "text"] = "html" if _TAG.search(text) and (suffix != ".txt" or begins) else "text"
    match = _SAVED_FROM.search(text[:4_000])
    return Saved(kind, text, match[1] if match else "")


def _refuse_binary(data: bytes) -> None:
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise SourceRefusedError(f"The file is {what}, no saved page. {EXPECTED}")
    if data.startswith(tuple(bom for bom, _ in _BOMS)) or _utf16_of(data):
        return
    head = data[:65_536]
    odd = sum(byte < 0x20 and byte not in {0x09, 0x0A, 0x0C, 0x0D, 0x1B} for byte in head)
    if odd > 0.02 * len(head) and odd > 8:
        raise SourceRefusedError(f"The file holds no text. {EXPECTED}")


# Encodings ----------------------------------------------------------------------------------------------------


def decode(data: bytes, declared: str = "") -> str:
    """The text of bytes: by their mark, as UTF-8 where they are, as they declare, or by what they look like."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if wide := _utf16_of(data):
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # One torn character, as a download cut short leaves it, does not make a file anything else.
        if error.start >= len(data) - 4:
            return data.decode("utf-8", "replace")
    return data.decode(_codec(declared) or _declared_in(data) or _likely(data), "replace")


def _likely(data: bytes) -> str:
    best = from_bytes(data[:200_000], cp_isolation=_LIKELY).best()
    return best.encoding if best else "cp1252"


def _declared_in(data: bytes) -> str:
    match = _DECLARED.search(data[:4_096])
    found = _codec((match[1] or match[2]).decode("ascii", "replace")) if match else ""
    # What calls itself UTF-8 and is not, all over, was saved by something that did not keep its word.
    return "" if found == "utf-8" and data.decode("utf-8", "replace").count("\ufffd") > _TORN else found


def _codec(name: str) -> str:
    try:
        known = codecs.lookup(name).name
        "".encode(known)  # `rot13` and the like are codecs too, but none of text
    except (LookupError, ValueError):
        return ""
    return _AS_BROWSERS.get(known, known)


def _utf16_of(data: bytes) -> str:
    """UTF-16 without its mark: every other byte of Latin text is zero."""
    head = data[:2_000]
    if len(head) < 20:
        return ""
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if head[start::2].count(0) > 0.4 * len(head) / 2 and head[1 - start :: 2].count(0) == 0:
            return encoding
    return ""


def clean(text: str) -> str:
    """Without control characters, halves of pairs and marks without width; lines end in one newline."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)


# MHTML --------------------------------------------------------------------------------------------------------


def _is_mhtml(data: bytes) -> bool:
    head = data[:4_096].lower()
    return b"multipart/related" in head and b"mime-version:" in head and not head.lstrip().startswith(b"<")


def _open_mhtml(data: bytes) -> Saved:
    message: EmailMessage = email.message_from_bytes(data, policy=email.policy.default)
    html: Saved | None = None
    parts: dict[str, bytes] = {}
    for part in message.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        location = str(part.get("Content-Location") or "").strip()
        if part.get_content_type() in {"text/html", "application/xhtml+xml"} and html is None:
            text = clean(decode(content, part.get_content_charset() or ""))
            html = Saved("html", text, str(message.get("Snapshot-Content-Location") or location).strip())
        elif part.get_content_maintype() == "image":
            for name in (location, f"cid:{str(part.get('Content-ID') or '').strip().strip('<>')}"):
                if name not in {"", "cid:"}:
                    parts[name] = content
    if html is None or not html.text.strip():
        raise SourceRefusedError(f"The file holds no page. {EXPECTED}")
    html.parts = parts
    return html
