"""To a cache in front of the site, by HTTP: at once where it stands on this machine, by the worker otherwise.

Wagtail's back ends for such caches purge by address; what changes here shows in more places than anybody could list
(fragments, pages of lists), so all of them are purged by tag.
"""

from __future__ import annotations

import ssl
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

import httpx
from django.conf import settings
from django_tasks import task

from coranto.delivery.rules import datagrams
from coranto.delivery.rules.front import Front, purges_of
from coranto.delivery.transports.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.delivery.rules.datagrams import Message

DEADLINE: Final = timedelta(milliseconds=200)
_PATIENCE_HERE: Final = 2.0
_PATIENCE_ELSEWHERE: Final = 15.0
MAIL_GOES_AFTER: Final = 10


class NotPurgedError(Exception):
    """The cache in front did not do what it was asked to."""


def send(messages: Sequence[Message], front: Front) -> None:
    if front.is_here:
        _outbox(front).send(messages)
        return
    for message in messages:
        purge_front_task.enqueue(bytes(message).decode())


@task(priority=MAIL_GOES_AFTER)
def purge_front_task(message: str) -> None:
    """Tell the cache in front; repeatable. The worker tries again when it cannot be reached."""
    if settings.FRONT_CACHE is None:
        return  # it was taken away meanwhile
    system = ssl.create_default_context()  # the system's certificates, as everywhere
    with httpx.Client(timeout=_PATIENCE_ELSEWHERE, trust_env=False, verify=system) as client:
        ask_front(client, settings.FRONT_CACHE, datagrams.read(message.encode()))


@cache
def _outbox(front: Front) -> Outbox:
    client = httpx.Client(timeout=_PATIENCE_HERE, trust_env=False, verify=ssl.create_default_context())
    return Outbox("the cache in front", lambda message: ask_front(client, front, message), deadline=DEADLINE)


def ask_front(client: httpx.Client, front: Front, message: Message) -> None:
    """Send what makes the cache forget; raises `NotPurgedError`, whose words hold no token."""
    for purge in purges_of(front, message):
        try:
            answer = client.request(purge.method, purge.url, headers=purge.headers, content=purge.body)
        except httpx.HTTPError as error:
            raise NotPurgedError(f"The cache in front cannot be reached: {type(error).__name__}") from None
        if not answer.is_success:
            raise NotPurgedError(f"The cache in front answered {answer.status_code} to a purge.")
