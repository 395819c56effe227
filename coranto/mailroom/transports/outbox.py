"""The outbox: files beside the data, for a site without a mail server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from coranto.mailroom.transports import Outcome, Parcel, Unavailable, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class OutboxTransport:
    """Writes each message as one file, whole or not at all; the second time it is the same file."""

    name = "outbox"
    is_paced = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, parcel: Parcel, *, hand: Callable[[], bool]) -> Outcome | None:  # noqa: ARG002 - it can be repeated
        path = outbox_file(self._folder, parcel.number)
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Codes and links into accounts are among them.
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(parcel.source)
            part.replace(path)
        except OSError as error:
            raise Unavailable(f"The outbox cannot be written: {error.strerror}") from error
        return Outcome(verdict=Verdict.SENT, reply=path.name)

    def close(self) -> None:
        """Nothing is open between two messages."""


def outbox_file(folder: Path, number: int) -> Path:
    return folder / f"{number:09d}.eml"
