from __future__ import annotations

import pytest

from coranto.kit.origins import is_own_post


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://news.example"}, False),
        ({"Origin": "https://news.example"}, True),
        ({"Origin": "https://news.example.evil.example"}, False),
        ({"Origin": "https://news.example:8443"}, False),
        ({"Origin": "null"}, False),
        ({}, True),
    ],
)
def test_post_is_ours_only_when_the_browser_says_so(headers, own):
    assert is_own_post(headers, "news.example") is own
