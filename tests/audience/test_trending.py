"""What readers see of what is trending."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coranto.audience import operations
from coranto.audience.edge.trending import check_options
from coranto.audience.models import Trending
from coranto.audience.queries.readership import readership
from coranto.audience.queries.trending import most_read, trending_headlines, trending_page
from coranto.audience.rules.readership import Period
from coranto.audience.rules.trending import LONGEST_HALF_LIFE
from coranto.delivery.rules.surrogate import CAPABILITY
from coranto.desk.operations.roles import assign_position
from coranto.desk.rules.roles import Role
from coranto.masthead.models import Account
from coranto.newsroom import operations as newsroom
from coranto.newsroom import queries
from coranto.newsroom.models import Article, FrontPage, Section

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FRAGMENT = "/-/fragments/trending/"
PAGES = ["/trending/", FRAGMENT, "/-/fragments/placement/?kind=trending&options=3"]


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def city(db):
    return FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))


@pytest.fixture
def store(city):
    """So many articles, each published an hour before the one stored after it."""

    def store(count, first=1, **fields):
        drafts = [
            newsroom.ArticleDraft(
                headline=f"Tram number {n}",
                slug=f"tram-{n}",
                section=city,
                body=[{"type": "paragraph", "value": "<p>It left.</p>"}],
                first_published_at=NOON - HOUR * (200 - n),
                **fields,
            )
            for n in range(first, first + count)
        ]
        return newsroom.store_articles(drafts=drafts, by=None, now=NOON)

    return store


def view(article, views, hours_ago=0):
    operations.record_views(article_id=article.pk, hour=NOON - HOUR * hours_ago, views=views)


def ask_as_edge(path):
    # Without an address: that is how a request by the app's unix socket arrives.
    return Client(REMOTE_ADDR="").get(path, headers={"Surrogate-Capability": CAPABILITY})


def headlines(client, path):
    """In the order in which they stand on the page."""
    page = client.get(path).content.decode()
    found = [
        (page.index(f">{each.title}</a>"), each.title) for each in Article.objects.all() if f">{each.title}</a>" in page
    ]
    return [title for _place, title in sorted(found)]


@pytest.mark.parametrize("path", PAGES)
def test_what_is_read_most_comes_first(client, store, path):
    one, two, three = store(3)
    view(one, 5)
    view(two, 50, hours_ago=12)
    view(three, 100, hours_ago=48)
    assert headlines(client, path) == ["Tram number 2", "Tram number 1", "Tram number 3"]


@pytest.mark.parametrize("path", PAGES)
def test_of_equals_the_freshest_comes_first(client, store, path):
    for article in store(3):
        view(article, 4, hours_ago=2)
    assert headlines(client, path) == ["Tram number 3", "Tram number 2", "Tram number 1"]


@pytest.mark.parametrize("path", PAGES)
def test_withdrawn_locked_and_private_articles_are_never_shown(client, store, path):
    articles = store(6)
    for article in articles:
        view(article, 4)
    articles[0].unpublish()
    for article, visibility in zip(articles[1:3], ("password", "private"), strict=True):
        article.visibility, article.password = visibility, "open"
        article.save_revision().publish()
    assert headlines(client, path) == ["Tram number 6", "Tram number 5", "Tram number 4"]


@pytest.mark.parametrize("path", PAGES)
def test_article_that_is_deleted_is_gone_from_the_list_and_its_views_harm_nothing(client, store, path):
    articles = store(4)
    for article in articles:
        view(article, 4)
    articles[-1].delete()
    assert headlines(client, path) == ["Tram number 3", "Tram number 2", "Tram number 1"]


@pytest.mark.parametrize("path", PAGES)
def test_page_names_each_article_it_shows_so_that_its_withdrawal_purges_it(client, store, path):
    shown, unread = store(3), store(1, first=9)
    for article in shown:
        view(article, 4)
    tags = set(ask_as_edge(path)["Surrogate-Key"].split())
    assert {f"page:{each.pk}" for each in shown} | {"trending", "list:latest:0"} <= tags
    assert f"page:{unread[0].pk}" not in tags


def test_pages_live_a_minute_and_may_be_old_for_five(client, store):
    for path in PAGES[:2]:
        assert "max-age=60, stale-while-revalidate=300" in ask_as_edge(path)["Surrogate-Control"]
    assert "max-age=60" in ask_as_edge(PAGES[2])["Surrogate-Control"]


def test_half_life_the_editor_sets_decides(client, store):
    one, two, three = store(3)
    view(one, 10)
    view(two, 100, hours_ago=24)
    view(three, 1)
    assert headlines(client, "/trending/")[:2] == ["Tram number 1", "Tram number 2"]
    Trending.objects.create(half_life=48)
    assert headlines(client, "/trending/")[:2] == ["Tram number 2", "Tram number 1"]


def test_what_is_older_than_ten_half_lives_is_not_even_read(store):
    one, two = store(2)
    view(one, 1, hours_ago=59)
    view(two, 10**6, hours_ago=60)
    assert [each.article_id for each in most_read(half_life=6, length=9, now=NOON)] == [one.pk]
    found = most_read(half_life=LONGEST_HALF_LIFE, length=9, now=NOON)
    assert [each.article_id for each in found] == [two.pk, one.pk]


def test_while_nothing_is_read_the_page_shows_the_newest_and_others_show_nothing(client, store):
    store(3)
    assert headlines(client, "/trending/") == ["Tram number 3", "Tram number 2", "Tram number 1"]
    assert "These are the newest articles" in client.get("/trending/").content.decode()
    assert client.get(FRAGMENT).content == b""


def test_paper_without_an_article_says_so(client, city):
    assert "The first article has yet to be published." in client.get("/trending/").content.decode()


def test_two_articles_are_no_list_beside_others(client, store):
    for article in store(2):
        view(article, 4)
    assert client.get(FRAGMENT).content == b""
    assert len(headlines(client, "/trending/")) == 2


@pytest.mark.parametrize("path", ["/", "/city/tram-1/"])
def test_front_page_and_articles_hold_the_list(client, store, path):
    for article in store(3):
        view(article, 4)
    whole, with_hole = client.get(path).content, ask_as_edge(path).content
    found = [b'class="trending"' in whole, f'<esi:include src="{FRAGMENT}"/>'.encode() in with_hole]
    assert found == [True, True]


def test_switched_off_it_is_nowhere(client, store):
    for article in store(3):
        view(article, 4)
    Trending.objects.create(is_shown=False)
    assert client.get("/trending/").status_code == 404
    for path in ["/", "/city/tram-1/", *PAGES[1:]]:
        found = 'class="trending"' in client.get(path).content.decode()
        assert (path, found) == (path, False)


@pytest.mark.parametrize(
    ("options", "length"), [("", 5), (" 4 ", 4), ("3", 3), ("10", 8), ("2", 5), ("many", 5), ("²", 5)]
)
def test_list_an_editor_puts_somewhere_is_as_long_as_the_options_say(client, store, options, length):
    for article in store(8):
        view(article, 4)
    asked = urlencode({"kind": "trending", "options": options})
    assert len(headlines(client, f"/-/fragments/placement/?{asked}")) == length


@pytest.mark.parametrize("options", ["2", "11", "many", "-3", "3.5", "²", "9" * 99])
def test_editor_is_told_of_options_that_are_no_length(options):
    assert "from 3 to 10" in check_options(options)


@pytest.mark.parametrize("options", ["", " ", "3", "10"])
def test_other_options_are_right(options):
    assert check_options(options) == ""


def asked(read):
    """How many queries it takes, of whichever file."""
    with ExitStack() as stack:
        captured = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections]
        read()
    return sum(len(each) for each in captured)


@pytest.mark.parametrize("articles", [3, 60])
def test_reads_ask_as_often_for_many_articles_as_for_few(store, articles):
    for article in store(articles):
        view(article, 4)
        view(article, 4, hours_ago=3)
    known = queries.sections()
    assert asked(lambda: most_read(half_life=6, length=20, now=NOON)) == 3
    assert asked(lambda: trending_headlines(known=known, length=5, now=NOON)) == 5
    assert asked(lambda: trending_page(known=known, now=NOON)) == 7


@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases plan by what they know of the tables")
def test_no_read_walks_through_all_there_ever_was(store):
    for article in store(9):
        view(article, 4)
    known = queries.sections()
    with CaptureQueriesContext(connection) as captured:
        most_read(half_life=6, length=20, now=NOON)
        readership(Period.WEEK, known=known, zone=ZoneInfo("UTC"), now=NOON)
    plans = []
    with connection.cursor() as cursor:
        for each in captured:
            cursor.execute(f"EXPLAIN QUERY PLAN {each['sql']}".replace("%", "%%"))
            plans += [f"{row[3]}: {each['sql']}" for row in cursor.fetchall()]
    assert len(captured) > 10
    assert [each for each in plans if each.startswith("SCAN") and "audience_trending" not in each] == []


# Who may change it --------------------------------------------------------------------------------------------


@pytest.fixture
def editor(client, city):
    account = Account.objects.create_user("cora@lantern.example", "a long enough secret")
    assign_position(account=account, role=Role.EDITOR_IN_CHIEF, section=None, by=None)
    client.force_login(Account.objects.get(pk=account.pk))
    return client


def change(client, **fields):
    Trending.objects.get_or_create(pk=1)
    return client.post("/admin/settings/audience/trending/1/", {"is_shown": "on", **fields})


def test_editor_in_chief_sets_the_half_life(editor):
    change(editor, half_life="24")
    assert Trending.objects.get().half_life == 24
    assert 'href="/admin/settings/audience/trending/"' in editor.get("/admin/readers/").content.decode()


@pytest.mark.parametrize("half_life", ["0", "169", "-1", "many", ""])
def test_half_life_out_of_bounds_is_refused_with_a_sentence(editor, half_life):
    response = change(editor, half_life=half_life)
    assert response.status_code == 200
    assert response.context["form"].errors["half_life"]
    assert Trending.objects.get().half_life == 6
