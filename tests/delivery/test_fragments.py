"""Parts that pages share: holes for the edge, markup for everybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from coranto.delivery import fragments, tags
from coranto.delivery.fragments import Fragment, UnknownFragmentError, Variant

pytestmark = pytest.mark.django_db

EDGE = {"REMOTE_ADDR": "", "HTTP_SURROGATE_CAPABILITY": 'coranto="ESI/1.0"'}


def weather(request, city="", days=""):
    tags.carry(f"weather:{city}")
    if days and not days.isdecimal():
        raise UnknownFragmentError(days)
    return f"<p>{city} {days}</p>"


def advertisement(request):
    tags.carry("advertisements")
    return [Variant("<b>tea</b>", 3), Variant("<b>caffè</b>")]


def broken(request):
    raise RuntimeError("no such luck")


def personal(request):
    return f"<p>{request.COOKIES.get('name')}</p>"


def spoken(request):
    return f"{translation.get_language()} {timezone.get_current_timezone_name()}"


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    for one in (
        Fragment("weather", weather, ("city", "days"), life=timedelta(seconds=90), stale=timedelta(seconds=20)),
        Fragment("advertisement", advertisement),
        Fragment("broken", broken),
        Fragment("personal", personal),
        Fragment("spoken", spoken),
    ):
        monkeypatch.setitem(fragments._registered, one.name, one)


# In a page --------------------------------------------------------------------------------------------------


def test_behind_the_edge_a_page_holds_a_hole(rf):
    with tags.collecting() as carried:
        put = fragments.put_in(rf.get("/", **EDGE), "weather", days=3, city="Århus & so")

    assert put == '<esi:include src="/-/fragments/weather/?city=%C3%85rhus+%26+so&amp;days=3"/>'
    assert (carried.has_holes, carried.tags, carried.life) == (True, set(), None)
    assert fragments.put_in(rf.get("/", **EDGE), "advertisement") == '<esi:include src="/-/fragments/advertisement/"/>'


def test_without_one_the_page_carries_what_its_fragments_carry(rf):
    with tags.collecting() as carried:
        put = fragments.put_in(rf.get("/"), "weather", city="Rome")

    assert put == "<p>Rome </p>"
    assert (carried.has_holes, carried.tags, carried.life) == (False, {"weather:Rome"}, timedelta(seconds=90))


def test_variants_are_picked_by_weight(rf):
    request = rf.get("/")
    picked = [fragments.put_in(request, "advertisement") for _ in range(400)]

    # Of 400, 300 are expected, give or take 9; fewer than 240 or more than 360 happen once in 10^11.
    assert set(picked) == {"<b>tea</b>", "<b>caffè</b>"}
    assert 240 < picked.count("<b>tea</b>") < 360


@pytest.mark.parametrize(
    ("made", "shown"), [([], ""), ([Variant("a", 0), Variant("b", 0)], "a"), ([Variant("a", -1), Variant("b")], "b")]
)
def test_odd_weights_harm_nothing(rf, monkeypatch, made, shown):
    monkeypatch.setitem(fragments._registered, "odd", Fragment("odd", lambda request: made))

    assert fragments.put_in(rf.get("/"), "odd") == shown


def test_a_fragment_that_fails_leaves_a_gap_for_a_moment(rf, caplog):
    with tags.collecting() as carried:
        put = fragments.put_in(rf.get("/"), "broken")

    assert (put, carried.life) == ("", timedelta(seconds=1))
    assert "The fragment broken failed" in caplog.text


def test_a_parameter_it_does_not_take_is_a_mistake(rf):
    with pytest.raises(TypeError, match="'weather' takes"):
        fragments.put_in(rf.get("/"), "weather", town="Rome")


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match="registered already"):
        fragments.register(Fragment("weather", weather))


def test_a_template_puts_it_in(rf):
    template = Template('{% load delivery %}{% fragment "weather" city=where %}')

    assert template.render(Context({"request": rf.get("/"), "where": "<Rome>"})) == "<p><Rome> </p>"


# At its own address -----------------------------------------------------------------------------------------


def test_the_edge_asks_for_it_alone(edge):
    answer = edge.get("/-/fragments/weather/?city=Rome&days=3")

    assert answer.content == b"<p>Rome 3</p>"
    assert answer["Surrogate-Control"] == "max-age=90, stale-while-revalidate=20, stale-if-error=86400"
    assert answer["Surrogate-Key"] == "weather:Rome"
    assert answer["Coranto-View"] == "the fragment weather"


def test_variants_come_one_after_the_other(edge):
    answer = edge.get("/-/fragments/advertisement/")

    assert answer.content.decode() == "<b>tea</b><b>caffè</b>"
    assert answer["Surrogate-Variants"] == "10;w=3, 13;w=1"
    assert answer["Surrogate-Control"] == "max-age=600, stale-if-error=86400"


@pytest.mark.parametrize(
    "address",
    ["nothing/", "weather/?town=Rome", "weather/?city=Rome&city=Oslo", "weather/?days=many", "weather/?utm_source=x"],
)
def test_what_no_page_can_have_asked_for_is_missing(edge, client, address):
    assert edge.get(f"/-/fragments/{address}").status_code == 404
    assert client.get(f"/-/fragments/{address}").status_code == 404


def test_a_fragment_that_looked_at_the_reader_is_not_kept(edge, caplog):
    answer = edge.get("/-/fragments/personal/", HTTP_COOKIE="name=Ada")

    assert "Surrogate-Control" not in answer.headers
    assert caplog.messages == [
        "Not given to the store: the fragment personal, because the view looked at the cookie name"
    ]


def test_a_fragment_speaks_the_publications_language_in_its_time_zone(edge):
    from coranto.masthead.models import Publication

    Publication.objects.create(language="de", time_zone="Europe/Vienna")

    assert edge.get("/-/fragments/spoken/").content == b"de Europe/Vienna"


def test_a_fragment_is_only_read(edge):
    assert edge.post("/-/fragments/weather/").status_code == 405
