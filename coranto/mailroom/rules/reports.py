"""Reports of mail that could not be delivered (RFC 3464) and of mail reported as unwanted (RFC 5965)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

# The report comes first and what was returned last: a longer one is read so far and no further.
_READ: Final = 256_000
_MOST_PARTS: Final = 20
_MOST_LINES_OF_BOUNDARY: Final = 2_000
_RECIPIENTS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_ADDRESS: Final = re.compile(r"[^\s<>,;:\"]+@[^\s<>,;:\"]+")


@dataclass(frozen=True, slots=True)
class Failure:
    """What a report says of one recipient; `action` and `status` as in RFC 3464, 2.3."""

    addresses: frozenset[str]
    action: str
    status: str
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """`sent_to` are the addresses it came to, `failures` what it says, `returned_id` whose message it speaks of."""

    sent_to: tuple[str, ...]
    failures: tuple[Failure, ...]
    is_complaint: bool
    returned_id: str


def read_report(raw: bytes) -> Report | None:
    """The report in a message, None for any other: an answer from a holiday, advertising, a bomb."""
    if raw.count(b"\n--", 0, _READ) > _MOST_LINES_OF_BOUNDARY:
        return None
    try:
        message = message_from_bytes(raw[:_READ], policy=policy.compat32)
        return _report(message)
    except (ValueError, LookupError, RecursionError, AssertionError):
        # Whatever the parser makes of what was made to break it: no report.
        return None


def _report(message: Message) -> Report | None:
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return None
    kind = str(message.get_param("report-type", "")).lower()
    if kind not in {"delivery-status", "feedback-report"}:
        return None
    parts = list(_parts(message))
    return Report(
        sent_to=tuple(_addresses(message)),
        failures=tuple(_failures(parts)),
        is_complaint=kind == "feedback-report"
        and any(each.get_content_type() == "message/feedback-report" for each in parts),
        returned_id=_returned_id(parts),
    )


def _parts(message: Message) -> Iterator[Message]:
    """The parts of the report itself; what lies within them is nobody's business."""
    payload: Any = message.get_payload()
    yield from (each for each in payload[:_MOST_PARTS] if not isinstance(each, str))


def _addresses(message: Message) -> Iterator[str]:
    for name in _RECIPIENTS:
        for value in message.get_all(name, []):
            yield from _ADDRESS.findall(str(value))


def _failures(parts: list[Message]) -> Iterator[Failure]:
    for part in parts:
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        groups: Any = part.get_payload()
        for group in groups[:_MOST_PARTS]:
            action = str(group.get("Action", "")).strip().lower()
            if action:
                yield Failure(
                    addresses=frozenset(_failing(group)),
                    action=action,
                    status=str(group.get("Status", "")).strip().partition(" ")[0],
                    words=" ".join(str(group.get("Diagnostic-Code", "")).split())[:1000],
                )


def _failing(group: Any) -> Iterator[str]:
    for name in ("Original-Recipient", "Final-Recipient"):
        # "rfc822; ada@reader.example"
        yield str(group.get(name, "")).rpartition(";")[2].strip().lower()


def _returned_id(parts: list[Message]) -> str:
    """The Message-ID of what was returned, whole or its head alone."""
    for part in parts:
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            returned: Any = part.get_payload()
            return str(returned[0].get("Message-ID", "")).strip()
        if part.get_content_type() == "text/rfc822-headers":
            raw: Any = part.get_payload(decode=True) or b""
            head = message_from_bytes(raw, policy=policy.compat32)
            return str(head.get("Message-ID", "")).strip()
    return ""
