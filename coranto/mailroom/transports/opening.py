"""From the settings to a transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from coranto.mailroom.rules.addresses import domain_of
from coranto.mailroom.rules.servers import ANYMAIL, OUTBOX
from coranto.mailroom.transports.outbox import OutboxTransport

if TYPE_CHECKING:
    from coranto.mailroom.transports import Transport


def open_transport() -> Transport:
    """A transport of one's own; each thread has one."""
    server = settings.MAIL_SERVER
    if server.kind == OUTBOX:
        return OutboxTransport(settings.MAIL_OUTBOX)
    if server.kind == ANYMAIL:
        from coranto.mailroom.transports.provider import ProviderTransport

        return ProviderTransport(server.provider, name=server.name)
    from coranto.mailroom.transports.smtp import SmtpTransport

    return SmtpTransport(server, own_name=domain_of(settings.MAIL_FROM))
