from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client


@pytest.fixture
def edge() -> Client:
    """Asks as the edge does: from a unix socket, which has no address, for a reader at 198.51.100.7."""
    from django.test import Client

    return Client(
        REMOTE_ADDR="",
        HTTP_HOST="localhost",
        HTTP_SURROGATE_CAPABILITY='coranto="ESI/1.0"',
        HTTP_X_FORWARDED_FOR="198.51.100.7",
        HTTP_X_FORWARDED_PROTO="http",
    )


@pytest.fixture
def heard() -> Iterator[list[frozenset[str] | None]]:
    """What was told to be forgotten, message by message; None for everything."""
    from coranto.delivery import transports

    told: list[frozenset[str] | None] = []
    transports.listeners.append(told.append)
    yield told
    transports.listeners.remove(told.append)


@pytest.fixture(autouse=True)
def _no_other_machines(settings: Any) -> None:
    """A purge that a test sends by hand needs no database, on PostgreSQL neither."""
    settings.DATABASE_URL = settings.REDIS_URL = ""


@pytest.fixture(autouse=True)
def _talkative() -> None:
    """Each test hears a complaint that another one has heard within the same minute."""
    from coranto.delivery.pages import refusing
    from coranto.delivery.transports import local, postgresql

    for seldom in (refusing._said, local._said, postgresql._said):
        seldom.forget()
