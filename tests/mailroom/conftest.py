from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from post_office import by_smtp, carry, post_office, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIXTURES = (by_smtp, carry, post_office, write)


@pytest.fixture
def by_outbox(settings, tmp_path):
    from coranto.mailroom.rules.servers import read_server

    settings.MAIL_SERVER = read_server("")
    settings.MAIL_OUTBOX = tmp_path / "outbox"
    return settings.MAIL_OUTBOX


@pytest.fixture
def kind_of() -> Iterator[Callable]:
    """Register a kind for this test."""
    from coranto.mailroom import kinds

    before = dict(kinds._registered)

    def make(name, **more):
        kinds.register(kinds.Kind(name=name, label=name, **more))
        return name

    yield make
    kinds._registered.clear()
    kinds._registered.update(before)


@pytest.fixture
def cora(db):
    from coranto.masthead.models import Account

    return Account.objects.create_superuser("cora@lantern.example", "a long enough secret")
