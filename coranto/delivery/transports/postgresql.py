"""To the edges of other machines, through PostgreSQL (NOTIFY), where there is no Redis.

On the connection that has just committed, outside any transaction: what a transaction notifies is only sent when it
ends, and a notification may fail a commit.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import Error, connection

from coranto.delivery.rules import datagrams
from coranto.delivery.rules.repetition import Seldom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.delivery.rules.datagrams import Message

logger = logging.getLogger(__name__)

_NOTIFY: Final = "SET LOCAL statement_timeout = 100; SELECT pg_notify(%s, %s)"

_said = Seldom(timedelta(minutes=1))


def send(messages: Sequence[Message]) -> None:
    """Notify; what PostgreSQL has not taken within 100 ms is given up."""
    if connection.in_atomic_block:
        raise RuntimeError("A purge is sent after the commit.")
    try:
        with connection.cursor() as cursor:
            for message in messages:
                cursor.execute(_NOTIFY, [datagrams.POSTGRESQL_CHANNEL, bytes(message).decode()])
    except Error:
        if _said.may_say():
            logger.exception("Purges do not reach other machines. Pages there may be up to ten minutes old")
