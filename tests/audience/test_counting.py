"""What counts as a view and what does not, told as a page tells it."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import crawleruseragents
import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coranto.audience import operations, queries
from coranto.audience.models import Crowd, DayAgent, RunningViews, Visit
from coranto.audience.queries.views import counted_views
from coranto.audience.rules import MOST_FROM_ONE_ADDRESS, Referrer
from coranto.delivery.rules.surrogate import CAPABILITY
from coranto.masthead.models import Account

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, 20, tzinfo=UTC)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def shown(article) -> int:
    return queries.shown_views([article.pk])[article.pk]


def test_answer_carries_the_fresh_number(article, see):
    first, second = see(article), see(article, address="203.0.113.8")

    assert first.json() == {"views": {str(article.pk): 1}, "shown": {str(article.pk): "1"}}
    assert second.json()["views"] == {str(article.pk): 2}


def test_answer_is_for_nobody_else_and_leaves_no_cookie(article, see):
    answer = see(article)

    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert "Surrogate-Control" not in answer


def test_reload_adds_nothing(article, see, left_out):
    answers = [see(article).json()["views"][str(article.pk)] for _ in range(100)]

    assert answers == [1] * 100
    assert left_out() == {"repeated": 99}


def test_visitor_is_an_address_and_an_agent(article, see):
    see(article)
    see(article, agent=CHROME)
    see(article, address="203.0.113.8")
    see(article, address="203.0.113.8", agent=CHROME)

    assert shown(article) == 4


def test_addresses_of_one_household_are_one_visitor(article, see):
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"):
        see(article, address=address)

    assert shown(article) == 2


def test_same_visitor_counts_again_for_another_article_and_on_another_day(make_article, see, time_machine):
    trams, ferries = make_article("Trams"), make_article("Ferries")
    see(trams)
    see(ferries)
    time_machine.shift(timedelta(days=1))
    see(trams)

    assert (shown(trams), shown(ferries)) == (2, 1)


def test_day_changes_at_midnight_utc(article, see, time_machine):
    for moment in (datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC), datetime(2026, 3, 3, 0, 0, 0, tzinfo=UTC)):
        time_machine.move_to(moment, tick=False)
        see(article)
        see(article)

    assert shown(article) == 2


def test_bots_are_written_down_and_left_out(article, see, left_out):
    answer = see(article, agent=GOOGLEBOT)

    assert answer.json()["views"] == {str(article.pk): 0}
    assert left_out() == {"bots": 1}
    assert RunningViews.objects.get().views == 1


def test_all_known_bots_add_nothing(article, left_out, monkeypatch):
    monkeypatch.setattr(operations.counting, "flush_soon", lambda: None)
    samples = sorted({each for bot in crawleruseragents.CRAWLER_USER_AGENTS_DATA for each in bot["instances"]})
    for number, agent in enumerate(samples):
        address = f"198.51.{number // 200}.{number % 200}"
        report = operations.Report(article_id=article.pk, address=address, agent=agent, referrer=Referrer.DIRECT)
        operations.count_view(report=report, now=NOON)
    operations.flush_views()

    assert len(samples) > 2000
    assert shown(article) == 0
    assert sum(left_out().values()) == len(samples)


@pytest.mark.parametrize("agent", ["", "-", "Mozilla/5.0", " " * 40, "\x00" * 40])
def test_who_does_not_say_what_they_are_adds_nothing(article, see, left_out, agent):
    assert see(article, agent=agent).json()["views"] == {str(article.pk): 0}
    assert left_out() == {"nameless": 1}
    assert not RunningViews.objects.exists()


@pytest.mark.parametrize(
    "header",
    [
        {"HTTP_SEC_PURPOSE": "prefetch"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "prefetch"},
        {"HTTP_X_MOZ": "prefetch"},
    ],
)
def test_loading_ahead_adds_nothing(article, see, left_out, header):
    assert see(article, **header).json()["views"] == {str(article.pk): 0}
    assert left_out() == {"prefetch": 1}


def test_staff_add_nothing_while_they_are_signed_in(article, see, left_out):
    client = Client()
    client.force_login(Account.objects.create_superuser("cora@lantern.example", "a long enough secret"))

    see(article, client=client)
    see(article, client=Client(), HTTP_COOKIE="coranto_session=somebody-made-this-up", address="203.0.113.9")

    assert left_out() == {"staff": 1}
    assert shown(article) == 1


def test_who_has_an_account_but_is_no_staff_is_a_reader(article, see):
    client = Client()
    client.force_login(Account.objects.create_user("dov@elsewhere.example", "another long secret"))
    see(article, client=client)

    assert shown(article) == 1


def test_changing_agents_from_one_address_comes_to_an_end(make_article, see, left_out):
    trams, ferries = make_article("Trams"), make_article("Ferries")
    for number in range(MOST_FROM_ONE_ADDRESS + 5):
        see(trams, agent=f"{CHROME} {number}")
    see(ferries, agent=f"{CHROME} 1")
    see(trams, address="203.0.113.8")

    assert shown(trams) == MOST_FROM_ONE_ADDRESS + 1
    assert shown(ferries) == 1
    assert left_out() == {"crowded": 5}


def test_who_makes_up_one_browser_after_another_fills_no_table(article, see, left_out):
    for number in range(3 * MOST_FROM_ONE_ADDRESS):
        see(article, agent=f"{CHROME} {number}")

    assert Visit.objects.filter(article_id=article.pk).count() == MOST_FROM_ONE_ADDRESS
    assert left_out() == {"crowded": 2 * MOST_FROM_ONE_ADDRESS}


@pytest.mark.parametrize(
    ("language", "number"), [("en", "1,235"), ("de", "1.235"), ("", "1,235"), ("x" * 40, "1,235"), ("de\0", "1,235")]
)
def test_number_is_written_as_its_page_writes_numbers(article, see, language, number):
    operations.record_views(article_id=article.pk, hour=NOON - timedelta(days=1), views=1234)

    assert see(article, given={"language": language}).json() == {
        "views": {str(article.pk): 1235},
        "shown": {str(article.pk): number},
    }


def test_views_come_from_somewhere(article, see):
    hosts = ["", "www.google.de", "l.facebook.com", "news.example", "testserver"]
    for number, host in enumerate(hosts):
        see(article, address=f"203.0.113.{number}", given={"referrer": host})

    assert {each.referrer: each.views for each in queries.hourly_views(since=NOON - timedelta(hours=1))} == {
        Referrer.DIRECT: 1,
        Referrer.SEARCH: 1,
        Referrer.SOCIAL: 1,
        Referrer.SITE: 1,
        Referrer.INTERNAL: 1,
    }


def test_running_hour_is_part_of_the_hours(article, see):
    see(article)

    assert queries.hourly_views(since=NOON - timedelta(hours=1)) == [
        queries.HourlyViews(hour=NOON.replace(minute=0), article_id=article.pk, referrer=Referrer.DIRECT.value, views=1)
    ]


# Of which articles -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", ["", "0", "-1", "1e3", "99999999", "9" * 40, "١", "1'--", "\x00"])
def test_no_article_no_view(db, see, wanted):
    answer = see(wanted)

    assert (answer.status_code, answer.json()) == (404, {"views": {}, "shown": {}})
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"publish": False}, {"visibility": "private"}, {"visibility": "password", "password": "open"}],
    ids=["draft", "private", "locked"],
)
def test_only_what_anybody_may_read_is_counted(make_article, see, fields):
    hidden = make_article(**fields)

    assert see(hidden).status_code == 404
    assert Client().get(f"/-/seen?article={hidden.pk}", headers={"user-agent": CHROME}).status_code == 200
    assert not Visit.objects.exists()


def test_withdrawn_article_is_not_counted_and_shows_nothing(article, see):
    see(article)
    article.unpublish()

    assert see(article, address="203.0.113.8").status_code == 404
    assert queries.public_views(article.pk) is None
    assert Client().get(f"/-/fragments/views/?article={article.pk}").content == b""


# By whom -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers", [{"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_SEC_FETCH_SITE": "same-site"}], ids=str
)
def test_report_from_another_site_is_refused(article, see, headers):
    assert see(article, **headers).status_code == 403
    assert shown(article) == 0


def test_report_with_a_foreign_origin_is_refused(article):
    answer = Client().post(
        "/-/seen", {"article": article.pk}, headers={"user-agent": CHROME, "origin": "https://elsewhere.example"}
    )

    assert answer.status_code == 403
    assert shown(article) == 0


def test_report_needs_no_token(article):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        "/-/seen", {"article": article.pk}, headers={"user-agent": CHROME, "origin": "http://testserver"}
    )

    assert answer.status_code == 200
    assert shown(article) == 1


# Without a script ------------------------------------------------------------------------------------------------


def look(article, method="get", **headers):
    return getattr(Client(), method)(
        f"/-/seen?article={article.pk}", headers={"user-agent": CHROME, **headers}, REMOTE_ADDR="203.0.113.7"
    )


def test_picture_counts_as_a_report_does(article, see):
    answer = look(article, **{"sec-fetch-site": "same-origin", "sec-fetch-dest": "image"})
    see(article, agent=CHROME)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/gif")
    assert answer.content.startswith(b"GIF89a")
    assert "no-store" in answer["Cache-Control"]
    assert shown(article) == 1


def test_old_browser_that_tells_less_is_counted(article):
    look(article)

    assert shown(article) == 1


def test_picture_in_a_page_of_another_site_counts_nothing(article):
    answer = look(article, **{"sec-fetch-site": "cross-site", "sec-fetch-dest": "image"})

    assert answer.status_code == 200
    assert shown(article) == 0


def test_picture_opened_as_a_page_counts_nothing(article):
    look(article, **{"sec-fetch-site": "none", "sec-fetch-dest": "document"})

    assert shown(article) == 0


def test_head_counts_nothing(article):
    answer = look(article, "head")

    assert (answer.status_code, answer.content) == (200, b"")
    assert shown(article) == 0


# What readers see --------------------------------------------------------------------------------------------------


def test_number_stands_on_the_page_once_there_is_one(article, see):
    before = Client().get(article.address).content.decode()
    see(article)
    after = Client().get(article.address).content.decode()

    assert f'<span data-views="{article.pk}">1</span>' in after
    assert 'href="/how-we-count/" title="How we count"' in after
    assert "data-views" not in before


def test_number_before_the_move_is_part_of_it(make_article, see):
    article = make_article(views_before=8603)
    see(article)

    assert counted_views([article.pk]) == {article.pk: 1}
    assert shown(article) == 8604
    assert f'<span data-views="{article.pk}">8,604</span>' in Client().get(article.address).content.decode()


def test_page_says_what_is_to_be_reported(article, make_article):
    page = Client().get(article.address).content.decode()
    client = Client()
    client.force_login(Account.objects.create_superuser("cora@lantern.example", "a long enough secret"))
    private = client.get(make_article(visibility="private").address).content.decode()

    assert page.count(f'data-seen="{article.pk}"') == 1
    assert f'<noscript><img class="visually-hidden" src="/-/seen?article={article.pk}"' in page
    assert "theme/seen" in page
    assert "data-seen" not in private
    assert "/-/seen" not in private


def test_page_leaves_the_number_to_a_part_of_its_own(article):
    page = Client(REMOTE_ADDR="").get(article.address, headers={"surrogate-capability": CAPABILITY})

    assert f'<esi:include src="/-/fragments/views/?article={article.pk}"/>' in page.content.decode()
    assert f"views:{article.pk}" not in page["Surrogate-Key"].split()


@pytest.mark.parametrize("asked", ["", "?article=", "?article=x", "?article=007", f"?article={'9' * 30}"])
def test_nonsense_is_no_part(db, asked):
    assert Client().get(f"/-/fragments/views/{asked}").status_code == 404


# What it costs -----------------------------------------------------------------------------------------------------


def queries_of(ask) -> int:
    with ExitStack() as stack:
        watched = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections]
        ask()
        asked = [each["sql"] for queries in watched for each in queries.captured_queries]
    return len([each for each in asked if not each.startswith(("SAVEPOINT", "RELEASE"))])


@pytest.mark.parametrize("readers", [3, 60])
def test_query_counts(make_article, see, readers):
    articles = [make_article(f"Trams {number}") for number in range(3)]
    for number in range(readers):
        see(articles[number % 3], address=f"198.51.100.{number}")
    ids = [each.pk for each in articles]

    assert queries_of(lambda: queries.shown_views(ids)) == 3
    assert queries_of(lambda: queries.public_views(ids[0])) == 3
    assert queries_of(lambda: queries.hourly_views(since=NOON - timedelta(hours=1))) == 2
    # The article, the visit, the crowd, five of the batch, three of the number.
    assert queries_of(lambda: see(articles[0])) == 11
    assert queries_of(lambda: see(articles[0])) == 6


def test_a_thousand_views_are_one_batch(make_article, monkeypatch):
    articles = [make_article(f"Trams {number}") for number in range(4)]
    monkeypatch.setattr(operations.counting, "flush_soon", lambda: None)
    for number in range(1000):
        report = operations.Report(
            article_id=articles[number % 4].pk, address=f"198.51.{number // 100}.1", agent=CHROME, referrer="direct"
        )
        operations.count_view(report=report, now=NOON)

    assert queries_of(operations.flush_views) == 6
    assert sum(queries.shown_views([each.pk for each in articles]).values()) == 40
    assert (Crowd.objects.count(), DayAgent.objects.get().visitors) == (40, 10)
