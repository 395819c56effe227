"""DKIM signatures (RFC 6376; Ed25519: RFC 8463), relaxed/relaxed."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

if TYPE_CHECKING:
    from collections.abc import Sequence

# What a mail program shows or acts on. RFC 8058, 4, demands both List-Unsubscribe headers.
SIGNED: Final = (
    b"from",
    b"sender",
    b"reply-to",
    b"to",
    b"cc",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
    b"auto-submitted",
    b"list-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
)
# Named once more than they are there: a second one, put in on the way, breaks the signature (RFC 6376, 8.15).
_ONCE: Final = (b"from", b"to", b"subject", b"date", b"reply-to", b"content-type", b"list-unsubscribe")
_SHORTEST_RSA: Final = 1024  # RFC 8301 forbids shorter ones
_BLANKS: Final = re.compile(rb"[ \t]+")
_FOLD: Final = re.compile(rb"\r\n(?=[ \t])")
_LINE: Final = 72


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key under the name by which others find the public one: `selector._domainkey.domain`."""

    selector: str
    key: RSAPrivateKey | Ed25519PrivateKey

    @property
    def algorithm(self) -> str:
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"

    @property
    def record(self) -> str:
        """The TXT record that belongs into the DNS."""
        public = self.key.public_key()
        if isinstance(self.key, RSAPrivateKey):
            der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
            return f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"


def read_key(pem: bytes, *, selector: str) -> SigningKey:
    """Raises `ValueError` for what is no private key of a kind that can sign mail."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError:  # cryptography's word for a key behind a password
        raise ValueError("a DKIM key cannot be encrypted") from None
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise ValueError("a DKIM key is an RSA or an Ed25519 key")  # noqa: TRY004 - the file's content, no type of ours
    if isinstance(key, RSAPrivateKey) and key.key_size < _SHORTEST_RSA:
        raise ValueError(f"an RSA key shorter than {_SHORTEST_RSA} bits proves nothing")
    return SigningKey(selector, key)


def signed(source: bytes, *, keys: Sequence[SigningKey], domain: str, at: int) -> bytes:
    """The message with one signature for each key before its head; `at` is the time in seconds, `source` has CRLF."""
    head, _blank, body = source.partition(b"\r\n\r\n")
    fields = _fields(head)
    body_hash = base64.b64encode(hashlib.sha256(relaxed_body(body)).digest()).decode()
    return b"".join(_signature(key, fields, body_hash, domain, at) for key in keys) + source


def _fields(head: bytes) -> list[tuple[bytes, bytes]]:
    lines = _FOLD.sub(b"", head).split(b"\r\n")
    found = (line.partition(b":") for line in lines)
    return [(name.strip().lower(), value) for name, colon, value in found if colon]


def _signature(key: SigningKey, fields: Sequence[tuple[bytes, bytes]], body_hash: str, domain: str, at: int) -> bytes:
    # From the last to the first of a name (RFC 6376, 5.4.2).
    chosen = [(name, value) for name in SIGNED for own, value in reversed(fields) if own == name]
    names = b":".join([name for name, _value in chosen] + list(_ONCE)).decode()
    tags = [
        *("v=1", f"a={key.algorithm}", "c=relaxed/relaxed", f"d={domain}", f"s={key.selector}", f"t={at}"),
        *(f"h={names}", f"bh={body_hash}"),
    ]
    value = _folded(tags) + ";\r\n b="
    signing = b"".join(_relaxed(name, each) + b"\r\n" for name, each in chosen)
    signing += _relaxed(b"dkim-signature", value.encode())
    proof = base64.b64encode(_sign(key, signing)).decode()
    lines = [proof[start : start + _LINE] for start in range(0, len(proof), _LINE)]
    return f"DKIM-Signature: {value}{(chr(13) + chr(10) + ' ').join(lines)}\r\n".encode()


def _folded(tags: Sequence[str]) -> str:
    """Tags in lines of a length every server takes; within `h=` a fold may stand beside a colon."""
    words = [f"{tag};" if number < len(tags) - 1 else tag for number, tag in enumerate(tags)]
    return "\r\n ".join(
        word.replace(":list-id", ":\r\n list-id").replace(":mime-version", ":\r\n mime-version") for word in words
    )


def _sign(key: SigningKey, signing: bytes) -> bytes:
    if isinstance(key.key, RSAPrivateKey):
        return key.key.sign(signing, padding.PKCS1v15(), hashes.SHA256())
    return key.key.sign(hashlib.sha256(signing).digest())


def _relaxed(name: bytes, value: bytes) -> bytes:
    """A header field as it is signed (RFC 6376, 3.4.2)."""
    return name + b":" + _BLANKS.sub(b" ", _FOLD.sub(b"", value)).strip(b" ")


def relaxed_body(body: bytes) -> bytes:
    """The body as it is signed (RFC 6376, 3.4.4)."""
    lines = [_BLANKS.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)
