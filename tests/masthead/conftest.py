from __future__ import annotations

import pytest


@pytest.fixture
def cora(db):
    from coranto.masthead.models import Account

    return Account.objects.create_superuser("cora@lantern.example", "a long enough secret")
