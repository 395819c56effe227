"""The folder that holds all state of one site: made, locked to its owner, and recognised by version."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KEY_FILE = "secret-key"
PARTS = ("media", "outbox", "run", "run/static")


class FolderError(Exception):
    """The data folder cannot be used; the message says why and what to do."""


def prepare(path: Path) -> None:
    """Make the folder, its parts and its secret key where they are missing.

    Raises `FolderError` when the path is a file or cannot be written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for part in PARTS:
            (path / part).mkdir(exist_ok=True, mode=0o700)
        _make_key(path / KEY_FILE)
        probe = path / "run" / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FolderError(
            f"The data folder {path} cannot be used ({error.strerror}: {error.filename}). "
            "Make it writable for this user, or name another folder in CORANTO_DATA."
        ) from error


def _make_key(path: Path) -> None:
    # O_EXCL and the mode at creation: no instant at which another user could read the key, and of two
    # processes that start at once one wins and the other reads what it wrote.
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))


def secret_key(path: Path) -> str:
    """The site's secret key; one that lasts only as long as the process where no folder was prepared yet."""
    try:
        return (path / KEY_FILE).read_text().strip() or secrets.token_urlsafe(64)
    except FileNotFoundError:
        return secrets.token_urlsafe(64)
    except OSError as error:
        raise FolderError(
            f"The secret key {path / KEY_FILE} cannot be read ({error.strerror}). Run as the user that owns the folder."
        ) from error
