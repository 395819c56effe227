"""Sending where it may hang: in a thread of its own, waited for no longer than a deadline."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from coranto.delivery.rules import datagrams
from coranto.delivery.rules.datagrams import Kind
from coranto.delivery.rules.repetition import Seldom

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coranto.delivery.rules.datagrams import Message

logger = logging.getLogger(__name__)

MOST_WAITING: Final = 1_000
RETRIES_AFTER: Final = timedelta(seconds=1)


class Outbox:
    """Messages on their way to `name`; `publish` sends one and raises when it cannot.

    While it cannot be reached, what is to be purged there is not kept: once it can, everything is. Revocations are
    kept, for they are not in that.
    """

    def __init__(
        self,
        name: str,
        publish: Callable[[Message], None],
        *,
        deadline: timedelta,
        retries_after: timedelta = RETRIES_AFTER,
    ) -> None:
        self._name = name
        self._publish = publish
        self._deadline = deadline.total_seconds()
        self._retries_after = retries_after.total_seconds()
        self._said = Seldom(timedelta(minutes=1))
        self._begin()
        # The web processes are forked, and of threads a fork has none.
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[Message] = deque()
        self._is_away = False
        self._thread: threading.Thread | None = None

    def send(self, messages: Sequence[Message]) -> bool:
        """Hand over; whether it was sent within the deadline. Nobody waits for what is known to be away."""
        with self._changed:
            self._waiting.extend(messages)
            if len(self._waiting) > MOST_WAITING:
                self._make_everything()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=f"purges to {self._name}", daemon=True)
                self._thread.start()
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_away or not self._waiting, timeout=self._deadline)
            return not self._waiting

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                if self._is_away:
                    self._make_everything()  # what has come since is in it as well
                message = self._waiting[0]
            try:
                self._publish(message)
            except Exception as error:  # noqa: BLE001 - whatever it is, this thread goes on; it is logged there
                self._failed(error)
                threading.Event().wait(self._retries_after)
            else:
                self._succeeded(message)

    def _failed(self, error: Exception) -> None:
        if self._said.may_say():
            # Neither the address nor the error's own words, which may hold a password.
            logger.error(
                "Purges do not reach %s (%s). Pages there may be up to ten minutes old; everything is forgotten there "
                "once it can be reached",
                *(self._name, type(error).__name__),
            )
        with self._changed:
            self._is_away = True
            self._changed.notify_all()

    def _succeeded(self, message: Message) -> None:
        with self._changed:
            # It may have been overtaken by `everything` meanwhile.
            if self._waiting and self._waiting[0] is message:
                self._waiting.popleft()
            if self._is_away:
                self._is_away = False
                self._said.forget()
                logger.warning("Purges reach %s again", self._name)
            self._changed.notify_all()

    def _make_everything(self) -> None:
        revocations = [message for message in self._waiting if message.kind is Kind.REVOKE][-MOST_WAITING:]
        self._waiting = deque([datagrams.purge_everything(), *revocations])
