"""The IPTC record of agencies (IIM 4.2), as Photoshop stores it."""

from __future__ import annotations

from typing import Final

_MARK: Final = 0x1C
_HEAD: Final = 5
_EXTENDED: Final = 0x8000
_RECORD: Final = 2
_FIELDS: Final = {5: "title", 80: "creator", 105: "headline", 110: "credit", 116: "rights", 120: "caption"}


def words(record: bytes) -> dict[str, str]:
    """The texts we know, by our names; of a field that is repeated, all its values."""
    found: dict[str, list[str]] = {}
    at = 0
    while at + _HEAD <= len(record) and record[at] == _MARK:
        kind, size = record[at + 2], int.from_bytes(record[at + 3 : at + 5], "big")
        if size & _EXTENDED:
            break  # longer than 32 KB: no text of these
        if record[at + 1] == _RECORD and kind in _FIELDS:
            found.setdefault(_FIELDS[kind], []).append(_text(record[at + _HEAD : at + _HEAD + size]))
        at += _HEAD + size
    return {name: ", ".join(dict.fromkeys(values)) for name, values in found.items()}


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:  # older programs wrote what their computers spoke
        return value.decode("cp1252", "replace")
