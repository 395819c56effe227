"""How much is read, as the newsroom sees it."""

from __future__ import annotations

import csv
import io
import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from coranto.audience import operations
from coranto.audience.models import Trending
from coranto.audience.queries import readership as queries
from coranto.audience.queries.readership import Table, readership, reason_of
from coranto.audience.rules import Referrer
from coranto.audience.rules.readership import Period
from coranto.audience.rules.trending import Span, Standing
from coranto.desk.operations.roles import assign_position
from coranto.desk.rules.roles import Role
from coranto.masthead.models import Account, Publication
from coranto.newsroom import operations as newsroom
from coranto.newsroom.models import Article, ArticleAuthor, Author, FrontPage, Section
from coranto.newsroom.queries import sections

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
PARIS = ZoneInfo("Europe/Paris")
FILES = [*Table.values, "times", "trending"]


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def paper(db):
    """A paper of Paris with two sections and two authors."""
    Publication.objects.create(name="The Lantern", time_zone="Europe/Paris")
    for title in ("City", "Culture"):
        FrontPage.objects.get().add_child(instance=Section(title=title, slug=title.lower()))
    for name in ("Ada Thorne", "Ben Ode"):
        Author.objects.create(name=name, slug=name.split()[0].lower())


@pytest.fixture
def write(paper):
    def write(headline, *, section="city", authors=("ada",), **fields):
        draft = newsroom.ArticleDraft(
            headline=headline,
            slug=f"article-{Article.objects.count()}",
            section=Section.objects.get(slug=section),
            body=[{"type": "paragraph", "value": "<p>It left.</p>"}],
            first_published_at=NOON - HOUR * 30,
            authors=list(Author.objects.filter(slug__in=authors)),
            **fields,
        )
        return newsroom.store_articles(drafts=[draft], by=None, now=NOON)[0]

    return write


@pytest.fixture
def sign_in(paper):
    def sign_in(role):
        account = Account.objects.create_user(f"{role}@lantern.example", "a long enough secret")
        section = None if role in {Role.EDITOR_IN_CHIEF, Role.ADMINISTRATOR} else Section.objects.get(slug="city")
        assign_position(account=account, role=role, section=section, by=None)
        client = Client()
        client.force_login(Account.objects.get(pk=account.pk))
        return client

    return sign_in


@pytest.fixture
def reporter(sign_in):
    return sign_in(Role.REPORTER)


def view(article, views, hours_ago=0, referrer=Referrer.DIRECT):
    operations.record_views(article_id=article.pk, hour=NOON - HOUR * hours_ago, views=views, referrer=referrer)


def look(period=Period.TODAY):
    return readership(period, known=sections(), zone=PARIS, now=NOON)


def table(shown, name):
    return [(line.name, line.views) for line in shown.tables[name]]


def screen(client, query=""):
    """What of the admin's page is ours."""
    (ours,) = html.fromstring(client.get(f"/admin/readers/{query}").content).find_class("readers")
    return ours


def rows(element):
    return [[" ".join(cell.text_content().split()) for cell in row] for row in element.iter("tr")]


# What is counted ----------------------------------------------------------------------------------------------


def test_periods_are_the_running_hour_the_day_in_the_papers_zone_and_seven_days(write):
    article = write("Trams return")
    view(article, 1)
    view(article, 20, hours_ago=1)
    view(article, 300, hours_ago=13)  # midnight in Paris
    view(article, 4000, hours_ago=14)
    view(article, 50000, hours_ago=13 + 6 * 24)
    view(article, 600000, hours_ago=14 + 6 * 24)
    shown = look()
    assert shown.totals == {Period.HOUR: 1, Period.TODAY: 321, Period.WEEK: 54321}
    assert shown.hour_before == 20
    assert [table(look(period), Table.ARTICLES) for period in Period] == [
        [("Trams return", views)] for views in (1, 321, 54321)
    ]


def test_tables_tell_articles_sections_authors_and_where_readers_came_from(write):
    trams, ferries = write("Trams return"), write("Night ferries", section="culture", authors=("ada", "ben"))
    unsigned = write("Unsigned", authors=())
    view(trams, 10, referrer=Referrer.SEARCH)
    view(ferries, 5)
    view(ferries, 2, hours_ago=2, referrer=Referrer.SEARCH)
    view(unsigned, 1, referrer=Referrer.SOCIAL)
    shown = look()
    assert table(shown, Table.ARTICLES) == [("Trams return", 10), ("Night ferries", 7), ("Unsigned", 1)]
    assert table(shown, Table.SECTIONS) == [("City", 11), ("Culture", 7)]
    assert table(shown, Table.AUTHORS) == [("Ada Thorne", 17), ("Ben Ode", 7), ("No author named", 1)]
    assert table(shown, Table.REFERRERS) == [
        ("From a search engine", 12),
        ("Directly", 5),
        ("From a social network", 1),
    ]
    assert [line.share for line in shown.tables[Table.SECTIONS]] == [61.1, 38.9]


def test_of_what_is_not_public_only_the_sum_is_told(write, reporter):
    withdrawn, locked, gone, out = (write(each) for each in ("Withdrawn", "Locked", "Deleted", "Still out"))
    for article in (withdrawn, locked, gone, out):
        view(article, 3)
    withdrawn.unpublish()
    locked.visibility, locked.password = "password", "open"
    locked.save_revision().publish()
    gone.delete()
    shown = look()
    assert table(shown, Table.ARTICLES) == [("Not public, or gone", 9), ("Still out", 3)]
    assert table(shown, Table.SECTIONS) == [("Not public, or gone", 9), ("City", 3)]
    assert sum(views for _name, views in table(shown, Table.AUTHORS)) == 12
    page = reporter.get("/admin/readers/").content.decode()
    assert [each for each in ("Withdrawn", "Locked", "Deleted") if each in page] == []


def test_two_of_the_same_name_are_two(write):
    FrontPage.objects.get().add_child(instance=Section(title="City", slug="other-city"))
    namesake = Author.objects.create(name="Ada Thorne", slug="another-ada")
    view(write("One"), 2)
    other = write("Other", section="other-city", authors=())
    ArticleAuthor.objects.create(article=other, author=namesake)
    view(other, 1)
    shown = look()
    assert table(shown, Table.SECTIONS) == [("City", 2), ("City", 1)]
    assert table(shown, Table.AUTHORS) == [("Ada Thorne", 2), ("Ada Thorne", 1)]


def test_trending_list_says_why(write):
    trams = write("Trams return")
    view(trams, 1312)
    view(trams, 708, hours_ago=20)
    (line,) = look().trending
    assert (line.headline, line.reason) == ("Trams return", "1,312 views in the last 6 hours, 2,020 in 24")


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        ((Span(1, 1), Span(24, 5)), "1 view in this hour, 5 in 24"),
        ((Span(1, 2), Span(24, 5)), "2 views in this hour, 5 in 24"),
        ((Span(6, 1), Span(24, 1)), "1 view in the last 6 hours, 1 in 24"),
        ((Span(168, 9999),), "9,999 views in the last 168 hours"),
    ],
)
def test_reason_is_a_sentence(spans, reason):
    assert reason_of(Standing(1, 1.0, spans)) == reason


def test_newsroom_sees_what_is_trending_even_where_readers_do_not(write):
    Trending.objects.create(is_shown=False, half_life=24)
    view(write("Trams return"), 3)
    shown = look()
    assert [each.headline for each in shown.trending] == ["Trams return"]
    assert shown.half_life == 24


def test_article_that_is_read_by_more_than_a_batch_holds_is_counted_once(write, monkeypatch):
    monkeypatch.setattr(queries, "BATCH", 2)
    for n in range(5):
        view(write(f"Article {n}"), n + 1)
    assert table(look(), Table.SECTIONS) == [("City", 15)]
    assert len(table(look(), Table.ARTICLES)) == 5


@pytest.mark.parametrize("articles", [3, 60])
def test_dashboard_asks_as_often_for_many_articles_as_for_few(write, articles):
    for n in range(articles):
        Author.objects.create(name=f"A{n}", slug=f"a{n}")
        article = write(f"Article {n}", authors=(f"a{n}",))
        view(article, n + 1, hours_ago=n % 30, referrer=list(Referrer)[n % 5])
    known = sections()
    with ExitStack() as stack:
        captured = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections]
        readership(Period.WEEK, known=known, zone=PARIS, now=NOON)
    assert sum(len(each) for each in captured) == 13


# The screen ---------------------------------------------------------------------------------------------------


def test_screen_shows_all_of_it_in_tables(write, reporter):
    trams = write("Trams return")
    view(trams, 1234)
    view(trams, 6, hours_ago=3)
    page = screen(reporter)
    tables = [rows(each) for each in page.iter("table")]
    hours, articles, by_section, authors, referrers = tables
    assert hours[-1] == ["Mon, 13:00", "1,234"]
    assert hours[-4] == ["Mon, 10:00", "6"]
    assert len(hours) == 25
    assert articles == [["Name", "Views", "Share"], ["Trams return", "1,240", "100.0 %"]]
    assert [by_section[1][0], authors[1][0], referrers[1][0]] == ["City", "Ada Thorne", "Directly"]
    assert len(page.xpath(".//svg//rect")) == 24 + 4


def test_week_is_shown_by_day(write, reporter):
    view(write("Trams return"), 9, hours_ago=40)
    page = screen(reporter, "?period=week")
    assert rows(next(page.iter("table"))) == [
        ["Since", "Views"],
        *([f"{day} February", "0"] for day in ("Tuesday, 24", "Wednesday, 25", "Thursday, 26", "Friday, 27")),
        *(["Saturday, 28 February", "9"], ["Sunday, 1 March", "0"], ["Monday, 2 March", "0"]),
    ]
    assert page.xpath(".//nav//a[@aria-current]/@href") == ["?period=week"]


@pytest.mark.parametrize("period", ["", "century", "today'--", "WEEK", "\x00"])
def test_period_there_is_not_is_today(reporter, period):
    response = reporter.get("/admin/readers/", {"period": period})
    assert response.context["readership"].period == Period.TODAY


def test_paper_nobody_reads_says_so(reporter):
    page = reporter.get("/admin/readers/").content.decode()
    assert page.count("Nobody has read anything in this time.") == 4
    assert "Nothing: too little was read in the last hours." in page


def test_screen_has_no_style_or_script_of_its_own_and_asks_nobody_else(write, reporter):
    view(write("Trams return"), 9)
    main = screen(reporter)
    assert main.xpath(".//@style | .//style | .//script") == []
    assert [each for each in main.xpath(".//@href | .//@src") if re.match(r"\w+:|//", each)] == []


def test_decimals_of_a_chart_stay_those_of_svg_in_another_language(write, reporter, settings):
    settings.LANGUAGE_CODE = "de"
    view(write("Trams return"), 9)
    view(write("Ferries"), 5)
    reporter.cookies["django_language"] = "de"
    page = html.fromstring(reporter.get("/admin/readers/", headers={"Accept-Language": "de"}).content)
    numbers = page.xpath("//svg//rect/@x | //svg//rect/@y | //svg//rect/@width | //svg//rect/@height")
    assert "64,3 %" in " ".join(page.text_content().split())
    assert [each for each in numbers if "," in each] == []


def test_hostile_headline_is_words(write, reporter):
    view(write('<script>alert(1)</script> & "co"'), 9)
    page = screen(reporter)
    assert page.xpath(".//script") == []
    assert '<script>alert(1)</script> & "co"' in page.text_content()


def test_long_table_is_cut_and_its_file_is_not(write, reporter):
    for n in range(23):
        view(write(f"Article {n}"), n + 1)
    page = screen(reporter)
    assert len(rows(list(page.iter("table"))[1])) == 21
    assert "The most read; the file has all." in page.text_content()
    assert len(rows_of(reporter.get("/admin/readers/articles.csv"))) == 24


# Files --------------------------------------------------------------------------------------------------------


def rows_of(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_files_hold_the_tables(write, reporter):
    view(write("Trams return"), 7)
    files = {each: rows_of(reporter.get(f"/admin/readers/{each}.csv?period=hour")) for each in FILES}
    assert files["articles"] == [
        ["By article", "Address", "Views", "Share in %"],
        ["Trams return", "http://localhost:8000/city/article-0/", "7", "100.0"],
    ]
    assert files["sections"][1:] == [["City", "", "7", "100.0"]]
    assert files["authors"][1:] == [["Ada Thorne", "", "7", "100.0"]]
    assert files["referrers"][1:] == [["Directly", "", "7", "100.0"]]
    assert files["times"][-1] == ["2026-03-02T13:00:00+01:00", "7"]
    assert files["trending"][1][:2] == ["1", "Trams return"]


@pytest.mark.parametrize("name", FILES)
def test_file_says_what_it_is(write, reporter, name):
    response = reporter.get(f"/admin/readers/{name}.csv?period=week")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{name}-week-2026-03-02.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("headline", ["=1+1", "+49 30", "-5 degrees", "@noon", '=HYPERLINK("https://e.example";"x")'])
def test_headline_that_a_spreadsheet_would_run_is_words(write, reporter, headline):
    view(write(headline), 7)
    assert rows_of(reporter.get("/admin/readers/articles.csv"))[1][0] == f"'{headline}"
    assert rows_of(reporter.get("/admin/readers/trending.csv"))[1][1] == f"'{headline}"


def test_file_there_is_not_is_not_found(reporter):
    assert reporter.get("/admin/readers/visitors.csv").status_code == 404


# Who may see it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "may"), [(role, role != Role.CONTRIBUTOR) for role in Role], ids=[role.value for role in Role]
)
def test_every_role_but_contributors_sees_how_much_is_read(sign_in, role, may):
    client = sign_in(role)
    addresses = ["/admin/readers/", *(f"/admin/readers/{each}.csv" for each in FILES)]
    assert {client.get(each).status_code for each in addresses} == ({200} if may else {302})
    assert ("/admin/readers/" in client.get("/admin/").content.decode()) == may


def test_readers_see_none_of_it(client, paper):
    for address in ["/admin/readers/", "/admin/readers/articles.csv"]:
        response = client.get(address)
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/admin/login/")


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.REPORTER, Role.SECTION_EDITOR])
def test_half_life_is_for_the_editor_in_chief_to_set(sign_in, role):
    Trending.objects.create(pk=1)
    client = sign_in(role)
    client.post("/admin/settings/audience/trending/1/", {"is_shown": "on", "half_life": "99"})
    assert Trending.objects.get().half_life == 6
    assert "/admin/settings/audience/trending/" not in client.get("/admin/readers/", follow=True).content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_is_written_here(reporter, method):
    assert getattr(reporter, method)("/admin/readers/").status_code == 405
