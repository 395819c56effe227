"""From a template and its words to the message as it leaves."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING, Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import utf8_charset_qp
from django.template import Context
from django.template.loader import get_template
from django.utils.translation import get_language, get_language_bidi, override

from coranto.mailroom.rules import addresses, links
from coranto.masthead import queries as masthead

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.core.mail import EmailMessage

_LONGEST_SUBJECT = 250


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A mail as people read it."""

    subject: str
    text: str
    html: str
    sender_name: str


def write_words(
    *,
    template: str,
    context: Mapping[str, Any],
    language: str = "",
    sender_name: str = "",
    one_click_url: str = "",
    links_elsewhere: bool = False,
) -> Words:
    """The words of `mails/<template>/`, in `language` or the publication's; no link or picture in them is another's."""
    publication = masthead.publication()
    with override(language or publication.language):
        known = {
            "publication": publication,
            "origin": settings.ORIGIN,
            "language": get_language(),
            "direction": "rtl" if get_language_bidi() else "ltr",
            "one_click_url": one_click_url,
            **context,
        }
        # One line, whatever a template or a title in it holds.
        subject = " ".join(_plain(f"mails/{template}/subject.txt", known).split())
        text = _plain(f"mails/{template}/text.txt", known)
        html = addresses.printable(get_template(f"mails/{template}/body.html").render(known))
        css = _plain("mails/mail.css", known)
    if not html.strip():
        raise ValueError(f"mails/{template}/body.html has no words")
    if not links_elsewhere:
        subject, text = (links.without_foreign_words(each, origin=settings.ORIGIN) for each in (subject, text))
        html = links.without_foreign_links(html, origin=settings.ORIGIN)
    return Words(
        subject=addresses.check_line(subject)[:_LONGEST_SUBJECT],
        text=text.strip() + "\n",
        html=_inlined(html, css),
        sender_name=addresses.check_line(sender_name or publication.name),
    )


def _plain(template: str, words: Mapping[str, Any]) -> str:
    """Rendered without HTML's escapes, which a reader of plain text would see."""
    engine_template: Any = get_template(template)  # django-stubs does not know the template within
    return addresses.printable(engine_template.template.render(Context(dict(words), autoescape=False)))


def _inlined(html: str, css: str) -> str:
    # Most mail programs drop style sheets. By itself the inliner would fetch what `html` names, from our disk too.
    return css_inline.CSSInliner(load_remote_stylesheets=False, extra_css=css).inline(html)


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What is stored of a message: its subject, its Message-ID, and all of it."""

    subject: str
    message_id: str
    source: bytes


def write_message(*, to: str, words: Words, now: datetime, one_click_url: str = "") -> Message:
    """The whole message, in lines that every server takes. Raises `ValueError` for what cannot be in a header."""
    headers = {"Auto-Submitted": "auto-generated"}  # RFC 3834: no holiday notice is sent in answer
    if one_click_url:
        headers |= one_click_headers(one_click_url)
    mail = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        from_email=formataddr((words.sender_name, settings.MAIL_FROM)),
        to=[to],
        headers=headers,
    )
    mail.attach_alternative(words.html, "text/html")
    return seal_message(mail=mail, now=now)


def one_click_headers(url: str) -> dict[str, str]:
    """RFC 8058: mail programs show a button that posts to `url`."""
    if not links.is_ours(url, settings.ORIGIN):
        raise ValueError("a one-click address is an address of this site")
    return {
        "List-Unsubscribe": f"<{addresses.check_line(url)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def seal_message(*, mail: EmailMessage, now: datetime) -> Message:
    """Date and Message-ID, given once and for all, and the bytes. Raises `ValueError` as Django does."""
    # In quoted-printable no server has a reason to write a line anew, which would break the signature.
    mail.encoding = utf8_charset_qp
    for value in (
        mail.subject,
        mail.from_email,
        *mail.recipients(),
        *mail.reply_to,
        *map(str, mail.extra_headers.values()),
    ):
        addresses.check_line(str(value))
    given = {name.lower(): str(value) for name, value in mail.extra_headers.items()}
    message_id = given.get("message-id") or f"<{uuid.uuid4()}@{addresses.domain_of(settings.MAIL_FROM)}>"
    mail.extra_headers = {
        **mail.extra_headers,
        **({} if "message-id" in given else {"Message-ID": message_id}),
        **({} if "date" in given else {"Date": format_datetime(now)}),
    }
    message: Any = mail.message()  # one of Django's, which can do a little more
    source = message.as_bytes(linesep="\r\n")
    return Message(subject=str(mail.subject), message_id=message_id, source=source)
