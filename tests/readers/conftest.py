from __future__ import annotations

import re
import time

import pytest

PASSWORD = "a long enough secret"


@pytest.fixture
def ada(db):
    """A reader: no password, no second factor."""
    from coranto.masthead.models import Account

    account = Account.objects.create_user("ada@reader.example")
    account.set_unusable_password()
    account.save()
    return account


@pytest.fixture
def cora(db):
    """Staff, with a password and nothing else."""
    from coranto.masthead.models import Account

    return Account.objects.create_superuser("cora@lantern.example", PASSWORD)


@pytest.fixture
def sent(db):
    """A function: the mails to somebody, oldest first, each as its whole text."""
    from coranto.mailroom.models import Mail

    def sent(address):
        return [text_of(mail) for mail in Mail.objects.filter(to=address).order_by("pk")]

    return sent


def text_of(mail):
    import email
    import email.policy

    message = email.message_from_bytes(mail.source, policy=email.policy.default)
    return f"{message['subject']}\n{message.get_body(('plain',)).get_content()}"


CODE = re.compile(r"\b[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}\b")


@pytest.fixture
def code(sent):
    """A function: the code in the newest mail to somebody."""

    def code(address):
        return CODE.findall(sent(address)[-1])[0]

    return code


@pytest.fixture
def totp():
    """A function: the code an authenticator app shows now for this secret."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    def totp(secret, *, at=None):
        return format_hotp_value(hotp_value(secret, int((at or time.time()) // 30)))

    return totp


@pytest.fixture
def with_app(db):
    """A function that gives an account an authenticator app; its secret."""
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator

    def enrol(account, secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"):
        Authenticator.objects.create(
            user=account, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(secret)}
        )
        return secret

    return enrol


@pytest.fixture
def enter():
    """A function that has an account signed in, as if it had typed a code just now."""

    def enter(client, account, method="code", **more):
        from allauth.account.internal.flows.login import record_authentication
        from django.http import HttpRequest

        client.force_login(account, second_factor=False)
        request = HttpRequest()
        request.session = client.session
        record_authentication(request, account, method, **more)
        request.session.save()

    return enter
