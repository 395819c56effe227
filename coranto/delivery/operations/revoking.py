"""Take back what a reader was entitled to, before the cookie that says so is over."""

from __future__ import annotations

import logging

from django.db import transaction

from coranto.delivery import transports

logger = logging.getLogger(__name__)


def revoke_entitlement(*, session_id: str) -> None:
    """Have every edge believe no entitlement of this session any more, after the commit.

    `session_id` is what stands for the session in the cookie (`rules.entitlement`), never the key of one.
    """

    def send() -> None:
        try:
            transports.revoke(session_id)
        except Exception:  # the cookie lasts ten minutes at most
            logger.exception("An entitlement could not be taken back")

    transaction.on_commit(send)
