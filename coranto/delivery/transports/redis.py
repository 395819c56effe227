"""To the edges of other machines, through Redis (PUBLISH)."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from coranto.delivery.rules import datagrams
from coranto.delivery.transports.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.delivery.rules.datagrams import Message

DEADLINE: Final = timedelta(milliseconds=100)
# Longer than anybody waits: a slow answer must not make a purge be sent twice as `everything`.
_PATIENCE: Final = 1.0


def send(messages: Sequence[Message]) -> None:
    """Publish; come back within 100 ms whatever Redis does."""
    _outbox().send(messages)


@cache
def _outbox() -> Outbox:
    return Outbox("Redis", Publisher(settings.REDIS_URL, settings.SECRET_KEY), deadline=DEADLINE)


class Publisher:
    """Publishes on the channel of this site; connects when there is something to say."""

    def __init__(self, url: str, secret: str) -> None:
        self._channel = datagrams.redis_channel(datagrams.site_of(secret.encode()))
        self._redis = Redis.from_url(
            url,
            socket_connect_timeout=_PATIENCE,
            socket_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )

    def __call__(self, message: Message) -> None:
        try:
            self._redis.publish(self._channel, bytes(message))
        except Exception:
            self._redis.connection_pool.disconnect()  # an answer that comes late is not the next one's
            raise
