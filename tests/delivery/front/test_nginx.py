"""nginx in front of the edge, as docs/operate/examples/nginx.conf sets it up."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

ARTICLE, HOST = "/news/tram/", "news.example"

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", ["/", ARTICLE, "/nowhere/"])
def test_a_page_is_the_same_as_without_it(paper, nginx, path):
    assert nginx.ask(path)[:2] == paper.edge.ask(path)[:2]


def test_who_comes_without_tls_is_sent_to_it(paper, nginx):
    status, _, headers = nginx.plain.ask(ARTICLE)
    assert (status, headers["location"]) == (301, f"https://{HOST}{ARTICLE}")


def test_a_page_known_already_is_not_sent_again(paper, nginx):
    etag = nginx.ask(ARTICLE)[2]["etag"]
    assert nginx.ask(ARTICLE, If_None_Match=etag)[:2] == (304, "")


def test_an_editor_signs_in_and_the_site_knows_that_it_is_encrypted(paper, nginx):
    _, page, headers = nginx.ask("/admin/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    body = urlencode({"csrfmiddlewaretoken": token, "username": "cora@news.example", "password": "sesame-sesame"})
    # Django compares the origin with the address it believes to be asked at, scheme included.
    status, _, headers = nginx.ask(
        "/admin/login/",
        method="POST",
        body=body,
        Cookie=headers["set-cookie"],
        Origin=f"https://{HOST}",
        Content_Type="application/x-www-form-urlencoded",
    )
    assert (status, headers["location"]) == (302, "/admin/")
    assert "coranto_session=" in headers["set-cookie"]
