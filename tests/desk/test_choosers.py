"""Choosing an article to link to, by browsing and by searching."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db

BROWSE = "/admin/choose-page/"
SEARCH = "/admin/choose-page/search/"


@pytest.fixture
def headlines(client, cast, run_tasks):
    cast.write("Trams return", by=cast.noa, publish=True)
    cast.write("Trams planned", by=cast.noa)
    cast.write("Trams by Dov", by=cast.dov)

    run_tasks()

    def headlines(account, address, **asked):
        client.force_login(account)
        answer = client.get(address, {"page_type": "newsroom.article", **asked})
        assert answer.status_code == 200
        return {each for each in ("Trams return", "Trams planned", "Trams by Dov") if each in answer.content.decode()}

    return headlines


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("dov", {"Trams return", "Trams by Dov"}),
        ("noa", {"Trams return", "Trams planned", "Trams by Dov"}),
        ("kai", {"Trams return"}),
    ],
)
def test_search_offers_what_is_public_and_what_one_may_see(cast, headlines, name, found):
    assert headlines(getattr(cast, name), SEARCH, q="trams") == found


def test_browsing_hides_what_searching_hides(cast, headlines):
    assert headlines(cast.dov, f"{BROWSE}{cast.city.pk}/") == {"Trams return", "Trams by Dov"}
