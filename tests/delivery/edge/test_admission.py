from __future__ import annotations

from datetime import timedelta

import pytest

from coranto.delivery.edge import admission
from coranto.delivery.edge.admission import Admission, Rejection, is_candidate, judge
from coranto.delivery.edge.answers import Answer, for_client
from coranto.delivery.edge.keys import Key, Rule, fragment_key
from coranto.delivery.rules.surrogate import SurrogateControl

OFFER = (b"surrogate-control", b'max-age=600, stale-while-revalidate=30, stale-if-error=86400, content="ESI/1.0"')
PARAMETERS = (b"no-vary-search", b'key-order, params, except=("page")')
PLAIN = Rule(frozenset({"page"}), by_level=False)
ASKED = Key("news.example", "/news/", "page=2&utm_source=x", "tier-1", None)
LATEST = fragment_key("/-/fragments/latest/", host="news.example", level="")


def answer(*headers, status=200, body=b"<p>News</p>", offer=OFFER):
    return Answer(status, [offer, PARAMETERS, (b"cache-control", b"public, no-cache"), *headers], body)


def test_public_page_is_admitted_under_what_matters():
    control = SurrogateControl(
        life=timedelta(minutes=10),
        stale_while_revalidate=timedelta(seconds=30),
        stale_if_error=timedelta(days=1),
        has_holes=True,
    )
    assert judge(ASKED, answer()) == Admission(Key("news.example", "/news/", "page=2", "", PLAIN), control)


def test_page_that_differs_by_entitlement_is_admitted_for_that_one():
    found = judge(ASKED, answer((b"vary", b"Accept-Encoding, Coranto-Entitlement")))
    assert found.key == Key("news.example", "/news/", "page=2", "tier-1", Rule(frozenset({"page"}), by_level=True))


@pytest.mark.parametrize(
    "offer",
    [
        (b"x-other", b"1"),
        (b"surrogate-control", b"no-store"),
        (b"surrogate-control", b"max-age=0"),
        (b"surrogate-control", b"?"),
    ],
)
def test_what_is_not_offered_is_passed_on_without_a_word(offer):
    assert judge(ASKED, answer(offer=offer)) == Rejection("The app does not offer it.")


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ([(b"set-cookie", b"a=b")], "It sets a cookie."),
        ([(b"set-cookie", b"")], "It sets a cookie."),
        ([(b"cache-control", b"private")], "Its Cache-Control keeps it to one reader."),
        ([(b"cache-control", b'Private="x"')], "Its Cache-Control keeps it to one reader."),
        ([(b"cache-control", b"max-age=5, No-Store")], "Its Cache-Control keeps it to one reader."),
        ([(b"vary", b"Cookie")], "It varies by cookie."),
        ([(b"vary", b"accept-encoding"), (b"vary", b"Authorization , cookie")], "It varies by authorization, cookie."),
        ([(b"vary", b"*")], "It varies by *."),
        ([(b"vary", b"Accept-Language")], "It varies by accept-language."),
        ([(b"content-encoding", b"gzip")], "It is encoded already."),
        ([(b"surrogate-variants", b"3;w=1, 5;w=1")], "Its variants do not add up to its body."),
        (
            [(b"surrogate-key", b" ".join(b"page:%d" % number for number in range(5_001)))],
            "It carries more than 5000 tags.",
        ),
    ],
)
def test_what_was_made_for_one_reader_is_refused(headers, reason):
    assert judge(ASKED, answer(*headers)) == Rejection(reason, is_fault=True)


@pytest.mark.parametrize("status", [201, 204, 206, 301, 302, 304, 400, 403, 410, 500, 503])
def test_only_pages_and_missing_pages_are_stored(status):
    assert judge(ASKED, answer(status=status)) == Rejection(f"Its status is {status}.", is_fault=True)


def test_script_may_name_what_it_looks_for_in_pages():
    script = answer((b"content-type", b"text/javascript"), body=b'document.querySelector("[name=csrfmiddlewaretoken]")')
    assert isinstance(judge(ASKED, script), Admission)


@pytest.mark.parametrize("marker", ["csrfmiddlewaretoken", "wagtail-userbar"])
def test_body_with_a_token_or_the_staff_bar_is_refused(marker):
    body = b'<input name="' + marker.encode() + b'">'
    assert judge(ASKED, answer(body=body)) == Rejection(f"Its body holds “{marker}”.", is_fault=True)


def test_large_body_is_refused():
    assert isinstance(judge(ASKED, answer(body=bytes(admission.LARGEST))), Admission)
    assert judge(ASKED, answer(body=bytes(admission.LARGEST + 1))) == Rejection(
        "It is larger than 2 MB.", is_fault=True
    )


def test_missing_page_is_kept_briefly():
    control = judge(ASKED, answer(status=404)).control
    assert (control.life, control.stale_while_revalidate, control.stale_if_error) == (
        timedelta(minutes=1),
        timedelta(0),
        timedelta(minutes=1),
    )


def test_missing_page_does_not_change_what_its_path_depends_on():
    asked = Key("news.example", "/news/", "page=99", "", PLAIN)
    missing = Answer(404, [OFFER], b"")
    assert judge(asked, missing).key == asked
    assert judge(asked._replace(rule=None), missing).key.rule == Rule(None, by_level=False)


def test_answer_that_depends_on_what_was_dropped_has_to_be_asked_for_again():
    asked = Key("news.example", "/news/", "page=2", "", PLAIN)
    found = judge(asked, answer((b"vary", b"Coranto-Entitlement")))
    assert found == Rejection(
        "It depends on more than requests for it were told apart by.", rule=Rule(frozenset({"page"}), by_level=True)
    )


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (answer(status=404), "Its status is 404."),
        (answer(offer=(b"x", b"y")), "The app does not offer it."),
        (answer((b"vary", b"Coranto-Entitlement")), "It differs by entitlement; the page that holds it does not."),
        (answer((b"set-cookie", b"a=b")), "It sets a cookie."),
    ],
)
def test_fragment_that_cannot_be_put_into_pages_is_a_fault(given, reason):
    assert judge(LATEST, given) == Rejection(reason, is_fault=True)


def test_fragment_is_admitted_under_its_whole_address():
    assert judge(LATEST, answer()).key == LATEST


@pytest.mark.parametrize(
    ("expected", "request_"),
    [
        (True, {}),
        (True, {"method": b"HEAD"}),
        (True, {"level": "tier-1"}),
        (True, {"level": "tier-1", "has_session": True}),
        (True, {"level": "visitor", "has_session": True}),
        (False, {"has_session": True}),
        (False, {"level": "staff", "has_session": True}),
        (False, {"level": "staff"}),
        (False, {"has_authorization": True}),
        (False, {"has_authorization": True, "level": "tier-1"}),
        (False, {"method": b"POST"}),
        (False, {"method": b"OPTIONS"}),
        (False, {"method": b"get"}),
    ],
)
def test_whose_requests_the_store_may_answer(expected, request_):
    plain = {"method": b"GET", "has_authorization": False, "has_session": False, "level": None}
    assert is_candidate(**{**plain, **request_}) is expected


def test_client_sees_nothing_of_one_hop_or_of_the_contract():
    headers = [
        (b"content-type", b"text/html"),
        (b"connection", b"close, X-Hop"),
        (b"x-hop", b"1"),
        (b"transfer-encoding", b"chunked"),
        (b"surrogate-control", b"max-age=5"),
        (b"surrogate-key", b"a:1"),
        (b"surrogate-variants", b"1"),
        (b"no-vary-search", b"params"),
        (b"x-sendfile", b"/etc/passwd"),
        (b"coranto-view", b"v"),
        (b"coranto-staff", b"1"),
        (b"link", b"</a>; rel=preload"),
    ]
    assert for_client(headers) == [(b"content-type", b"text/html"), (b"link", b"</a>; rel=preload")]
