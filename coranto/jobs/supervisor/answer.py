"""Whether the site is ready, asked the way a reader would."""

from __future__ import annotations

import http.client
import logging
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger("coranto.serve")

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to
_HERE = {"127.0.0.1", "::1", "localhost"}
_COMPLAIN_AFTER = 120.0  # a first start makes the tables


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    host: str
    port: int
    is_https: bool

    @property
    def reachable(self) -> str:
        """The host to ask: an address that means "all of them" cannot be connected to everywhere."""
        return _EVERYWHERE.get(self.host, self.host)

    @property
    def url(self) -> str:
        """What to type into a browser on this machine."""
        name = "localhost" if self.reachable in _HERE else self.host
        name = f"[{name}]" if ":" in name else name
        scheme, usual = ("https", 443) if self.is_https else ("http", 80)
        return f"{scheme}://{name}/" if self.port == usual else f"{scheme}://{name}:{self.port}/"


def wait_until_it_answers(address: Address, *, begun: Callable[[], bool], stopping: Callable[[], bool]) -> bool:
    """Once it has `begun`, ask until the answer is 200; False when the site stops first. Says so when it takes long."""
    complain_at = time.monotonic() + _COMPLAIN_AFTER
    while not stopping():
        if begun() and _answers(address):
            return True
        if time.monotonic() >= complain_at:
            logger.error("The site does not answer yet; the lines above may say why")
            complain_at = float("inf")
        time.sleep(0.05)
    return False


def _answers(address: Address) -> bool:
    connection: http.client.HTTPConnection
    if address.is_https:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # The certificate is for the public name, and whether it is good is for browsers to say.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(address.reachable, address.port, timeout=10, context=context)
    else:
        connection = http.client.HTTPConnection(address.reachable, address.port, timeout=10)
    try:
        connection.request("GET", "/-/ready/", headers={"Host": "localhost"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
