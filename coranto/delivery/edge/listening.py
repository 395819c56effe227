"""Taking connections, and letting go of them."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from uvicorn import Config

from coranto.delivery.edge.clients import Proxies
from coranto.delivery.edge.hits import Hits
from coranto.delivery.edge.limits import Watch
from coranto.delivery.edge.protocol import EdgeProtocol

if TYPE_CHECKING:
    from uvicorn.server import ServerState

    from coranto.delivery.edge.options import EdgeOptions
    from coranto.delivery.edge.store import Store
    from coranto.delivery.rules.entitlement import Entitlements

# A client whose connection was accepted a moment ago is about to ask on it: closed now, its request would be lost.
_FIRST_WORDS: Final = 0.1  # seconds
_BACKLOG: Final = 4096


class Behind(Protocol):
    """What the protocol needs to know of the gateway, besides that it is an ASGI application."""

    store: Store
    entitlements: Entitlements

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


async def listen(options: EdgeOptions, gateway: Behind, state: ServerState) -> tuple[asyncio.AbstractServer, Watch]:
    """Answer on the inherited listener from now on."""
    loop = asyncio.get_running_loop()
    watch = Watch(options.limits, cast("set[EdgeProtocol]", state.connections))
    watch.start(loop)
    config = _config(options, gateway)
    make = functools.partial(
        EdgeProtocol,
        config,
        state,
        hits=Hits(gateway.store, gateway.entitlements),
        watch=watch,
        proxies=Proxies(options.trusted_proxies),
    )
    listener = socket.socket(fileno=options.listener)
    listener.setblocking(False)
    create = loop.create_unix_server if listener.family == socket.AF_UNIX else loop.create_server
    server = await create(
        make,
        sock=listener,
        ssl=config.ssl,
        backlog=_BACKLOG,
        ssl_handshake_timeout=options.limits.head_time if config.ssl else None,
    )
    return server, watch


def _config(options: EdgeOptions, gateway: Behind) -> Config:
    config = Config(
        gateway,
        http=EdgeProtocol,
        ws="none",
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # `clients` knows whom to believe
        date_header=False,
        server_header=False,
        ssl_certfile=options.certificate,
        ssl_keyfile=options.key,
    )
    config.load()
    return config


async def finish(state: ServerState, *, grace: float) -> None:
    """Let requests in flight end, `grace` seconds at most; connections that are idle by then are closed at once."""
    await asyncio.sleep(min(_FIRST_WORDS, grace))
    for connection in list(state.connections):
        connection.shutdown()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(grace):
            while state.connections or state.tasks:  # noqa: ASYNC110 - they are uvicorn's sets, which tell nobody
                await asyncio.sleep(0.02)
    for connection in list(state.connections):
        connection.transport.abort()
    for task in list(state.tasks):
        task.cancel()
