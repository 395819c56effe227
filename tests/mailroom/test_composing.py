"""A mail's words: from the theme, one line where one line belongs, and nothing of anybody else's to follow or load."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail

from coranto.mailroom import operations
from coranto.mailroom.kinds import SITE, Kind, kind_named, register
from coranto.mailroom.models import Mail
from coranto.mailroom.operations.composing import write_message, write_words
from coranto.mailroom.rules.addresses import BadAddress, check_address
from coranto.mailroom.rules.links import without_foreign_links, without_foreign_words
from coranto.masthead.models import Publication

ORIGIN = "https://news.example"


@pytest.mark.django_db
def test_a_mail_has_text_and_html_from_the_theme(write):
    Publication(name="The Lantern").save()
    mail = write()
    message = message_from_bytes(mail.source, policy=policy.default)

    assert mail.subject == message["Subject"] == "A trial mail from The Lantern"
    assert message["From"] == "The Lantern <post@localhost>"
    assert message["To"] == "ada@reader.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert mail.text.startswith("This is what a mail from The Lantern looks like.")
    assert 'style="' in mail.html
    assert "<style" not in mail.html


@pytest.mark.django_db
def test_a_mail_speaks_the_language_it_is_told_or_the_publications(write):
    Publication(name="The Lantern", language="ar").save()

    assert '<html lang="ar" dir="rtl">' in write().html
    assert '<html lang="de" dir="ltr">' in write(language="de").html


@pytest.mark.django_db
def test_every_line_fits_and_is_ascii(write):
    Publication(name="Die Läterne " * 8, legal_lines="ä" * 3000).save()
    source = write().source

    assert source.isascii()
    assert max(map(len, source.split(b"\r\n"))) <= 998
    assert b"\n" not in source.replace(b"\r\n", b"")


@pytest.mark.django_db
def test_a_letter_can_be_stopped_by_one_click(write, settings):
    message = message_from_bytes(write(one_click_url=f"{settings.ORIGIN}/stop/abc").source, policy=policy.default)

    assert message["List-Unsubscribe"] == f"<{settings.ORIGIN}/stop/abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.django_db
def test_the_same_key_writes_once(write):
    first = write(key="welcome:7")

    assert write("kim@reader.example", key="welcome:7") == first
    assert Mail.objects.count() == 1
    assert write(key="welcome:8") != first


@pytest.mark.django_db(transaction=True)
def test_of_two_with_the_same_key_at_once_one_is_written(write, monkeypatch):
    first = write(key="welcome:7")
    # The other has not committed yet when this one looks.
    monkeypatch.setattr(Mail.objects, "filter", lambda **_: Mail.objects.none())

    assert write(key="welcome:7") == first


@pytest.mark.parametrize(
    ("typed", "sent_to"),
    [
        ("ada@reader.example", "ada@reader.example"),
        (" Ada.Lovelace+news@Reader.Example ", "Ada.Lovelace+news@reader.example"),
        ("ada@läser.example", "ada@xn--lser-loa.example"),
        ("ada@localhost", "ada@localhost"),
    ],
)
def test_addresses_we_write_to(typed, sent_to):
    assert check_address(typed) == sent_to


@pytest.mark.parametrize(
    "typed",
    [
        "", "ada", "@reader.example", "ada@", "ada@reader", "a da@reader.example", '"a da"@reader.example',
        "ada@reader.example\n", "ada@reader.example\r\nBcc: kim@reader.example", "ada\x00@reader.example",
        "ada@reader.example,kim@reader.example", "ada@reader.example>", "<ada@reader.example>", "ada@[127.0.0.1]",
        "ada@127.0.0.1", "ädа@reader.example", "ada@@reader.example", "ada@reader..example", "ada@-reader.example",
        ".ada@reader.example", "a" * 65 + "@reader.example", "ada@" + "r" * 64 + ".example", "ada@" + "r.example." * 30,
        "ada@reader.example\u2028x", "ada@reader。example\n",
    ],
)  # fmt: skip
def test_addresses_nothing_is_sent_to(typed):
    with pytest.raises(BadAddress, match="no e-mail address we can write to"):
        check_address(typed)


# What is not ours ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "foreign",
    [
        '<a href="https://evil.example/">x</a>',
        '<a href="//evil.example/">x</a>',
        '<a href="https://news.example.evil.example/">x</a>',
        '<a href="https://news.example@evil.example/">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<A HREF=" https://evil.example">x</A>',
        '<img src="https://evil.example/pixel.gif">',
        '<img srcset="https://evil.example/pixel.gif 1x" src="https://news.example/logo.png">',
        '<p background="https://evil.example/x.png">x</p>',
        '<video poster="https://evil.example/x.png"></video>',
        '<iframe src="https://evil.example/"></iframe>',
        '<link rel="stylesheet" href="https://evil.example/x.css">',
        '<base href="https://evil.example/">',
        '<form action="https://evil.example/"><button formaction="https://evil.example/">x</button></form>',
        '<meta http-equiv="refresh" content="0; https://evil.example/">',
        '<svg><image href="https://evil.example/x.png"/></svg>',
        "<p>See https://evil.example/ for more</p>",
        "<p>See www.evil.example for more</p>",
        "<p>See evil.example/offer for more</p>",
        "<p><b>x</b>HTTPS://evil.example/</p>",
    ],
)
def test_nothing_leads_elsewhere_or_is_loaded_from_there(foreign):
    html = without_foreign_links(f"<html><body>{foreign}</body></html>", origin=ORIGIN)

    assert "evil.example" not in html
    assert "javascript:" not in html


def test_what_is_ours_stays():
    body = '<p><a href="https://news.example/a?b=1#c">Read</a> <img src="https://news.example/logo.png"></p>'

    assert body in without_foreign_links(f"<html><body>{body}</body></html>", origin=ORIGIN)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("https://news.example/article", "https://news.example/article"),
        ("Look: https://evil.example/x?y=1.", "Look: evil[.]example/x?y=1."),
        ("http://news.example.evil.example/", "news[.]example[.]evil[.]example/"),
        ("ftp://evil.example", "evil[.]example"),
        ("www.evil.example", "www[.]evil[.]example"),
        ("i.e. this, and 3.5 or README.md", "i.e. this, and 3.5 or README.md"),
        ("write to ada@reader.example", "write to ada@reader.example"),
        ("either/or", "either/or"),
        ("http://a.b/http://evil.example/x", "a[.]b/http[:]//evil[.]example/x"),
        ("https://a.b/?u=https://evil.example/x", "a[.]b/?u=https[:]//evil[.]example/x"),
        ("_http://evil.example", "_evil[.]example"),
        ("https://news.example/x)https://evil.example/", "https://news.example/x)evil[.]example/"),
        ("https://news.example/x,y.z/a.html", "https://news.example/x,y.z/a.html"),
        ("https://news.example/a.html?b=c.d#e.f", "https://news.example/a.html?b=c.d#e.f"),
        ("See evil.example!", "See evil[.]example!"),
        ("(evil.example)", "(evil[.]example)"),
        ("a_b.evil.example/x", "a_b[.]evil[.]example/x"),
        ("_evil.example_", "_evil[.]example_"),
        ("bücher.example/x", "bücher[.]example/x"),
        ("bücher.xn--p1ai", "bücher[.]xn--p1ai"),
        ("/evil.example", "/evil[.]example"),
        ("..evil.example", "..evil[.]example"),
        ("evil。example", "evil[.]example"),
        ("1.2.3.4/x", "1[.]2[.]3[.]4/x"),
        ("version 1.2.3.4", "version 1.2.3.4"),
        ("https:evil.example", "https:evil[.]example"),
        ("Read it at https://news.example.", "Read it at https://news.example."),
        ("News.example says:", "News.example says:"),
        ("news.example and www.news.example/x", "news.example and www.news.example/x"),
        ("z. B. am 3.5. um 5.30 Uhr ... e.g. here", "z. B. am 3.5. um 5.30 Uhr ... e.g. here"),
        ("first.last+news.paper@reader.example", "first.last+news.paper@reader.example"),
        ("CHANGELOG.md, but evil.md", "CHANGELOG.md, but evil[.]md"),
    ],
)
def test_addresses_in_text_are_words_alone(said, written):
    assert without_foreign_words(said, origin=ORIGIN) == written


@pytest.mark.parametrize("words", ["https://news.example/(" * 5_000, "a" * 50_000, "a-" * 20_000])
def test_long_words_are_looked_through_to_their_end(words):
    assert without_foreign_words(words, origin=ORIGIN) == words


# Django's own way ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_mail_sent_by_djangos_means_becomes_rows(mails):
    assert send_mail("Reset", "Your link", None, ["ada@reader.example", "Kim <kim@reader.example>"]) == 1

    assert [(mail.to, mail.subject, mail.text, mail.kind) for mail in mails] == [
        ("ada@reader.example", "Reset", "Your link", SITE),
        ("kim@reader.example", "Reset", "Your link", SITE),
    ]


@pytest.mark.django_db
def test_attachments_hidden_recipients_and_kinds_are_kept(mails, kind_of):
    kind_of("some.kind")
    message = EmailMultiAlternatives(
        "Report", "See below", "desk@news.example", ["ada@reader.example"], bcc=["boss@news.example"],
        headers={"X-Coranto-Kind": "some.kind"},
    )  # fmt: skip
    message.attach_alternative("<p>See below</p>", "text/html")
    message.attach("figures.csv", "a;b", "text/csv")
    message.send()

    assert [(mail.to, mail.kind) for mail in mails] == [
        ("ada@reader.example", "some.kind"),
        ("boss@news.example", "some.kind"),
    ]
    for mail in mails:
        assert b"figures.csv" in mail.source
        assert b"boss@" not in mail.source
        assert b"X-Coranto-Kind" not in mail.source
        assert mail.html.strip() == "<p>See below</p>"


@pytest.mark.django_db
def test_a_subject_longer_than_the_row_is_cut_in_the_row_alone(mails):
    send_mail("x" * 400, "", None, ["ada@reader.example"])

    assert mails[0].subject == "x" * 300
    assert mails[0].source.replace(b"\r\n ", b" ").count(b"x") >= 390


# Kinds ---------------------------------------------------------------------------------------------------------


def test_a_kind_is_named_once(kind_of):
    kind_of("a.kind")
    register(Kind(name="a.kind", label="a.kind"))  # the very same

    with pytest.raises(ValueError, match="already"):
        register(Kind(name="a.kind", label="Another"))
    with pytest.raises(LookupError):
        kind_named("nobody's")


@pytest.mark.django_db
def test_a_mail_of_an_unknown_kind_is_not_written(write):
    with pytest.raises(LookupError):
        write(kind="nobody's")


@pytest.mark.django_db
def test_words_elsewhere_are_kept_where_the_kind_says_so(kind_of):
    words = write_words(template="trial", context={"origin": "https://elsewhere.example"}, links_elsewhere=True)

    assert 'href="https://elsewhere.example/"' in words.html
    assert write_message(to="a@b.example", words=words, now=operations.queueing.clock.now()).source
