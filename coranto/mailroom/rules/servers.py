"""Where mail goes out, as `EMAIL_URL` names it.

(empty)                                       the outbox: files in the data folder
smtp://user:password@mail.example:587         a server; TLS by STARTTLS, demanded wherever there is a password
smtps://user:password@mail.example:465        a server that speaks TLS from the first byte
anymail+postmark://?server_token=…            a provider's API through django-anymail
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from coranto.kit.addresses import is_loopback

OUTBOX: Final = "outbox"
SMTP: Final = "smtp"
ANYMAIL: Final = "anymail"
_PORTS: Final = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """`provider` and `options` are an API's; the rest a server's. `repr` shows no secret."""

    kind: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    provider: str = ""
    options: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def demands_tls(self) -> bool:
        """Whether nothing is said before the line is encrypted; a password never crosses a network in the clear."""
        return not self.is_tls and bool(self.user) and not is_loopback(self.host)

    @property
    def name(self) -> str:
        return {OUTBOX: OUTBOX, SMTP: f"smtp {self.host}", ANYMAIL: f"anymail {self.provider}"}[self.kind][:40]


def read_server(value: str) -> MailServer:
    """The server a setting names; raises `ValueError` with a sentence that holds nothing of it."""
    if not value:
        return MailServer(kind=OUTBOX)
    parts = urlsplit(value)
    scheme, _plus, provider = parts.scheme.partition("+")
    if scheme == ANYMAIL and provider.isidentifier():
        return MailServer(kind=ANYMAIL, provider=provider, options=dict(parse_qsl(parts.query)))
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(
            "must look like smtp://user:password@host:587, smtps://… or anymail+provider://?…, or be empty"
        )
    return MailServer(
        kind=SMTP,
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=parts.scheme == "smtps",
    )


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A DKIM key: under which selector it stands in the DNS, and where it lies."""

    selector: str
    path: str


def read_key_files(value: tuple[str, ...]) -> tuple[KeyFile, ...]:
    """`selector:path` each; raises `ValueError` with a sentence."""
    found = []
    for each in value:
        selector, colon, path = each.partition(":")
        if not colon or not path or not selector.replace("-", "").replace(".", "").isalnum():
            raise ValueError("must be selector:path, such as s2026:/etc/coranto/dkim.pem, separated by commas")
        found.append(KeyFile(selector, path))
    return tuple(found)
