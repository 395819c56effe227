"""The edge process: from the listener it inherits to its graceful end.

It never imports Django. The supervisor keeps the listening socket open beside it, so that a successor takes over
without one refused connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import resource
import signal

import uvloop
from uvicorn.server import ServerState

from coranto.delivery.edge.gateway import Gateway
from coranto.delivery.edge.listening import finish, listen
from coranto.delivery.edge.options import EdgeOptions
from coranto.kit.processes import ask_for_short_turns, die_with_parent

__all__ = ["EdgeOptions", "run_edge"]


def run_edge(options: EdgeOptions) -> None:
    """Serve until SIGTERM or SIGINT: the listening socket is closed first, then requests in flight are finished."""
    # Killed, not asked: an orphan that takes its time would hold the port against the next start.
    die_with_parent(options.parent, by=signal.SIGKILL)
    _allow_many_connections()
    ask_for_short_turns()  # a hit takes microseconds; what keeps it waiting is whoever has the processor
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(options))


def _allow_many_connections() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def _serve(options: EdgeOptions) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    gateway = Gateway(options)
    await gateway.start()
    state = ServerState()
    try:
        server, watch = await listen(options, gateway, state)
        # What is there by now stays to the end: the collector need not look at it again and again.
        gc.freeze()
        _say_ready(options.ready)
        await stopping.wait()
        server.close()
        await finish(state, grace=options.grace)
        watch.stop()
    finally:
        await gateway.stop()


def _say_ready(descriptor: int) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more
        os.write(descriptor, b"1")
        os.close(descriptor)
