"""Mail through a provider's API: its answers become the same verdicts as a server's."""

from __future__ import annotations

import json

import pytest
import requests

from coranto.kit import clock
from coranto.mailroom import operations
from coranto.mailroom.models import Mail
from coranto.mailroom.rules.servers import read_server
from coranto.mailroom.transports import Parcel, Unavailable
from coranto.mailroom.transports.opening import open_transport
from coranto.mailroom.transports.provider import as_django_message

pytestmark = pytest.mark.django_db


class Api:
    status, body, error = 200, {"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": "ada@reader.example"}, None


@pytest.fixture
def api(settings, monkeypatch):
    """Postmark's API, as far as `requests` is concerned."""
    settings.MAIL_SERVER = read_server("anymail+postmark://?server_token=x")
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "x", "IGNORE_RECIPIENT_STATUS": True}
    asked = []

    class Answering(Api):
        def send(self, request, **_more):
            asked.append(request)
            if self.error:
                raise self.error
            response = requests.Response()
            response.status_code, response.request = self.status, request
            response._content = json.dumps(self.body).encode()
            return response

    one = Answering()
    one.asked = asked
    monkeypatch.setattr(requests.Session, "send", one.send)
    return one


@pytest.fixture
def deliver(write):
    def send(**more):
        mail = write(**more)
        [claim] = operations.claim_mails(worker="wren", now=clock.now(), limit=10)
        operations.deliver_mail(claim=claim, transport=open_transport())
        mail.refresh_from_db()
        return mail

    return send


def test_a_mail_is_handed_to_the_provider_and_its_number_kept(api, deliver, settings):
    mail = deliver(one_click_url=f"{settings.ORIGIN}/stop/1")

    assert (mail.state, mail.provider_id, mail.transport) == ("sent", "pm-1", "anymail postmark")

    said = json.loads(api.asked[0].body)
    assert said["To"] == "ada@reader.example"
    assert said["Subject"] == mail.subject
    assert said["TextBody"] == mail.text
    assert said["HtmlBody"] == mail.html
    headers = {each["Name"]: each["Value"] for each in said["Headers"]}
    assert headers["Message-ID"] == mail.message_id
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("status", "state"), [(422, "refused"), (429, "queued"), (503, "queued"), (500, "unknown"), (502, "unknown")]
)
def test_an_answer_that_says_no_is_told_from_one_that_leaves_it_open(api, deliver, status, state):
    api.status, api.body = status, {"ErrorCode": 1, "Message": "No"}

    assert deliver().state == state


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_token_that_is_refused_blames_no_mail_and_loses_none(api, deliver, status):
    api.status, api.body = status, {"ErrorCode": 10, "Message": "No such token"}

    with pytest.raises(Unavailable, match=str(status)):
        deliver()

    mail = Mail.objects.get()
    assert (mail.state, mail.attempts, mail.handed_at, mail.leased_until) == ("queued", 0, None, None)
    assert str(status) in mail.reply
    api.status, api.body = Api.status, Api.body
    [claim] = operations.claim_mails(worker="wren", now=clock.now(), limit=10)
    assert operations.deliver_mail(claim=claim, transport=open_transport()).state == "sent"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (requests.exceptions.ConnectTimeout("too slow"), "queued"),
        (requests.exceptions.ReadTimeout("no answer"), "unknown"),
        (requests.exceptions.ConnectionError("reset"), "unknown"),
    ],
)
def test_a_connection_that_breaks_leaves_it_open(api, deliver, error, state):
    api.error = error

    assert deliver().state == state


def test_attachments_and_answers_to_are_handed_on(mails):
    from django.core.mail import EmailMessage

    message = EmailMessage("Report", "See below", None, ["ada@reader.example"], reply_to=["desk@news.example"])
    message.attach("figures.csv", "a;b", "text/csv")
    message.send()
    again = as_django_message(Parcel(number=1, sender="a@b.example", to="ada@reader.example", source=mails[0].source))

    assert again.reply_to == ["desk@news.example"]
    assert [(each.filename, each.content, each.mimetype) for each in again.attachments] == [
        ("figures.csv", "a;b", "text/csv")
    ]
