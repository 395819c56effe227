"""SMTP (RFC 5321), with a mark between the envelope and the message."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import time
from typing import TYPE_CHECKING, Final

from coranto.kit.addresses import is_loopback
from coranto.mailroom.rules.replies import asks_for_slowness, enhanced_status, is_gone
from coranto.mailroom.transports import Outcome, Parcel, Unavailable, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from coranto.mailroom.rules.servers import MailServer

_CONNECTING: Final = 20.0
_COMMAND: Final = 60.0
# RFC 5321, 4.5.3.2.6, recommends ten minutes: whoever gives up earlier may have sent it. Shorter than a lease.
ANSWERING: Final = 300.0
_IDLE: Final = 20.0
_OK, _START, _CLOSING = 250, 354, 421
_DOTS: Final = re.compile(rb"(?m)^\.")


class SmtpTransport:
    """A connection that is opened when it is needed and kept while it is used."""

    is_paced = True

    def __init__(self, server: MailServer, *, own_name: str) -> None:
        self._server = server
        self._own_name = own_name
        self._smtp: smtplib.SMTP | None = None
        self._used_at = 0.0
        self.name = server.name

    def carry(self, parcel: Parcel, *, hand: Callable[[], bool]) -> Outcome | None:
        try:
            smtp = self._begin(parcel)
            outcome = self._recipient(smtp, parcel)
        except (smtplib.SMTPException, OSError) as error:
            # Nothing was handed over: it goes back in line.
            self.close()
            return Outcome(verdict=Verdict.DEFERRED, reply=_said(error))
        if outcome is not None or not hand():
            self._begin_anew(smtp)
            return outcome
        try:
            outcome = self._hand_over(smtp, parcel)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Outcome(verdict=Verdict.UNKNOWN, reply=_said(error))
        self._used_at = time.monotonic()
        return outcome

    def _begin(self, parcel: Parcel) -> smtplib.SMTP:
        """A connection that has taken the sender. Raises `Unavailable`: who refuses that refuses every mail."""
        is_old = self._smtp is not None
        smtp = self._line()
        try:
            code, words = smtp.mail(parcel.sender)
        except (smtplib.SMTPException, OSError):
            code, words = _CLOSING, b"The connection ended."
        if code == _OK:
            return smtp
        self.close()
        if is_old and code == _CLOSING:
            # Many servers close after so many messages, or after some quiet: another connection, once.
            return self._begin(parcel)
        raise Unavailable(_line(code, words))

    def _recipient(self, smtp: smtplib.SMTP, parcel: Parcel) -> Outcome | None:
        """None when the server takes it."""
        code, words = smtp.rcpt(parcel.to)
        return None if code in {250, 251} else self._judge(code, words)

    def _hand_over(self, smtp: smtplib.SMTP, parcel: Parcel) -> Outcome:
        code, words = smtp.docmd("DATA")
        if code != _START:
            return self._judge(code, words)
        _wait_at_most(smtp, ANSWERING)
        end = b"" if parcel.source.endswith(b"\r\n") else b"\r\n"
        smtp.send(_DOTS.sub(b"..", parcel.source) + end + b".\r\n")
        code, words = smtp.getreply()
        _wait_at_most(smtp, _COMMAND)
        match code // 100:
            case 2:  # RFC 5321, 4.3.2: the first digit says it
                return Outcome(verdict=Verdict.SENT, reply=_line(code, words))
            case 4 | 5:
                return self._judge(code, words)
        # No answer at all, though the message is there: it may have been taken.
        self.close()
        return Outcome(verdict=Verdict.UNKNOWN, reply=_line(code, words))

    def _judge(self, code: int, words: bytes) -> Outcome:
        reply = _line(code, words)
        if code == _CLOSING or code // 100 not in {4, 5}:
            self.close()
        if 500 <= code < 600:  # noqa: PLR2004 - RFC 5321, 4.2.1
            return Outcome(verdict=Verdict.REFUSED, reply=reply, is_gone=is_gone(enhanced_status(reply)))
        return Outcome(verdict=Verdict.DEFERRED, reply=reply, slow_down=asks_for_slowness(code, reply))

    def _begin_anew(self, smtp: smtplib.SMTP) -> None:
        self._used_at = time.monotonic()
        try:
            if self._smtp is not None:
                smtp.rset()
        except (smtplib.SMTPException, OSError):
            self.close()

    # The connection --------------------------------------------------------------------------------------

    def _line(self) -> smtplib.SMTP:
        if self._smtp is not None and time.monotonic() - self._used_at > _IDLE:
            self._try_line(self._smtp)
        if self._smtp is None:
            self._smtp = self._connect()
        return self._smtp

    def _try_line(self, smtp: smtplib.SMTP) -> None:
        """Servers close what is idle: better found out with a word that means nothing."""
        try:
            code, _words = smtp.noop()
        except (smtplib.SMTPException, OSError):
            code = -1
        if code != _OK:
            self.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context()
        if is_loopback(server.host):
            # On this machine nobody listens in, and its certificate is made out to another name.
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        smtp: smtplib.SMTP | None = None
        try:
            if server.is_tls:
                smtp = smtplib.SMTP_SSL(server.host, server.port, self._own_name, timeout=_CONNECTING, context=context)
            else:
                smtp = smtplib.SMTP(server.host, server.port, self._own_name, timeout=_CONNECTING)
                self._encrypt(smtp, context)
            if server.user:
                smtp.login(server.user, server.password)
            else:
                smtp.ehlo_or_helo_if_needed()
            _wait_at_most(smtp, _COMMAND)
        except (smtplib.SMTPException, OSError) as error:
            if smtp is not None:
                smtp.close()
            raise Unavailable(_said(error)) from error
        self._used_at = time.monotonic()
        return smtp

    def _encrypt(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        smtp.ehlo_or_helo_if_needed()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=context)
        elif self._server.demands_tls:
            raise smtplib.SMTPNotSupportedError("The server offers no TLS, and a password is not sent without.")

    def close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        with contextlib.suppress(smtplib.SMTPException, OSError):
            if smtp.sock is not None:
                smtp.sock.settimeout(1)
                smtp.docmd("QUIT")
        smtp.close()


def _wait_at_most(smtp: smtplib.SMTP, seconds: float) -> None:
    if isinstance(smtp.sock, socket.socket):
        smtp.sock.settimeout(seconds)


def _line(code: int, words: bytes) -> str:
    return f"{code} {words.decode('utf-8', 'replace')}".replace("\x00", "\N{REPLACEMENT CHARACTER}")[:2000]


def _said(error: Exception) -> str:
    match error:
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            return _line(code, words if isinstance(words, bytes) else str(words).encode())
        case ssl.SSLCertVerificationError(verify_message=words):
            return f"The server's certificate cannot be verified: {words}"
        case TimeoutError() | smtplib.SMTPServerDisconnected(__context__=TimeoutError()):
            return "The server did not answer in time."
        case _:
            return f"The connection ended: {error or type(error).__name__}"
