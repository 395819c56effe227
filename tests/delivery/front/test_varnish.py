"""Varnish in front of the edge, as docs/operate/examples/varnish.vcl sets it up."""

from __future__ import annotations

import re

import pytest

ARTICLE = "/news/tram/"

pytestmark = pytest.mark.slow


def asked(paper) -> int:
    """How often Varnish has asked the site: the edge keeps nothing for it."""
    _status, metrics, _headers = paper.edge.ask("/-/metrics")
    return int(re.search(r"^coranto_edge_passes_total (\d+)", metrics, re.MULTILINE)[1])


@pytest.mark.parametrize("path", ["/", ARTICLE, "/news/", "/latest/", "/nowhere/"])
def test_a_page_is_the_same_as_without_it(paper, varnish, path):
    status, page, headers = varnish.ask(path)
    direct_status, direct, _ = paper.edge.ask(path)
    assert (status, page) == (direct_status, direct)
    assert "<esi:" not in page
    assert {"surrogate-control", "surrogate-key", "no-vary-search", "x-varnish"} & set(headers) == set()


def test_varnish_puts_the_parts_in_and_answers_from_its_store(paper, varnish):
    assert varnish.ask("/", method="BAN")[0] == 200
    before = asked(paper)
    page = varnish.ask(ARTICLE)[1]
    # The page and each of its parts.
    assert asked(paper) > before + 2
    before = asked(paper)
    assert varnish.ask(ARTICLE)[1] == page
    assert asked(paper) == before


def test_what_counts_visits_shares_the_page(paper, varnish):
    varnish.ask(ARTICLE)
    before = asked(paper)
    status, page, _ = varnish.ask(f"{ARTICLE}?utm_source=letter&fbclid=x")
    assert (status, page) == varnish.ask(ARTICLE)[:2]
    assert asked(paper) == before


def test_a_correction_is_there_in_the_next_request(paper, varnish):
    paths = ("/", ARTICLE, "/news/", "/latest/")
    for path in paths:
        assert "The tram stays" not in varnish.ask(path)[1]
    paper.correct("The tram stays")
    for path in paths:
        assert "The tram stays" in varnish.ask(path)[1]


def test_everything_can_be_forgotten(paper, varnish):
    varnish.ask(ARTICLE)
    paper.forget_everything()
    before = asked(paper)
    assert varnish.ask(ARTICLE)[0] == 200
    assert asked(paper) > before


def test_pages_for_staff_are_never_kept(paper, varnish):
    varnish.ask(ARTICLE)
    before = asked(paper)
    cookie = f"coranto_session={paper.session}"
    status, for_staff, _ = varnish.ask(ARTICLE, Cookie=cookie)
    assert asked(paper) > before
    assert (status, for_staff) == paper.edge.ask(ARTICLE, Cookie=cookie)[:2]
    assert varnish.ask(ARTICLE)[1] == paper.edge.ask(ARTICLE)[1]


def test_the_admin_is_passed_on(paper, varnish):
    assert varnish.ask("/admin/", Cookie=f"coranto_session={paper.session}")[0] == 200
    assert varnish.ask("/admin/")[0] == 302
    first, second = (varnish.ask("/admin/login/") for _ in range(2))
    assert first[2]["set-cookie"] != second[2]["set-cookie"]


@pytest.mark.parametrize("method", ["PURGE", "BAN"])
def test_a_stranger_purges_nothing(paper, varnish, method):
    assert varnish.ask("/", method=method, source="127.0.0.2", xkey_purge="page:1")[0] == 405
    assert varnish.ask("/", method="PURGE")[0] == 400
