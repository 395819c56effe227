"""Django's way of sending mail, so that what Wagtail, allauth and Django itself write becomes rows as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.mail.backends.base import BaseEmailBackend

from coranto.mailroom import operations
from coranto.mailroom.kinds import KIND_HEADER, SITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage


class MailBackend(BaseEmailBackend):
    """Queues; nothing is sent before the caller's transaction is committed.

    A kind other than `mailroom.site` is named by the header `X-Coranto-Kind`, which does not leave.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        done = 0
        for message in email_messages:
            if not message.recipients():
                continue
            kind = message.extra_headers.pop(KIND_HEADER, SITE)
            try:
                operations.queue_message(message=message, kind=kind)
            except ValueError:
                if not self.fail_silently:
                    raise
                continue
            done += 1
        return done
