"""How long mails and their words stay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coranto.kit import clock
from coranto.mailroom import operations
from coranto.mailroom.models import Mail

pytestmark = pytest.mark.django_db


def test_what_was_not_sent_in_time_expires(write):
    mail = write()

    assert operations.expire_mails(now=clock.now() + timedelta(days=2)) == 0
    assert operations.expire_mails(now=clock.now() + timedelta(days=4)) == 1
    mail.refresh_from_db()
    assert (mail.state, [each.what for each in mail.trail.all()]) == ("expired", ["expired"])
    assert mail.source


@pytest.mark.parametrize("state", ["refused", "unknown", "suppressed", "queued"])
def test_no_secret_outlives_its_time(write, kind_of, state):
    mail = write(kind=kind_of("code", is_secret=True, expires_after=timedelta(minutes=15)))
    Mail.objects.update(state=state)
    operations.expire_mails(now=clock.now() + timedelta(minutes=14))
    mail.refresh_from_db()
    assert mail.source
    operations.expire_mails(now=clock.now() + timedelta(minutes=16))
    mail.refresh_from_db()
    assert mail.source == b""


def test_old_mails_go_with_their_files(by_outbox, write, carry, kind_of):
    write(kind=kind_of("short", keep=timedelta(days=5)))
    carry()
    assert len(list(by_outbox.iterdir())) == 1

    assert operations.prune_mails(now=clock.now() + timedelta(days=7)) == 0
    assert operations.prune_mails(now=clock.now() + timedelta(days=9)) == 1
    assert not Mail.objects.exists()
    assert list(by_outbox.iterdir()) == []


def test_what_waits_is_never_pruned(write):
    write()

    assert operations.prune_mails(now=clock.now() + timedelta(days=900)) == 0


def test_a_code_leaves_the_outbox_when_its_time_is_over(by_outbox, write, carry, kind_of):
    code = write(kind=kind_of("code", is_secret=True, expires_after=timedelta(minutes=15)))
    kept = write(kind=kind_of("notice", expires_after=timedelta(minutes=15)))
    assert carry() == ["sent", "sent"]

    operations.expire_mails(now=clock.now() + timedelta(minutes=14))
    assert len(list(by_outbox.iterdir())) == 2
    operations.expire_mails(now=clock.now() + timedelta(minutes=16))
    assert [each.name for each in by_outbox.iterdir()] == [f"{kept.pk:09d}.eml"]
    assert list(Mail.objects.order_by("pk").values_list("pk", "reply")) == [
        (code.pk, ""),
        (kept.pk, f"{kept.pk:09d}.eml"),
    ]
