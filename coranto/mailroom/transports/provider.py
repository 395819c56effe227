"""A provider's API, through django-anymail (the extra `anymail`)."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any, Final

from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.module_loading import import_string

from coranto.mailroom.transports import Outcome, Parcel, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage

# These the API is told in its own way.
_ENVELOPE: Final = {
    "from", "to", "subject", "date", "mime-version", "content-type", "content-transfer-encoding", "reply-to",
}  # fmt: skip
_REFUSED: Final = {"rejected", "invalid", "failed"}
_TOO_MANY, _AWAY = 429, 503
_CONFIGURATION: Final = {401, 403, 404}


class ProviderTransport:
    """One request for each message."""

    is_paced = True

    def __init__(self, provider: str, *, name: str) -> None:
        self.name = name
        self._backend = get_connection(f"anymail.backends.{provider}.EmailBackend", fail_silently=False)

    def carry(self, parcel: Parcel, *, hand: Callable[[], bool]) -> Outcome | None:
        errors = import_string("anymail.exceptions.AnymailError")
        message = as_django_message(parcel)
        if not hand():
            return None
        try:
            self._backend.send_messages([message])
        except errors as error:
            return _judge(error)
        status = message.anymail_status  # type: ignore[attr-defined]  # anymail puts it there
        refused = _REFUSED & set(status.status or ())
        return Outcome(
            verdict=Verdict.REFUSED if refused else Verdict.SENT,
            reply=", ".join(sorted(filter(None, status.status or ()))),
            provider_id=str(status.message_id or "")[:255],
        )

    def close(self) -> None:
        self._backend.close()


def as_django_message(parcel: Parcel) -> EmailMultiAlternatives:
    """The parts of the message, as Django holds one."""
    source: EmailMessage = message_from_bytes(parcel.source, policy=policy.default)
    text, html = source.get_body(("plain",)), source.get_body(("html",))
    message = EmailMultiAlternatives(
        subject=str(source["Subject"]),
        body=text.get_content() if text else "",
        from_email=str(source["From"]),
        to=[parcel.to],
        reply_to=[str(each) for each in source.get_all("Reply-To", [])],
        headers={name: str(value) for name, value in source.items() if name.lower() not in _ENVELOPE},
    )
    if html:
        message.attach_alternative(html.get_content(), "text/html")
    for part in source.iter_attachments():
        message.attach(part.get_filename(), part.get_content(), part.get_content_type())
    return message


def _judge(error: Any) -> Outcome:
    """An answer that says no is no. Without one it may have been taken: that is not known."""
    code = getattr(error, "status_code", None)
    reply = f"{code or ''} {error}".strip().replace("\x00", "\N{REPLACEMENT CHARACTER}")[:2000]
    if code in _CONFIGURATION:
        return Outcome(verdict=Verdict.DEFERRED, reply=reply, is_away=True)
    if code in {_TOO_MANY, _AWAY}:
        return Outcome(verdict=Verdict.DEFERRED, reply=reply, slow_down=True)
    if code is None and _never_left(error):
        return Outcome(verdict=Verdict.DEFERRED, reply=reply)
    if code is not None and 400 <= code < 500:  # noqa: PLR2004 - RFC 9110
        return Outcome(verdict=Verdict.REFUSED, reply=reply)
    return Outcome(verdict=Verdict.UNKNOWN, reply=reply)


def _never_left(error: BaseException) -> bool:
    """Whether no connection came about, or the mail could not even be put in the API's terms."""
    names: set[str] = set()
    cause: BaseException | None = error
    while cause is not None and len(names) < 20:  # noqa: PLR2004 - chains are short
        names.add(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return bool(
        names & {"ConnectTimeout", "NewConnectionError", "AnymailSerializationError", "AnymailUnsupportedFeature"}
    )
