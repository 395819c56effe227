"""Which e-mail addresses we write to, and how they are written."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _

from coranto.kit.domains import ascii_domain

_LONGEST: Final = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
_LONGEST_LOCAL: Final = 64
_ATOM: Final = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# RFC 5321's Mailbox without quoted strings and address literals: those reach few mailboxes, and mean something to too
# many programs on the way.
_PLAIN: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:localhost|(?:{_LABEL}\.)+(?!\d+\Z){_LABEL})", re.IGNORECASE)
# What ends a header line or an SMTP command early, for any program on the way; U+2028 and U+2029 for some.
_BREAKS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


class BadAddress(ValueError):  # noqa: N818 - what the message says is a sentence for whoever typed it
    """Nothing can be sent to this address; `str` of it is a sentence for people."""


def is_plain_address(address: str) -> bool:
    """Whether this is an address in ASCII that can stand in an envelope and a header as it is."""
    fits = len(address) <= _LONGEST and len(address.partition("@")[0]) <= _LONGEST_LOCAL
    return fits and _PLAIN.fullmatch(address) is not None


def check_address(address: str) -> str:
    """The address as it is sent to: its domain in ASCII, in one spelling. Raises `BadAddress`."""
    local, _at, domain = address.strip(" ").rpartition("@")
    try:
        checked = f"{local}@{ascii_domain(domain)}"
    except ValueError:
        checked = ""
    if not is_plain_address(checked):
        raise BadAddress(_("This is no e-mail address we can write to."))
    return checked


def folded(address: str) -> str:
    """The address as it is compared: nobody tells mailboxes apart by capitals."""
    return address.strip().lower()


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def check_line(text: str) -> str:
    """`text` where one line of a header is written. Raises `ValueError` when it is more than that."""
    if _BREAKS.search(text):
        raise ValueError(_("A line of a mail's head can hold no line break or control character."))
    return text


def printable(text: str) -> str:
    """`text` without what no mail can show: control characters but line ends and tabs, and halves of characters."""
    return _UNPRINTABLE.sub("", text).encode("utf-8", "replace").decode("utf-8")
