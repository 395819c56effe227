"""Fault `header-and-template-injection`, the part of mails: nobody's words become a header, an address or a template."""

from __future__ import annotations

import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, send_mail

sys.path.insert(0, str(Path(__file__).parent.parent / "mailroom"))

from post_office import by_smtp, carry, post_office, write

from coranto.mailroom.models import Mail
from coranto.mailroom.operations import queue_mail
from coranto.masthead.models import Publication

FIXTURES = (by_smtp, carry, post_office, write)

pytestmark = pytest.mark.django_db

BREAKS = ["\n", "\r", "\r\n", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\ud800"]
HEADER = "Bcc: mallory@evil.example"
HEADERS = {
    "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "auto-submitted",
}  # fmt: skip


def nothing_was_written():
    return not Mail.objects.exists()


@pytest.mark.parametrize("brk", BREAKS)
def test_an_address_is_one_address(write, brk):
    for address in (f"ada@reader.example{brk}{HEADER}", f"ada{brk}@reader.example", f"{brk}ada@reader.example{brk}"):
        with pytest.raises(ValueError, match="no e-mail address we can write to"):
            write(address)

    assert nothing_was_written()


@pytest.mark.parametrize("brk", BREAKS)
def test_a_senders_name_is_one_line(write, brk):
    with pytest.raises(ValueError, match=r"line break or control|surrogates"):
        write(sender_name=f"The Lantern{brk}{HEADER}")

    assert nothing_was_written()


@pytest.mark.parametrize("brk", BREAKS)
def test_a_one_click_address_is_one_line_of_ours(write, settings, brk):
    for url in (f"{settings.ORIGIN}/stop/1>{brk}{HEADER}", f"https://evil.example/{brk}"):
        with pytest.raises(ValueError, match=r"line break or control|address of this site|surrogates"):
            write(one_click_url=url)

    assert nothing_was_written()


@pytest.mark.parametrize("brk", BREAKS)
def test_a_subject_made_of_a_name_is_one_line(brk):
    """The publication's name stands in the subject of the trial mail."""
    context = {"publication": Publication(name=f"The Lantern{brk}{HEADER}")}
    mail = queue_mail(to="ada@reader.example", template="trial", context=context, kind="mailroom.site")
    message = message_from_bytes(mail.source, policy=policy.default)

    assert "\n" not in mail.subject
    assert "Bcc" not in message
    assert {name.lower() for name in message} == HEADERS


@pytest.mark.parametrize("brk", ["\n", "\r", "\r\n", "\x00", "\u2028"])
@pytest.mark.parametrize(
    "make",
    [
        lambda brk: EmailMessage(f"Subject{brk}{HEADER}", "text", None, ["ada@reader.example"]),
        lambda brk: EmailMessage("Subject", "text", f"a@news.example{brk}{HEADER}", ["ada@reader.example"]),
        lambda brk: EmailMessage("Subject", "text", None, [f"ada@reader.example{brk}{HEADER}"]),
        lambda brk: EmailMessage("Subject", "text", None, ["ada@reader.example"], headers={"X-A": f"x{brk}{HEADER}"}),
        lambda brk: EmailMessage("Subject", "text", None, ["a@b.example"], reply_to=[f"a@b.example{brk}{HEADER}"]),
    ],
    ids=["subject", "sender", "recipient", "header", "reply-to"],
)
def test_what_comes_by_djangos_means_is_held_to_the_same(mails, make, brk):
    with pytest.raises(ValueError, match=r"line break or control|no e-mail address we can write to"):
        make(brk).send()

    assert nothing_was_written()


def test_a_display_name_with_everything_in_it_is_a_display_name(write):
    name = 'Ada "the\\boss" <mallory@evil.example>, Kim; (x) =?utf-8?q?=0ABcc:?= ä'
    message = message_from_bytes(write(sender_name=name).source, policy=policy.default)

    [sender] = message["From"].addresses
    assert sender.addr_spec == "post@localhost"
    assert "Bcc" not in message


TEMPLATES = ["{{ 7|add:7 }}", "{% now 'Y' %}", "{{ settings.SECRET_KEY }}", "{% include 'base.html' %}", "{{"]


@pytest.mark.parametrize("words", TEMPLATES)
def test_words_are_never_a_template(write, words):
    Publication(name=words).save()
    mail = write()

    # As what looks like a host's name is written, and otherwise as it was typed.
    words = words.replace("settings.S", "settings[.]S").replace("base.h", "base[.]h")
    assert words in mail.subject
    assert words in mail.text
    assert "14" not in mail.text


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><a href="https://evil.example/">x</a>',
        "</title><style>*{display:none}</style>",
    ],
)
def test_words_are_never_markup(write, words):
    Publication(name=words).save()
    html = write().html

    for tag in ("<script", "<img", "<style", 'href="https://evil'):
        assert tag not in html.lower()


def test_a_line_with_a_dot_alone_does_not_end_the_message(by_smtp, mails, carry):
    text = "One\n.\n..\n.x\nMAIL FROM:<mallory@evil.example>\n.\r\nQUIT\n\nFrom here on\nThe last"
    send_mail("Dots", text, None, ["ada@reader.example"])
    carry()

    [taken] = by_smtp.taken
    assert taken.message.get_content().splitlines() == text.replace("\r\n", "\n").split("\n")


def test_no_bare_line_end_leaves(by_smtp, mails, carry):
    """What some servers take for the end of a message and others not (SMTP smuggling)."""
    send_mail("Ends", "One\r.\rTwo\n.\r\nThree\r\n.\nFour", None, ["ada@reader.example"])
    carry()

    source = by_smtp.taken[0].source
    assert b"\n" not in source.replace(b"\r\n", b"")
    assert b"\r" not in source.replace(b"\r\n", b"")
