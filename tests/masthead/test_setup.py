from __future__ import annotations

import pytest

from coranto.kit import clock
from coranto.masthead import operations
from coranto.masthead.models import Account, Publication, SetupLink

pytestmark = pytest.mark.django_db

ANSWERS = {
    "publication_name": "The Estuary Lantern",
    "language": "de",
    "time_zone": "Europe/Berlin",
    "email": "Cora@Lantern.example",
    "password": "a long enough secret",
}


@pytest.fixture
def link():
    return operations.create_setup_link_if_needed(now=clock.now())


def test_link_makes_the_first_administrator_and_names_the_publication(client, link):
    assert client.get(link).status_code == 200
    response = client.post(link, ANSWERS)
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    account = Account.objects.get()
    assert (account.email, account.is_superuser, account.is_staff) == ("cora@lantern.example", True, True)
    publication = Publication.objects.get()
    assert (publication.name, publication.language) == ("The Estuary Lantern", "de")
    assert client.get("/admin/")["Location"].startswith("/account/second-factor/")


def test_link_works_once(client, link):
    client.post(link, ANSWERS)
    assert client.get(link).status_code == 404
    assert client.post(link, {**ANSWERS, "email": "dov@elsewhere.example"}).status_code == 404
    assert Account.objects.count() == 1


def test_link_made_later_replaces_the_one_before(client, link):
    second = operations.create_setup_link_if_needed(now=clock.now())
    assert client.get(link).status_code == 404
    assert client.get(second).status_code == 200


def test_site_with_an_administrator_makes_no_link(cora):
    assert operations.create_setup_link_if_needed(now=clock.now()) is None


def test_link_that_was_never_used_is_dead_once_there_is_an_administrator(client, link):
    Account.objects.create_superuser("cora@lantern.example", "a long enough secret")
    assert client.get(link).status_code == 404
    assert client.post(link, ANSWERS).status_code == 404
    operations.create_setup_link_if_needed(now=clock.now())
    assert not SetupLink.objects.filter(used_at=None).exists()


def test_link_is_not_stored_so_that_reading_the_database_opens_nothing(link):
    token = link.strip("/").rsplit("/", 1)[1]
    assert token not in str(SetupLink.objects.values())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "short"),
        ("password", "password1234"),
        ("email", "nobody"),
        ("time_zone", "Atlantis/Centre"),
        ("language", "tlh"),
        ("publication_name", ""),
    ],
)
def test_wrong_answer_is_named_and_the_others_stay_in_the_form(client, link, field, value):
    response = client.post(link, {**ANSWERS, field: value})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    if field != "publication_name":
        assert "The Estuary Lantern" in response.text
    assert ANSWERS["password"] not in response.text
    assert not Account.objects.exists()


def test_guessed_link_is_not_found(client):
    assert client.get("/-/setup/guess/").status_code == 404
