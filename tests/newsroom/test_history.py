"""The public past of an article, from the outside."""

from __future__ import annotations

import hashlib
import re

import pytest

from coranto.newsroom.models import Article, ArticleVersion, VersionWithdrawal

pytestmark = pytest.mark.django_db
NEEDLE = "Zyzzyva"


@pytest.fixture
def change():
    """Change an article and publish it."""

    def change(article: Article, **fields) -> Article:
        article = article.get_latest_revision_as_object()
        for name, value in fields.items():
            setattr(article, name, value)
        article.save_revision().publish()
        return Article.objects.get(pk=article.pk)

    return change


@pytest.fixture
def changed(write, change, paragraph):
    """Three versions: the first, an update of the headline, a correction of the text."""
    article = write(
        "Trams return", slug="trams", body=[paragraph("The first tram left at five."), paragraph("So be it.")]
    )
    article = change(article, title="Trams are back", change_kind="update")
    body = [paragraph("The first tram left at six."), paragraph("So be it.")]
    return change(
        article,
        body=[{**each, "id": str(n)} for n, each in enumerate(body)],
        change_kind="correction",
        change_note="It was six, not five.",
        change_passage="The first tram left at six.",
    )


def withdraw(article, number, noon, reason="A court said so.", **fields):
    version = ArticleVersion.objects.get(article=article, number=number)
    return VersionWithdrawal.objects.create(version=version, reason=reason, withdrawn_at=noon, **fields)


def plain(page) -> str:
    """The page's words without its marks, removed ones in brackets and added ones in braces."""
    text = re.sub(r'<span class="visually-hidden">[^<]*</span>', "", page.text.partition("<main")[2])
    text = text.replace("<del>", "[").replace("</del>", "]").replace("<ins>", "{").replace("</ins>", "}")
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_every_version_is_listed_newest_first_with_what_changed(client, changed):
    page = client.get("/city/trams/history/")
    assert page.status_code == 200
    words = plain(page)
    assert words.index("Version 3") < words.index("Version 2") < words.index("Version 1")
    assert "The first tram left at [five]{six}." in words
    assert "Trams [return]{are back}" in words
    assert "It was six, not five." in words
    assert [kind for kind in ("Correction", "Update", "First publication") if kind in words] == [
        "Correction",
        "Update",
        "First publication",
    ]
    for version in changed.versions.all():
        assert version.sha256 in page.text


def test_history_is_found_from_the_article_and_not_by_search_engines(client, changed):
    assert 'href="/city/trams/history/"' in client.get("/city/trams/").text
    for path in ("history/", "history/?from=1&to=3", "history/1/"):
        page = client.get(f"/city/trams/{path}")
        assert '<meta name="robots" content="noindex">' in page.text
        assert 'rel="canonical" href="http://localhost:8000/city/trams/"' in page.text or 'city/trams/"' in page.text


def test_article_published_once_offers_no_history_and_has_one(client, write):
    write("Once", slug="once")
    assert "/history/" not in client.get("/city/once/").text
    assert "published once and has not been changed" in client.get("/city/once/history/").text


@pytest.mark.parametrize("query", ["from=1&to=3", "from=3&to=1", "from=1"])
def test_two_chosen_versions_are_compared_whichever_comes_first(client, changed, query):
    words = plain(client.get(f"/city/trams/history/?{query}"))
    assert "What differs between version 1 and version 3." in words
    assert "Trams [return]{are back}" in words
    assert "[five]{six}" in words
    assert "2 parts unchanged So be it. Ada Thorne" in words


def test_a_version_compared_with_itself_differs_in_nothing(client, changed):
    assert "Nothing a reader sees was changed." in client.get("/city/trams/history/?from=2&to=2").text


@pytest.mark.parametrize(
    "path",
    [
        *("?from=1&to=4", "?from=0&to=2", "?from=x&to=2", "?from=1&to=\u0662", f"?from={'9' * 40}&to=1", "?before=x"),
        *("?before=1", "4/", "0/", f"{'9' * 40}/", "4/version.json", "x/"),
    ],
)
def test_version_that_is_not_there_is_not_found(client, changed, path):
    assert client.get(f"/city/trams/history/{path}").status_code == 404


def test_one_version_is_shown_as_it_was(client, changed):
    words = plain(client.get("/city/trams/history/1/"))
    assert "Trams return" in words
    assert "The first tram left at five." in words
    assert "This is a former version" in words
    assert "Ada Thorne" in words


def test_bytes_of_a_version_have_the_fingerprint_shown(client, changed):
    for version in changed.versions.all():
        document = client.get(f"/city/trams/history/{version.number}/version.json")
        assert hashlib.sha256(document.content).hexdigest() == version.sha256
        assert document["X-Robots-Tag"] == "noindex"


def test_history_of_many_versions_goes_on_page_by_page(client, write, change):
    article = write("Trams 1", slug="trams")
    for number in range(2, 24):
        article = change(article, title=f"Trams {number}", change_kind="typo")
    seen, path = [], "/city/trams/history/"
    while path:
        page = client.get(path)
        seen += [int(each) for each in re.findall(r'id="version-(\d+)"', page.text)]
        following = re.search(r'rel="next"\s+href="([^"]+)"', page.text)
        path = following and f"/city/trams/history/{following[1]}"
    assert seen == list(range(23, 0, -1))


@pytest.mark.parametrize("count", [3, 40])
def test_pages_of_the_past_take_a_fixed_number_of_queries(client, write, change, count, django_assert_num_queries):
    article = write("Trams 1", slug="trams")
    for number in range(2, count + 1):
        article = change(article, title=f"Trams {number}", change_kind="correction", change_note="Wrong.")
    # Of each three are the frame, one the breaking strip, one the article.
    for path, queries in (("", 7), ("?from=1&to=3", 7), ("2/", 7), ("2/version.json", 5)):
        with django_assert_num_queries(queries):
            assert client.get(f"/city/trams/history/{path}").status_code == 200


# Who may read it ------------------------------------------------------------------------------------------------


PATHS = ("history/", "history/?from=1&to=2", "history/1/", "history/1/version.json")


def test_history_of_a_private_article_exists_for_staff_only(client, changed, change, cora, dov):
    change(changed, visibility="private", change_kind="typo")
    for path in PATHS:
        assert client.get(f"/city/trams/{path}").status_code == 404
    client.force_login(dov)
    assert client.get("/city/trams/history/").status_code == 404
    client.force_login(cora)
    for path in PATHS:
        page = client.get(f"/city/trams/{path}")
        assert page.status_code == 200
        assert page["Cache-Control"] == "private, no-store"


def test_history_of_a_locked_article_opens_with_the_article(client, changed, change):
    change(changed, visibility="password", password="sesame", change_kind="typo")
    for path in PATHS:
        answer = client.get(f"/city/trams/{path}")
        assert (answer.status_code, answer["Location"]) == (302, "/city/trams/")
    client.post("/city/trams/", {"password": "sesame"})
    for path in PATHS:
        page = client.get(f"/city/trams/{path}")
        assert page.status_code == 200
        assert page["Cache-Control"] == "private, no-store"


def test_what_was_for_staff_only_is_not_in_the_past_of_a_public_article(client, write, change):
    article = write(f"{NEEDLE} inside", slug="trams", visibility="private", standfirst=NEEDLE)
    article = change(article, title=f"{NEEDLE} again", change_kind="correction", change_note=f"{NEEDLE} was wrong.")
    change(article, title="For everybody", standfirst="", visibility="public", change_kind="update")
    for path in ("", *PATHS, "history/2/", "history/?from=2&to=3"):
        page = client.get(f"/city/trams/{path}")
        assert NEEDLE not in page.text, path
        assert page.status_code in {200, 404, 410}
    assert NEEDLE not in client.get("/corrections/").text
    assert "was not published for everybody" in client.get("/city/trams/history/").text


def test_draft_has_no_past(client, write):
    write(publish=False, live=False, slug="draft")
    assert client.get("/city/draft/history/").status_code == 404


def test_past_moves_along_with_the_article(client, changed, make_section):
    changed.move(make_section("Culture"), pos="last-child")
    assert client.get("/culture/trams/history/").status_code == 200
    answer = client.get("/city/trams/history/?from=1&to=2")
    assert (answer.status_code, answer["Location"]) == (301, "/culture/trams/history/?from=1&to=2")
    document = "trams/history/1/version.json"
    assert client.get(f"/city/{document}")["Location"] == f"/culture/{document}"
    assert client.get(f"/culture/{document}").status_code == 200


# Withdrawn versions ---------------------------------------------------------------------------------------------


def test_words_of_a_withdrawn_version_are_nowhere_and_the_reason_is(client, write, change, noon):
    article = write("Trams", slug="trams")
    article = change(
        article,
        title=f"{NEEDLE} headline",
        standfirst=f"{NEEDLE} standfirst",
        change_kind="correction",
        change_note=f"{NEEDLE} note",
        change_passage=f"{NEEDLE} passage",
    )
    change(article, title="Trams", standfirst="", change_kind="update")
    version = ArticleVersion.objects.get(article=article, number=2)
    assert NEEDLE in client.get("/corrections/").text
    withdraw(article, 2, noon, reason="A court said so.")
    paths = ["history/", "history/2/", *(f"history/?from={a}&to={b}" for a, b in ((1, 2), (2, 3), (2, 2)))]
    for path in ["", *paths, "history/2/version.json"]:
        assert NEEDLE not in client.get(f"/city/trams/{path}").text, path
    assert NEEDLE not in client.get("/corrections/").text
    for path in paths:
        page = client.get(f"/city/trams/{path}")
        assert "A court said so." in page.text
        assert version.sha256 in page.text
    assert client.get("/city/trams/history/2/").status_code == 410
    assert bytes(ArticleVersion.objects.get(pk=version.pk).document) == bytes(version.document)


def test_words_that_are_shown_again_are_back(client, changed, noon):
    withdraw(changed, 1, noon, restored_at=noon)
    assert "[five]{six}" in plain(client.get("/city/trams/history/"))
    assert "A court said so." not in client.get("/city/trams/history/").text


def test_hostile_words_stay_harmless_in_the_past(client, write, change, noon, conforms):
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    article = write(hostile, slug="trams", standfirst=hostile)
    article = change(article, standfirst="x", change_kind="correction", change_note=hostile, change_passage=hostile)
    change(article, title="Trams", change_kind="typo")
    withdraw(article, 1, noon, reason=hostile)
    for path in (
        "/city/trams/",
        *(f"/city/trams/{each}" for each in ("history/", "history/2/", "history/?from=2&to=3")),
    ):
        page = client.get(path)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert conforms(page.content)
    assert conforms(client.get("/corrections/").content)
