"""To the edge of this machine, by unix datagram, and wait a moment until it has done it."""

from __future__ import annotations

import contextlib
import logging
import socket
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from coranto.delivery.rules import datagrams
from coranto.delivery.rules.repetition import Seldom

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from coranto.delivery.rules.datagrams import Message

logger = logging.getLogger(__name__)

_said = Seldom(timedelta(minutes=1))


def send(messages: Sequence[Message]) -> None:
    """Tell the edge; come back once it has answered, after 50 ms in any case. Where none listens, nothing is stored."""
    run = settings.DATA / "run"
    deadline = time.monotonic() + datagrams.ACKNOWLEDGED_WITHIN_SECONDS
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own:
            own.bind("")  # an address of the kernel's choice, for the answer (unix(7), autobind)
            own.connect(datagrams.address_of(run / datagrams.SOCKET_NAME))
            try:
                _hand_over(own, messages, deadline)
            except TimeoutError:
                _flag(run)
                return
            _wait(own, {message.identity for message in messages}, deadline)
    except (FileNotFoundError, ConnectionError):
        return  # no edge, or one that has just ended, with all it stored
    except OSError:
        _flag(run)
        if _said.may_say("error"):
            logger.exception("The edge could not be told what to forget; it will forget everything")


def _hand_over(own: socket.socket, messages: Sequence[Message], deadline: float) -> None:
    for message in messages:
        _limit(own, deadline)
        own.send(bytes(message))


def _wait(own: socket.socket, awaited: set[str], deadline: float) -> None:
    """Until the edge has answered each. One that is busy reads them before it passes on any answer of ours."""
    with contextlib.suppress(TimeoutError):
        while awaited:
            _limit(own, deadline)
            awaited.discard(own.recv(200).decode("ascii", "replace").strip())


def _limit(own: socket.socket, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    own.settimeout(left)


def _flag(run: Path) -> None:
    """The socket stays full: have the edge forget everything, once it gets round to it."""
    with contextlib.suppress(OSError):
        (run / datagrams.OVERFLOW_NAME).touch()
    if _said.may_say("overflow"):
        logger.warning("The edge does not take what it is to forget; it will forget everything")
