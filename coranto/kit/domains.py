"""Names of domains as the DNS has them."""

from __future__ import annotations

import unicodedata


def ascii_domain(domain: str) -> str:
    """`domain` in ASCII (IDNA 2003, RFC 3490) and lower case, one spelling for each.

    Raises `ValueError` (`UnicodeError` is one) for what has no such form, and for what means another name to other
    programs: full-width letters, other dots, `ß`, which IDNA 2008 knows as a letter of its own.
    """
    typed = unicodedata.normalize("NFC", domain).lower()
    if typed.isascii():
        return typed
    coded = typed.encode("idna").lower()
    if coded.decode("idna") != typed:
        raise ValueError(domain)
    return coded.decode("ascii")
