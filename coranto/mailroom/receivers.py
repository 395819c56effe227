"""What django-anymail hands on of a provider's reports, once it has checked who says so."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string

from coranto.mailroom import operations
from coranto.mailroom.rules.replies import enhanced_status, is_gone


def connect() -> None:
    import_string("anymail.signals.tracking").connect(_take_in, dispatch_uid="coranto.mailroom")


def _take_in(event: Any, **_more: Any) -> None:
    words = " ".join(filter(None, [event.mta_response, event.description, event.reject_reason]))
    kind = "bounced" if event.event_type in {"bounced", "rejected"} else str(event.event_type)
    operations.receive_event(
        kind=kind,
        provider_id=str(event.message_id or ""),
        recipient=str(event.recipient or ""),
        words=words,
        is_for_good=_is_for_good(event, words),
    )


def _is_for_good(event: Any, words: str) -> bool:
    """By the receiving server's own code where there is one: providers call a full mailbox a bounce as well."""
    status = enhanced_status(words)
    return is_gone(status) if status else event.reject_reason == "invalid"
