"""No address of the admin answers anything but the second factor to somebody who has shown one thing alone."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

pytestmark = pytest.mark.django_db

ASKED = "/account/second-factor/?next="
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
PASSWORD = "a long enough secret"
EXAMPLES = {"int": "1", "slug": "word", "str": "word", "path": "a/b", "uuid": "5d1d3b1e-0d3e-4a10-9c3c-0d2f3a6b7c8d"}


def admin_paths():
    """Every pattern below /admin/, with something in its places; one that is a regular expression, by its start."""
    found = set()

    def walk(patterns, before):
        for each in patterns:
            part = each.pattern
            if isinstance(part, RoutePattern):
                path = before + filled(part)
            else:
                path = before + str(part).lstrip("^").rstrip("$").partition("(")[0].replace("\\", "")
            if isinstance(each, URLResolver):
                walk(each.url_patterns, path)
            elif isinstance(each, URLPattern):
                found.add(path)

    walk(get_resolver().url_patterns, "/")
    return sorted(path for path in found if path.startswith("/admin/"))


def filled(part):
    path = str(part)
    for name in part.converters:
        kind = next((key for key in EXAMPLES if f"<{key}:{name}>" in path), "str")
        path = path.replace(f"<{kind}:{name}>", EXAMPLES[kind]).replace(f"<{name}>", EXAMPLES["str"])
    return path


@pytest.fixture
def cora():
    from coranto.masthead.models import Account

    return Account.objects.create_superuser("cora@lantern.example", PASSWORD)


@pytest.fixture
def noa():
    """Staff by a group alone."""
    from django.contrib.auth.models import Group, Permission

    from coranto.masthead.models import Account

    account = Account.objects.create_user("noa@lantern.example", PASSWORD)
    group = Group.objects.create(name="Anything with a door")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    account.groups.add(group)
    return account


def enrol(account):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "x"})


def refused(client, paths, methods):
    """What answered anything else; a session of the client's is as it was."""
    return [
        (method, path, response.status_code)
        for path, method in product(paths, methods)
        if not is_asked(response := getattr(client, method)(path))
    ]


def is_asked(response):
    return response.status_code == 302 and response["Location"].startswith(ASKED) and not response.content


def test_the_sweep_is_of_the_whole_admin():
    paths = admin_paths()
    assert len(paths) > 250
    assert {
        "/admin/",
        "/admin/login/",
        "/admin/logout/",
        "/admin/pages/1/edit/",
        "/admin/users/",
        "/admin/staff/",
    } <= set(paths)


def test_password_alone_opens_no_address_by_any_method(cora):
    client = Client()
    client.post("/admin/login/", {"username": cora.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(cora.pk)
    assert refused(client, admin_paths(), METHODS) == []


def test_session_older_than_the_factor_opens_nothing(noa):
    client = Client()
    client.force_login(noa, second_factor=False)
    enrol(noa)
    assert refused(client, admin_paths(), ("get", "post")) == []


def test_reader_who_becomes_staff_shows_the_factor_at_once():
    from coranto.masthead.models import Account

    ada = Account.objects.create_user("ada@reader.example", PASSWORD)
    client = Client()
    client.force_login(ada, second_factor=False)
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    Account.objects.filter(pk=ada.pk).update(is_superuser=True, is_staff=True)
    assert refused(client, admin_paths(), ("get",)) == []


def test_factor_of_one_account_is_none_of_another(cora, noa):
    client = Client()
    client.force_login(cora)
    kept = {name: value for name, value in client.session.items() if name.startswith("account_")}
    client.force_login(noa, second_factor=False)
    session = client.session
    session.update(kept)
    session.save()
    assert refused(client, ("/admin/", "/admin/pages/"), METHODS) == []


@pytest.mark.parametrize("way", ["welcome", "setup", "password reset", "code"])
def test_whatever_way_somebody_comes_the_factor_is_asked_for(cora, noa, way):
    from coranto.mailroom.models import Mail

    client = Client()
    if way == "welcome":
        from coranto.desk.operations.people import welcome_path

        noa.set_unusable_password()
        noa.save()
        opened = client.get(welcome_path(account=noa))["Location"]
        client.post(opened, {"new_password1": "quite another secret", "new_password2": "quite another secret"})
    elif way == "setup":
        from coranto.kit import clock
        from coranto.masthead.operations import create_setup_link_if_needed

        cora.delete()
        path = create_setup_link_if_needed(now=clock.now())
        form = {"publication_name": "The Lantern", "language": "en", "time_zone": "UTC"}
        client.post(path, {**form, "email": "eva@lantern.example", "password": PASSWORD})
    else:
        start = "/account/password/reset/" if way == "password reset" else "/account/login/"
        client.post(start, {"email": noa.email, "username": noa.email})
        text = Mail.objects.get(to=noa.email).source.decode()
        code = re.search(r"[B-Z]{4}-[B-Z]{4}", text)[0]
        if way == "code":
            client.post("/account/login/code/confirm/", {"code": code})
        else:
            client.post("/account/password/reset/confirm/", {"code": code})
            form = {"password1": "quite another secret", "password2": "quite another secret"}
            client.post("/account/password/reset/complete/", form)
            client.post("/account/login/", {"username": noa.email, "password": "quite another secret"})
    assert "_auth_user_id" in client.session
    assert refused(client, ("/admin/", "/admin/pages/", "/admin/users/"), METHODS) == []


def test_there_is_no_other_door():
    """No admin of Django's, no API outside Wagtail's admin, no password reset of Wagtail's."""
    for path in ("/django-admin/", "/api/v2/pages/", "/api/v3/pages/", "/admin/api/v3/", "/admin/password_reset/"):
        for method in METHODS:
            assert getattr(Client(), method)(path).status_code in {302, 403, 404, 405}, (method, path)
    for header in ("Bearer anything", "Token anything", "Basic Y29yYTpzZWNyZXQ="):
        response = Client().get("/admin/api/main/pages/", HTTP_AUTHORIZATION=header)
        assert response.status_code in {302, 403}
