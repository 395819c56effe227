"""Who is a bot, where readers come from, and marks that say nothing."""

from __future__ import annotations

import crawleruseragents
import pytest

from coranto.audience.rules import Referrer, classify_referrer, clean_agent, is_bot, is_nameless, marks_of
from coranto.audience.rules.bots import LONGEST_AGENT

SAMPLES = sorted({each for bot in crawleruseragents.CRAWLER_USER_AGENTS_DATA for each in bot["instances"]})
BROWSERS = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBDV/iPhone12,1]",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36 Instagram 331.0",
    "Mozilla/5.0 (Linux; Android 11; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0.4664.104 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
    "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
    "Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1",
]
PROGRAMS = [
    "curl/8.5.0 (x86_64)",
    "python-requests/2.31.0",
    "SomebodysReader/1.0 (+https://elsewhere.example)",
    "okhttp/4.12.0 (Android)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; NobodyKnowsThisBot/0.1)",
    "Mozilla/5.0 (compatible; unheard-of-crawler)",
    "Mozilla/5.0 (compatible; Watcher; +https://elsewhere.example/why)",
    "Mozilla/5.0",
    "",
]


def test_there_are_enough_samples():
    assert len(SAMPLES) > 2000


def test_every_known_bot_is_one():
    assert [each for each in SAMPLES if not is_bot(clean_agent(each))] == []


@pytest.mark.parametrize("agent", BROWSERS)
def test_browser_is_a_person(agent):
    assert not is_bot(agent)


@pytest.mark.parametrize("agent", PROGRAMS)
def test_program_is_a_bot(agent):
    assert is_bot(agent)


def test_agent_is_kept_short_and_clean():
    assert clean_agent("  Mozilla/5.0\x00\x07 (X)\x7f ") == "Mozilla/5.0 (X)"
    assert len(clean_agent("x" * 5000)) == LONGEST_AGENT
    assert [is_nameless(each) for each in ("", "Mozilla/5.0", "Mozilla/5.0 (X)")] == [True, True, False]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("", Referrer.DIRECT),
        (" ", Referrer.DIRECT),
        ("lantern.example", Referrer.INTERNAL),
        ("www.lantern.example", Referrer.INTERNAL),
        ("LANTERN.example.", Referrer.INTERNAL),
        ("lantern.example.evil.example", Referrer.SITE),
        ("www.google.com", Referrer.SEARCH),
        ("www.google.co.uk", Referrer.SEARCH),
        ("google.com.br", Referrer.SEARCH),
        ("news.google.com", Referrer.SEARCH),
        ("duckduckgo.com", Referrer.SEARCH),
        ("search.brave.com", Referrer.SEARCH),
        ("yandex.ru", Referrer.SEARCH),
        ("t.co", Referrer.SOCIAL),
        ("x.com", Referrer.SOCIAL),
        ("l.facebook.com", Referrer.SOCIAL),
        ("old.reddit.com", Referrer.SOCIAL),
        ("mastodon.social", Referrer.SOCIAL),
        ("news.ycombinator.com", Referrer.SOCIAL),
        ("netflix.com", Referrer.SITE),
        ("google.elsewhere.example", Referrer.SITE),
        ("localhost:8000", Referrer.SITE),
        ("[2001:db8::1]:80", Referrer.SITE),
        ("a" * 5000, Referrer.SITE),
        ("...", Referrer.DIRECT),
    ],
)
def test_referrer_is_one_of_five(host, expected):
    assert classify_referrer(host, own="lantern.example") == expected


def test_marks_tell_visitors_apart():
    given = {"salt": b"s" * 32, "site": "https://lantern.example", "address": "203.0.113.7", "agent": BROWSERS[0]}
    marks = marks_of(**given)

    assert marks == marks_of(**given)
    assert {len(marks.visitor), len(marks.address)} == {16}
    assert marks.address == marks_of(**{**given, "agent": BROWSERS[1]}).address
    for other in ({"salt": b"t" * 32}, {"site": "https://other.example"}, {"address": "203.0.113.8"}):
        different = marks_of(**{**given, **other})
        assert different.visitor != marks.visitor
        assert different.address != marks.address


def test_marks_do_not_run_together():
    given = {"salt": b"s" * 32, "site": "s"}

    assert marks_of(**given, address="1", agent="23").visitor != marks_of(**given, address="12", agent="3").visitor
