"""Starting programs on one core, and what they and their children cost."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SERVING, ASKING = 0, 1  # the cores of those who answer and of those who ask
PATIENCE = 180.0
_TICKS = os.sysconf("SC_CLK_TCK")


class Program:
    """A program with all it starts."""

    def __init__(
        self, command: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None, core: int = SERVING
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            words = ["taskset", "--cpu-list", str(core), *command]
            self.process = subprocess.Popen(
                words,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=log.parent,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def until_answering(self, address: str) -> float:
        """Wait for a first page; how many seconds that took."""
        began = time.perf_counter()
        while time.perf_counter() - began < PATIENCE:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=PATIENCE):  # noqa: S310 - ours
                return time.perf_counter() - began
            time.sleep(0.005)
        self.stop()
        raise SystemExit(f"Nobody answers at {address}:\n{self.log.read_text()[-3000:]}")

    def move_to(self, cores: set[int]) -> None:
        """Let it run on these cores from now on."""
        for pid in (self.pid, *descendants(self.pid)):
            for task in Path(f"/proc/{pid}/task").iterdir():
                with contextlib.suppress(ProcessLookupError):
                    os.sched_setaffinity(int(task.name), cores)

    def stop(self) -> None:
        below = descendants(self.pid)
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
        for pid in below:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def descendants(pid: int) -> list[int]:
    """The living processes below `pid`."""
    found = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *descendants(child)]
    return found


def processor_seconds(pid: int) -> float:
    """Processor time of a program so far, user's and system's, children included, the dead ones too."""
    total = 0
    for each in (pid, *descendants(pid)):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))  # utime, stime and those of children it has buried
    return total / _TICKS


def memory_megabytes(pid: int) -> float:
    """What a program takes of the memory: pages that several processes share count once (PSS)."""
    total = 0
    for each in (pid, *descendants(pid)):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024


def listening_process(port: int) -> int | None:
    """The process behind a port of this machine: the oldest of those that hold the socket."""
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                sockets.add(f"socket:[{fields[9]}]")
    holders = []
    for folder in Path("/proc").glob("[0-9]*/fd"):
        with contextlib.suppress(OSError):
            if any(str(each.readlink()) in sockets for each in folder.iterdir()):
                holders.append(int(folder.parent.name))
    return min(holders, default=None)
