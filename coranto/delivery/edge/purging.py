"""Where purges arrive from the processes of this machine: a unix datagram socket.

A datagram is in its queue before its sender goes on. So once the queue is emptied before an answer of the app is passed
on, whoever reads that answer finds nothing older in the store.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from typing import TYPE_CHECKING, Final

from coranto.delivery.edge.memos import Memo
from coranto.delivery.rules import datagrams
from coranto.delivery.rules.datagrams import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from coranto.delivery.edge.metrics import Counters
    from coranto.delivery.edge.store import Store
    from coranto.delivery.rules.datagrams import Message
    from coranto.delivery.rules.entitlement import Entitlements

logger = logging.getLogger("coranto.edge")

_LARGEST: Final = 65_536
_RECOGNISED: Final = 4_096  # messages of late, which may come by a second way


class Purging:
    """Carries out what messages ask for, wherever they come from."""

    def __init__(self, store: Store, entitlements: Entitlements, counters: Counters) -> None:
        self._store = store
        self._entitlements = entitlements
        self._counters = counters
        self._done: Memo[str, bool] = Memo(_RECOGNISED)

    def carry_out(self, message: Message) -> None:
        """Once only: of two ways to here a message may take both."""
        if self._done.get(message.identity):
            return
        self._done.put(message.identity, True)
        if message.kind is Kind.EVERYTHING:
            self.forget_everything()
        elif message.kind is Kind.REVOKE:
            for session in message.words:
                self._entitlements.revoke(session)
        else:
            self._counters.purges += 1
            self._counters.purged_entries += self._store.purge(message.words)

    def forget_everything(self) -> None:
        self._counters.purges += 1
        self._counters.purged_entries += self._store.purge_all()


class PurgeSocket:
    """The socket at `path`, and beside it the file that says more was to be said than its queue could take."""

    def __init__(self, path: Path, purging: Purging) -> None:
        self._path = path
        self._overflow = path.with_name(datagrams.OVERFLOW_NAME)
        self._purging = purging
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Bind; the store is empty now, so nothing said before matters. Raises OSError."""
        raw = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            raw.setblocking(False)
            self._path.unlink(missing_ok=True)
            raw.bind(datagrams.address_of(self._path))
            self._path.chmod(0o600)
        except OSError:
            raw.close()
            raise
        self._overflow.unlink(missing_ok=True)
        self._socket = raw
        asyncio.get_running_loop().add_reader(raw.fileno(), self.drain)

    def close(self) -> None:
        """Stop listening; the name is left alone, for it may be a successor's by now."""
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def drain(self) -> None:
        """Carry out all that has arrived: to be called before any answer of the app is passed on or stored."""
        if self._socket is None:
            return
        while True:
            try:
                data, sender = self._socket.recvfrom(_LARGEST)
            except BlockingIOError:
                break
            except OSError as error:
                logger.warning(
                    "The purge socket could not be read (%s); everything stored is forgotten", error.strerror
                )
                self._purging.forget_everything()
                break
            self._carry_out(data, sender)
        self._look_for_overflow()

    def _carry_out(self, data: bytes, sender: str | bytes | None) -> None:
        try:
            message = datagrams.read(data)
        except datagrams.UnreadableError as error:
            # Somebody wanted something forgotten; better too much than too little.
            logger.warning("A purge could not be read, everything stored is forgotten: %s", error)
            self._purging.forget_everything()
            return
        self._purging.carry_out(message)
        if sender and self._socket is not None:
            with contextlib.suppress(OSError):  # the sender waits no longer
                self._socket.sendto(message.identity.encode("ascii"), sender)

    def _look_for_overflow(self) -> None:
        if not os.access(self._overflow, os.F_OK):
            return
        # Removed first: what overflows from here on leaves the file anew.
        self._overflow.unlink(missing_ok=True)
        logger.warning("There were more purges than could be said; everything stored is forgotten")
        self._purging.forget_everything()
