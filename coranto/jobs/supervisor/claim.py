"""A folder is served once: the lock, and a note of who does it."""

from __future__ import annotations

import fcntl
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class ServeError(Exception):
    """The site cannot be served; the message says why and what to do."""


class FolderClaim:
    """The right to serve the site whose `run` folder this is, held until this process ends, however."""

    def __init__(self, run: Path) -> None:
        """Raise `ServeError` when another process holds it."""
        self._note = run / "serve.json"
        self._lock = os.open(run / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            pid = self.earlier().get("pid")
            who = f"process {pid}" if pid else "another process"
            raise ServeError(
                f"Coranto is serving the folder {run.parent} already ({who}). "
                "Stop it first, or name another folder in CORANTO_DATA."
            ) from error

    def earlier(self) -> dict[str, Any]:
        """What the note says: `pid`, `port`, `groups` (the process groups of its children)."""
        try:
            note = json.loads(self._note.read_text())
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}

    def write(self, *, port: int, groups: list[int]) -> None:
        """Note this run; whole or not at all, since a kill may come between any two bytes."""
        draft = self._note.with_suffix(".new")
        draft.write_text(json.dumps({"pid": os.getpid(), "port": port, "groups": groups}))
        draft.replace(self._note)

    def release(self) -> None:
        """After a clean stop, with no child left."""
        self._note.unlink(missing_ok=True)
        os.close(self._lock)
