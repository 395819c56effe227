"""What editors open all day asks the database the same number of questions in a small newsroom and in a large one."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coranto.newsroom import operations

pytestmark = pytest.mark.django_db

# SQLite is asked how many would be found before they are counted and ranked; PostgreSQL has the sessions in the same database.
RANKING, SESSION = (2, 0) if connection.vendor == "sqlite" else (0, 1)


@pytest.fixture
def fill(city, ada_thorne, noon, run_tasks):
    """So many articles in the city section; returns the last of them."""

    def fill(count):
        drafts = [
            operations.ArticleDraft(
                headline=f"Tram number {n}",
                slug=f"tram-{n}",
                section=city,
                body=[{"type": "paragraph", "value": f"<p>Tram {n} is late.</p>"}],
                first_published_at=noon,
                authors=[ada_thorne],
            )
            for n in range(count)
        ]
        return operations.store_articles(drafts=drafts, by=None, now=noon)[-1]

    return fill


@pytest.fixture
def queries(sign_in, cora):
    """How many a screen takes, the second time it is opened; and that it is a screen."""
    client = sign_in(cora)

    def queries(address, **asked):
        client.get(address, asked)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address, asked)
        assert response.status_code == 200
        return len(captured)

    return queries


@pytest.mark.parametrize("count", [3, 60])
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/admin/", 19),
        ("/admin/desk/", 17),
        ("/admin/calendar/", 12),
        ("/admin/pages/{section}/", 30),
        ("/admin/pages/{article}/edit/", 61),
        ("/admin/pages/add/newsroom/article/{section}/", 25),
        ("/admin/pages/{article}/history/", 15),
    ],
)
def test_screen_takes_a_fixed_number_of_queries(queries, fill, city, address, expected, count):
    article = fill(count)
    assert queries(address.format(section=city.pk, article=article.pk)) == expected + SESSION


# A page of the chooser has twenty-five rows, each of which asks for its parent.
@pytest.mark.parametrize("count", [30, 60])
def test_chooser_takes_a_fixed_number_of_queries(queries, fill, city, count):
    fill(count)
    assert queries(f"/admin/choose-page/{city.pk}/", page_type="newsroom.article") == 43 + SESSION


@pytest.mark.parametrize("count", [30, 60])
def test_search_in_the_chooser_takes_a_fixed_number_of_queries(queries, fill, count):
    fill(count)
    assert queries("/admin/choose-page/search/", q="tram", page_type="newsroom.article") == 35 + RANKING + SESSION


def test_chooser_begins_with_what_was_touched_last(sign_in, cora, city, write, noon, time_machine):
    first = write("Touched last")
    write("Written last")
    time_machine.move_to(noon.replace(hour=13), tick=False)
    first.save_revision()
    page = sign_in(cora).get(f"/admin/choose-page/{city.pk}/", {"page_type": "newsroom.article"}).json()["html"]
    assert re.findall("(Touched last|Written last)", page)[0] == "Touched last"
