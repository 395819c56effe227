from __future__ import annotations

import gzip

import pytest

pytestmark = pytest.mark.django_db


def test_page_and_stylesheet_travel_compressed(client):
    for path in ("/", "/static/theme/base.css"):
        response = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert response["Content-Encoding"] == "gzip", path
        assert gzip.decompress(b"".join(response))
        response.close()


def test_page_is_sent_plain_to_whoever_cannot_unpack_it(client):
    assert not client.get("/").has_header("Content-Encoding")
