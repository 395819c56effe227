"""Every setting of a site: its type, its default, one sentence. The one place the environment is read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from coranto.delivery.rules.front import read_front
from coranto.mailroom.rules.addresses import is_plain_address
from coranto.mailroom.rules.servers import read_key_files, read_server


class Environment(BaseSettings):
    """The settings of one site, read from environment variables of the same names."""

    model_config = SettingsConfigDict(case_sensitive=False, extra="ignore", env_ignore_empty=True)

    coranto_data: Path = Field(
        default=Path("coranto-data"),
        description="The folder that holds all state of the site: database, pictures, secret key, outbox.",
    )
    coranto_origin: str = Field(
        default="http://localhost:8000",
        description="The site's public address, as readers type it, without a path.",
    )
    database_url: str = Field(
        default="",
        description="A PostgreSQL address (postgresql://user:password@host:port/name); empty means SQLite "
        "inside CORANTO_DATA.",
    )
    coranto_trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Addresses or networks, comma-separated, whose X-Forwarded-For is believed.",
    )
    coranto_page_store_mb: int = Field(
        default=128,
        ge=8,
        le=65_536,
        description="How much memory finished pages may take, in megabytes (of a million bytes).",
    )
    redis_url: str = Field(
        default="",
        description="A Redis (redis://host:port/0) through which the machines of one site tell each other what has "
        "changed; empty on a single machine, and with PostgreSQL, which does it then.",
    )
    coranto_front_cache: str = Field(
        default="",
        description="A cache in front of the site that is told what has changed: varnish+http://127.0.0.1:6081, "
        "fastly://TOKEN@SERVICE or cloudflare://TOKEN@ZONE.",
    )
    email_url: str = Field(
        default="",
        description="Where mail goes out: smtp://user:password@host:587, smtps://… or, with the extra `anymail`, "
        "anymail+provider://?…; empty keeps it in the outbox, as files and in the admin.",
    )
    coranto_mail_from: str = Field(
        default="",
        description="The address mails come from; empty means post@ and the host of CORANTO_ORIGIN.",
    )
    coranto_mail_bounces: str = Field(
        default="",
        description="The address mail comes back to; each mail adds a + and its own sign to the part before the @. "
        "Empty: it comes back to the sender's address, and nothing is learned from it.",
    )
    coranto_mail_hook_secret: str = Field(
        default="",
        description="What a mail server or a provider must know to report mail that came back to /-/hooks/mail/; empty "
        "closes that address.",
    )
    coranto_dkim_keys: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Keys mails are signed with, comma-separated, each as selector:path of a PEM file (RSA, Ed25519).",
    )
    coranto_mail_per_minute: int = Field(
        default=600,
        ge=0,
        description="How many mails a minute go to one domain at most; 0 sets no limit.",
    )
    coranto_mail_connections: int = Field(
        default=4,
        ge=1,
        le=50,
        description="How many mails are on their way at the same time.",
    )
    coranto_metrics_token: str = Field(
        default="",
        description="With it in the Authorization header (Bearer) other machines may read /-/metrics; empty allows "
        "only this one.",
    )
    coranto_debug: bool = Field(
        default=False,
        description="Shows error pages with details; for development only, never on a public site.",
    )

    @field_validator("coranto_data")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("coranto_origin")
    @classmethod
    def _origin_only(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
            raise ValueError("must look like https://news.example, with no path")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("database_url")
    @classmethod
    def _postgresql_only(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"postgres", "postgresql"}:
            raise ValueError("must be a postgresql:// address, or empty for SQLite")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_only(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"redis", "rediss", "unix"}:
            raise ValueError("must be a redis://, rediss:// or unix:// address, or empty")
        return value

    @field_validator("coranto_front_cache")
    @classmethod
    def _known_front(cls, value: str) -> str:
        read_front(value)
        return value

    @field_validator("email_url")
    @classmethod
    def _known_server(cls, value: str) -> str:
        read_server(value)
        return value

    @field_validator("coranto_mail_from", "coranto_mail_bounces")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        if value and not is_plain_address(value):
            raise ValueError("must be an address such as post@news.example, or empty")
        return value

    @field_validator("coranto_dkim_keys")
    @classmethod
    def _key_files(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        read_key_files(value)
        return value

    @field_validator("coranto_trusted_proxies", "coranto_dkim_keys", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @property
    def host(self) -> str:
        """The host name of the public address."""
        return urlsplit(self.coranto_origin).hostname or "localhost"

    @property
    def mail_from(self) -> str:
        """The address mails come from."""
        return self.coranto_mail_from or f"post@{self.host}"

    @property
    def is_https(self) -> bool:
        """Whether readers reach the site encrypted."""
        return self.coranto_origin.startswith("https://")


@cache
def environment() -> Environment:
    """The environment, read once per process; raises `pydantic.ValidationError` naming each bad setting."""
    return Environment()
