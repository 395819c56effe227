from __future__ import annotations

from datetime import timedelta

import pytest

from coranto.kit import clock

pytestmark = pytest.mark.django_db


def sign_in(client, password, email="cora@lantern.example", **headers):
    return client.post("/admin/login/", {"username": email, "password": password}, **headers)


def test_editor_signs_in_with_her_address_however_she_types_it(client, cora):
    assert sign_in(client, "a long enough secret", "Cora@LANTERN.example")["Location"] == "/admin/"
    assert client.get("/admin/")["Location"].startswith("/account/second-factor/")


def test_guessing_ends_after_ten_attempts_even_with_the_right_password(client, cora, time_machine):
    for _ in range(10):
        assert sign_in(client, "wrong").status_code == 200
    response = sign_in(client, "a long enough secret")
    assert response.status_code == 429
    assert "Too many attempts" in response.text
    time_machine.move_to(clock.now() + timedelta(minutes=11))
    assert sign_in(client, "a long enough secret").status_code == 302


def test_many_addresses_guessing_one_account_are_counted_together(client, cora):
    for number in range(10):
        sign_in(client, "wrong", REMOTE_ADDR=f"192.0.2.{number}")
    assert sign_in(client, "a long enough secret", REMOTE_ADDR="192.0.2.99").status_code == 429


def test_forwarded_header_from_a_stranger_does_not_make_a_new_visitor(client, cora):
    for number in range(30):
        sign_in(client, "wrong", f"x{number}@x.example", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    response = sign_in(client, "a long enough secret", HTTP_X_FORWARDED_FOR="192.0.2.99")
    assert response.status_code == 429


def test_account_that_is_not_staff_does_not_enter_the_admin(client, cora):
    from coranto.masthead.models import Account

    Account.objects.create_user("dov@elsewhere.example", "another long secret")
    sign_in(client, "another long secret", "dov@elsewhere.example")
    assert client.get("/admin/").status_code != 200


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/admin/images/", "/admin/users/", "/admin/reports/"])
def test_admin_asks_strangers_to_sign_in(client, path):
    response = client.get(path, follow=True)
    assert response.redirect_chain[-1][0].startswith("/admin/login/")
