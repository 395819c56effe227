"""Fault `search-fuzz`: whatever somebody, or a robot, writes into the search is answered with a page and no error."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
# Those that are known to have broken full-text searches, and what databases, shells and templates read as their own.
NAMED = [
    '"', '""', '"""', "'", "''", 'foo"bar', 'tram"', '"tram', "\x00", "tram\x00line", "\x00\x00", " ", "   ", "\t\n", "a" * 10_000,
    "tram " * 600, " ".join(f"w{n}" for n in range(600)), "é" * 5000, "路" * 3000, "*", "tr*", "*am", "tram*", "**", "^", "^tram", "+", "-",
    "-tram", "NOT tram", "NOT", "AND", "OR", "AND AND", "a OR", "OR a", "tram AND", "tram NOT", "NEAR", "NEAR(", "NEAR(tram line, 5)", "NEAR()", "(", ")",
    "((((((((((", "()" * 500, "(" * 2000 + "tram" + ")" * 2000, "{", "}", "{headline} : tram", "headline:tram", "facets : S1", "body:", ":", "::tsquery", "rowid:1",
    "tram:*", "tram:A", "tram & line", "tram | line", "!tram", "!", "&", "|", "<->", "tram <-> line", "<2>", "\\", "\\\\", "tram\\", "'; DROP TABLE newsroom_article; --",
    "1' OR '1'='1", "%", "%%", "%s", "%(q)s", "_", "{{ 7|add:7 }}", "{% debug %}", "${7*7}", "$(id)", "`id`", "../../etc/passwd", "<script>alert(1)</script>",
    "\u202etram\u202c", "\u200f\u200e\u2066", "\u200d", "\u00ad", "\ufeff", "\ufffe\uffff", "\ud83d", "\udfff\ud800", "\ue000", "\U000e0041", "\U0010ffff", "🚋", "🏳️‍🌈 tram", "👨‍👩‍👧",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "\u0301" * 300, "ﷺ" * 300, "ß" * 300, "İ" * 300, "ŉ", "½", "①", "Ⅷ", "the of and a", "the", "?!.,;", "…", "\r\n\r\nSet-Cookie: a=b",
    "ก" * 400, "が" * 400, "서" * 400, "हि" * 300, "ا" * 300, "q=1&q=2", "a" * 64 + "b" * 64, "١٢٣", "²", "0x00", "NaN", "null", "undefined", "None", "-0", "1e309",
]  # fmt: skip
PARAMETERS = ("q", "sort", "section", "author", "within", "year", "page", "before")
ODD = st.one_of(
    st.text(max_size=40),
    st.integers(-(10**25), 10**25).map(str),
    st.sampled_from(
        [
            "date",
            "week",
            "month",
            "year",
            "city",
            "ada-thorne",
            "2026",
            "9999",
            "9998",
            "0001",
            "1",
            "20",
            "21",
            *NAMED[:20],
        ]
    ),
)
PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(NAMED).map(lambda each: each[:60]),
    st.sampled_from(["tram", "路面", "الترام", "AND", '"', "(", "*"]),
)
QUIET = settings(
    max_examples=120, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def archive(db):
    """A few articles in several scripts, with a vocabulary; a search that finds one shows every part of the page."""
    from coranto.newsroom import operations
    from coranto.newsroom.models import Author, FrontPage, Section

    city = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    ada = Author.objects.create(name="Ada Thorne", slug="ada-thorne")
    drafts = [
        operations.ArticleDraft(
            headline=headline,
            slug=f"a{number}",
            section=city,
            standfirst="the of and a",
            body=[{"type": "paragraph", "value": "<p>The tram left the line at 1.</p>"}],
            first_published_at=NOON,
            authors=[ada],
        )
        for number, headline in enumerate(
            ["Trams return", "路面電車が戻る", "الترام يعود", '🚋 O\'Neill "quoted" (twice)']
        )
    ]
    operations.store_articles(drafts=drafts, by=None, now=NOON)
    operations.count_search_words(now=NOON)


@pytest.fixture
def ask(archive, client):
    """A function that asks for an address and says what is wrong with the answer; nothing is what it should say."""
    statements = []

    def note(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    def ask(query_string):
        statements.clear()
        with connection.execute_wrapper(note):
            response = client.get("/search/", QUERY_STRING=query_string)
        if response.status_code != 200:
            return f"status {response.status_code}"
        if "</html>" not in response.text:
            return "half a page"
        if len(statements) > 25:
            return f"{len(statements)} queries"
        if "alert(1)</script>" in response.text:
            return "a script"
        return None

    return ask


@pytest.mark.parametrize("number", range(len(NAMED)))
def test_named_input_is_answered(ask, number):
    text = NAMED[number].encode("utf-8", "surrogatepass")
    assert ask(f"q={quote_from_bytes(text)}") is None
    assert ask(f"q={quote_from_bytes(text)}&sort=date&author={quote_from_bytes(text[:300])}") is None


@QUIET
@given(query=st.lists(PIECES, max_size=12).map(" ".join))
def test_any_text_is_answered(ask, query):
    assert ask(urlencode({"q": query}, errors="surrogatepass")) is None


@QUIET
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_answered(ask, raw):
    assert ask(f"q={quote_from_bytes(raw)}") is None


@QUIET
@given(values=st.dictionaries(st.sampled_from(PARAMETERS), ODD, max_size=8))
def test_any_conditions_are_answered(ask, values):
    assert ask(urlencode({"q": "tram", **values}, errors="surrogatepass")) is None


@QUIET
@given(raw=st.text(st.characters(codec="ascii", exclude_characters="#"), max_size=200))
def test_any_query_string_is_answered(ask, raw):
    assert ask(raw) is None


@QUIET
@given(headline=st.text(min_size=1, max_size=200), body=st.text(max_size=400))
def test_any_article_can_be_indexed_and_is_found_by_its_own_words(ask, client, headline, body):
    from coranto.kit import terms
    from coranto.newsroom.models import Article
    from coranto.newsroom.operations.searching import Findable, index_articles

    headline, body = (each.replace("\x00", "") for each in (headline, body))  # no field of a database takes it
    article = Article.objects.order_by("pk")[0]
    article.title, article.standfirst = headline, body
    index_articles(findable=[Findable(article=article, names=[headline], places=list(article.listings.all()))])
    for word in dict.fromkeys(terms.words_of(headline)[:5]):
        found = (
            client.get("/search/", QUERY_STRING=urlencode({"q": word}, errors="surrogatepass")).context["results"].found
        )
        assert article.pk in [each.card.article.pk for each in found], word
