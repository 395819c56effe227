"""Fronts as an editor arranges them, and as readers see them."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from wagtail.models import GroupPagePermission
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from coranto.kit import clock
from coranto.newsroom import operations, queries
from coranto.newsroom.models import FrontPage, Section, Topic
from coranto.newsroom.rules import Candidate, Places, depths_of, fill_places

pytestmark = pytest.mark.django_db

LATEST = ("latest", 0)
CITY = ("section", 7)


# Filling ------------------------------------------------------------------------------------------------


def candidates(*ids, pictures=()):
    return [Candidate(each, each in pictures) for each in ids]


def test_places_are_filled_from_top_to_bottom_and_nothing_stands_twice():
    wanted = [Places(source=LATEST, count=2), Places(source=CITY, count=2), Places(source=LATEST, count=2)]
    newest = {LATEST: candidates(9, 8, 7, 6, 5, 4), CITY: candidates(9, 7, 5)}
    assert fill_places(wanted, public=(), newest=newest) == [[9, 8], [7, 5], [6, 4]]


def test_what_is_picked_below_does_not_stand_above():
    wanted = [Places(source=LATEST, count=2), Places(picks=[9], source=LATEST, count=2)]
    assert fill_places(wanted, public={9}, newest={LATEST: candidates(9, 8, 7, 6)}) == [[8, 7], [9, 6]]


def test_place_of_a_pick_that_is_not_public_goes_to_the_newest_and_a_row_of_picks_alone_gets_shorter():
    wanted = [Places(picks=[3, 4], source=LATEST, count=2), Places(picks=[5, 3, 2])]
    assert fill_places(wanted, public={4, 5}, newest={LATEST: candidates(9, 8)}) == [[4, 9], [5]]


def test_article_picked_twice_stands_in_the_first_place():
    wanted = [Places(picks=[4], count=1), Places(picks=[4, 5, 5], count=3)]
    assert fill_places(wanted, public={4, 5}, newest={}) == [[4], [5]]


@pytest.mark.parametrize(("pictures", "lead"), [({7}, 7), ({2}, 9), ((), 9)])
def test_lead_takes_the_newest_with_a_picture_if_it_is_not_old(pictures, lead):
    wanted = [Places(source=LATEST, count=1, wants_picture=True)]
    newest = {LATEST: candidates(9, 8, 7, 6, 5, 4, 3, 2, pictures=pictures)}
    assert fill_places(wanted, public=(), newest=newest) == [[lead]]


def test_lists_are_read_as_deep_as_the_places_above_may_reach():
    wanted = [
        Places(source=LATEST, count=1, wants_picture=True),
        Places(source=CITY, count=4),
        Places(picks=[1, 2]),
        Places(source=LATEST, count=8),
    ]
    assert depths_of(wanted) == {LATEST: 13, CITY: 5}


# What readers see -----------------------------------------------------------------------------------------


def lead(article=None, headline="", layout="large"):
    return {"type": "lead", "value": {"article": article and article.pk, "headline": headline, "layout": layout}}


def seconds(*articles, section=None, count=4):
    value = {"articles": picks(articles), "section": section and section.pk, "count": count}
    return {"type": "seconds", "value": value}


def latest(count=5):
    return {"type": "latest", "value": {"count": count}}


def row(*articles, title="", section=None, topic=None, fill=True, count=4, look="even"):
    value = {"title": title, "articles": picks(articles), "fill": fill, "count": count, "look": look}
    return {"type": "row", "value": {**value, "section": section and section.pk, "topic": topic and topic.pk}}


def opinion(*articles, title="", section=None, count=4):
    value = {"title": title, "articles": picks(articles), "section": section and section.pk, "count": count}
    return {"type": "opinion", "value": value}


def picks(articles):
    return [each.pk for each in articles]


def arrange(*blocks, front=None, **fields):
    front = front or FrontPage.objects.get()
    vars(front).update(fields)
    operations.arrange_front(front=front, blocks=blocks, by=None)


@pytest.fixture
def shown(client):
    """The headlines a reader finds on a page, by the titles they stand under."""

    def look(path="/"):
        page = client.get(path).text
        found = {}
        for part in re.split(r"<section class=\"(?=front|row|listing)", page)[1:]:
            title = re.sub(r"<[^>]+>|\s+", " ", re.search(r"<h2[^>]*>(.*?)</h2>", part, re.DOTALL)[1]).strip()
            found[title] = re.findall(r"u-url p-name\" href=\"[^\"]*\">([^<]*)</a>", part)
        return found

    return look


def test_front_nobody_arranged_is_the_newest_and_a_row_for_each_section(store, shown, make_section):
    store(14)
    store(5, section=make_section("Culture"))
    assert [(title, len(cards)) for title, cards in shown().items()] == [
        ("Top stories", 9),
        ("City", 4),
        ("Culture", 4),
    ]


def test_arranged_front_stands_as_arranged_and_repeats_nothing(store, write, shown, make_section):
    culture, opinions = make_section("Culture"), make_section("Opinion")
    trams = Topic.objects.create(name="Trams", slug="trams")
    stored = store(12, topics=[trams])
    store(9, section=culture)
    store(5, section=opinions)
    chosen = write("Chosen by hand")
    arrange(
        lead(chosen, headline="Better words here"),
        seconds(stored[0], count=3),
        latest(3),
        row(section=culture, count=3, look="led"),
        row(topic=trams, title="On rails"),
        opinion(section=opinions, count=3),
    )
    page = shown()
    assert list(page) == ["Top stories", "Culture", "On rails", "Opinion", "Latest"]
    assert page["Top stories"][0] == "Better words here"
    assert page["Top stories"][1] == stored[0].title
    assert [len(each) for each in page.values()] == [7, 3, 4, 3, 8]
    everything = [headline for cards in page.values() for headline in cards]
    assert len(everything) == len(set(everything))
    assert "Chosen by hand" not in everything


def test_articles_picked_stand_first_and_the_newest_follow(store, shown, city):
    stored = store(6)
    arrange(row(stored[1], stored[3], section=city), latest_below=False)
    titles = [each.title for each in stored]
    assert shown() == {"City": [titles[1], titles[3], titles[5], titles[4]]}


@pytest.mark.parametrize("fate", ["withdrawn", "private", "deleted", "behind a password"])
def test_pick_that_is_no_longer_public_is_gone_with_the_next_request_and_its_place_taken(store, write, shown, fate):
    stored = store(6)
    chosen = write("Chosen by hand")
    arrange(lead(chosen), row(chosen, stored[0], fill=False, count=3), latest_below=False)
    assert shown() == {"Top stories": ["Chosen by hand"], "More to read": [stored[0].title]}
    match fate:
        case "withdrawn":
            chosen.unpublish()
        case "deleted":
            chosen.delete()
        case _:
            chosen.visibility = "private" if fate == "private" else "password"
            chosen.password = "sesame"
            chosen.save_revision().publish()
    assert shown() == {"Top stories": [stored[5].title], "More to read": [stored[0].title]}


def test_front_of_which_nothing_is_left_arranges_itself(store, write, shown):
    chosen = write("Chosen by hand")
    store(3)
    arrange(row(chosen, fill=False), latest_below=False)
    chosen.unpublish()
    assert list(shown()) == ["Top stories"]
    assert len(shown()["Top stories"]) == 3


def test_arranged_front_of_an_empty_newsroom_says_so(client, city):
    arrange(lead(), row(section=city))
    assert "The first article has yet to be published." in client.get("/").text


def test_section_that_is_arranged_has_its_list_below_without_what_stands_above(
    client, store, shown, city, make_section
):
    stored = store(30)
    store(3, section=make_section("Culture"))
    arrange(lead(stored[2]), row(title="Newest here", count=3), front=city)
    page = shown("/city/")
    titles = [each.title for each in reversed(stored)]
    assert page["Top stories"] == [stored[2].title]
    assert page["Newest here"] == titles[:3]
    assert page["More from City"] == titles[3:23]
    assert list(shown(f"/city/{older_than(client.get('/city/'))}")) == ["Articles in City"]


def older_than(response):
    """Where the rest of a list is."""
    return re.search(r"\?before=[^\"]+", response.text)[0]


def test_secondary_leads_without_a_lead_are_a_part_of_their_own(store, client):
    store(9)
    arrange(row(count=3), seconds(count=2), lead(), latest(3))
    heads = re.findall(r"<section class=\"front ([^\"]*)h-feed", client.get("/").text)
    assert [each.split() for each in heads] == [["front--pair", "front--led-by-none"], ["front--pair", "front--large"]]


def test_only_the_first_lead_is_fetched_first(store, picture, client):
    store(6, picture=picture)
    arrange(lead(), row(count=3), lead())
    assert client.get("/").text.count('fetchpriority="high"') == 1


def test_lead_of_words_alone_shows_no_picture(store, picture, client):
    store(1, picture=picture)
    arrange(lead(layout="words"), latest_below=False)
    assert "card__picture" not in client.get("/").text


def test_opinion_shows_the_portrait_of_who_signed_alone(store, ada_thorne, picture, client, city):
    ada_thorne.picture = picture
    ada_thorne.save()
    store(2)
    arrange(opinion(section=city), latest_below=False)
    assert client.get("/").text.count("card__portrait") == 2


def test_placement_stands_on_a_front(store, client):
    store(4)
    arrange(row(count=3), {"type": "placement", "value": {"kind": "newest", "options": ""}}, latest_below=False)
    assert client.get("/").text.count("see-also") >= 3


def test_stored_arrangement_with_what_is_no_longer_there_is_shown_without(store, client, city):
    store(4)
    front = FrontPage.objects.get()
    front.arrangement = [
        {"type": "row", "value": {"section": 99999, "topic": None, "fill": True, "count": 3}},
        {"type": "row", "value": {"topic": 99999, "fill": True, "count": 3}},
        {"type": "seconds", "value": {}},
        {"type": "lead", "value": {"article": 99999}},
    ]
    front.save_revision().publish()
    assert client.get("/").status_code == 200


def test_front_is_not_arranged_as_the_form_would_refuse(city):
    with pytest.raises(ValidationError):
        arrange(row(fill=False))


# Reading at any size ----------------------------------------------------------------------------------------


def test_arranged_front_is_read_by_seeks(store, city, make_section):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if connection.vendor != "sqlite":
        return  # PostgreSQL plans by the size of the tables, which are empty here
    stored = store(40)
    blocks = [lead(stored[3]), seconds(), row(section=city), row(stored[7], section=make_section("Culture"))]
    known = queries.sections()
    with CaptureQueriesContext(connection) as captured:
        front = queries.arranged_front([{**each, "id": ""} for each in blocks], known=known, latest_below=8)
    assert len(front.shown) > 10
    seeks = 0
    for query in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"))
            steps = [step[3] for step in cursor.fetchall()]
        assert not [each for each in steps if re.match(r"SCAN (newsroom_|wagtailcore_|masthead_)", each)], query["sql"]
        assert not [each for each in steps if "TEMP B-TREE FOR ORDER" in each and "newsroom_listing" in query["sql"]]
        seeks += sum("INDEX listing_newest_first" in each for each in steps)
    assert seeks >= 3


# What the editor does ---------------------------------------------------------------------------------------


def form_of(page, *blocks, **fields):
    shared = {
        "title": page.title,
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "arrangement": streamfield([(each["type"], as_form(each["value"])) for each in blocks]),
        "comments": inline_formset([]),
    }
    own = {"latest_below": "on"} if isinstance(page, FrontPage) else {"slug": page.slug, "description": ""}
    return nested_form_data({**shared, **own, "parent_section": "", **fields})


def as_form(value):
    """A block's value as the form sends it."""
    sent = {name: "" if each is None else each for name, each in value.items() if each is not False}
    if "articles" in value:
        sent["articles"] = {
            "count": str(len(value["articles"])),
            **{
                str(number): {"value": str(each), "order": str(number), "deleted": "", "id": ""}
                for number, each in enumerate(value["articles"])
            },
        }
    if value.get("fill"):
        sent["fill"] = "on"
    return sent


def send(client, page, *blocks, action="publish", **fields):
    data = {**form_of(page, *blocks, **fields), f"action-{action}": f"action-{action}"}
    return client.post(f"/admin/pages/{page.pk}/edit/", data)


def test_editor_arranges_the_front_page_and_readers_see_it(client, cora, store, shown, city):
    stored = store(9)
    client.force_login(cora)
    answer = send(client, FrontPage.objects.get(), lead(stored[4]), seconds(stored[1], count=2), row(section=city))
    assert answer.status_code == 302
    assert stored[4].title in client.get(f"/admin/pages/{FrontPage.objects.get().pk}/edit/").text
    client.logout()
    titles = [each.title for each in stored]
    assert shown()["Top stories"] == [titles[4], titles[1], titles[8]]
    assert shown()["City"] == [titles[7], titles[6], titles[5], titles[3]]
    assert shown()["Latest"] == [titles[2], titles[0]]


def test_front_arranged_without_the_form_opens_in_it(client, cora, store, city):
    stored = store(3)
    arrange(lead(stored[0]), seconds(stored[1]), row(stored[2]), opinion(section=city), latest())
    client.force_login(cora)
    assert stored[2].title in client.get(f"/admin/pages/{FrontPage.objects.get().pk}/edit/").text


def test_row_that_asks_for_too_much_or_nothing_is_refused_in_words(client, cora, store, city):
    store(3)
    trams = Topic.objects.create(name="Trams", slug="trams")
    client.force_login(cora)
    front = FrontPage.objects.get()
    for block, sentence in [
        (row(section=city, topic=trams), "Choose a section or a topic, not both."),
        (row(fill=False), "Pick at least one article, or let the row fill up with the newest."),
        (opinion(), "Choose a section, or pick the articles."),
        (row(count=99), "Ensure this value is less than or equal to 8."),
    ]:
        answer = send(client, front, block)
        assert answer.status_code == 200
        assert sentence in html.unescape(answer.text), sentence
    assert not FrontPage.objects.get().raw_arrangement


def test_pick_must_be_an_article(client, cora, city):
    client.force_login(cora)
    answer = send(client, FrontPage.objects.get(), row(city))
    assert answer.status_code == 200
    assert "This field is required." in answer.text
    assert not FrontPage.objects.get().raw_arrangement


def test_draft_may_be_picked_and_the_editor_is_told(client, cora, write, store, shown):
    store(2)
    draft = write("Not out yet", publish=False, live=False)
    client.force_login(cora)
    front = FrontPage.objects.get()
    answer = client.post(
        f"/admin/pages/{front.pk}/edit/", {**form_of(front, lead(draft)), "action-publish": "x"}, follow=True
    )
    sentence = "“Not out yet” is not published. It is left out until it is."
    assert sentence in [str(each) for each in answer.context["messages"]]
    assert sentence in client.get(f"/admin/pages/{front.pk}/edit/").text
    assert "Not out yet" not in shown()["Top stories"]
    draft.save_revision().publish()
    assert shown()["Top stories"][0] == "Not out yet"


def test_editor_is_told_why_each_pick_is_hidden(write):
    gone, again = write("Gone"), write("Again")
    withdrawn, private = write("Back in the drawer"), write("House matters", visibility="private")
    planned = write("Tomorrow", publish=False)
    planned.go_live_at = clock.now() + timedelta(days=1)
    planned.save_revision().publish()
    arrange(row(gone, again, again, withdrawn, private, planned))
    withdrawn.unpublish()
    gone.delete()
    hidden = queries.hidden_picks(FrontPage.objects.get())
    assert [(each.title, each.reason) for each in hidden] == [
        ("", "gone"),
        ("Again", "twice"),
        ("Back in the drawer", "withdrawn"),
        ("House matters", "not-for-all"),
        ("Tomorrow", "planned"),
    ]
    assert all(each.sentence and "%" not in each.sentence for each in hidden)


def test_preview_shows_the_arrangement_that_is_being_made_and_readers_do_not(client, cora, write, store, city):
    stored = store(4)
    draft = write("Not out yet", publish=False, live=False)
    client.force_login(cora)
    front = FrontPage.objects.get()
    for page, path in [(front, "/"), (city, "/city/")]:
        data = form_of(page, lead(stored[0], headline="As previewed"), row(draft, title="A new row"))
        answer = client.post(f"/admin/pages/{page.pk}/edit/preview/", data)
        assert json.loads(answer.content)["is_valid"], answer.content
        preview = client.get(f"/admin/pages/{page.pk}/edit/preview/").text
        assert "As previewed" in preview
        assert "A new row" in preview
        assert "“Not out yet” is not published." in preview
        assert "As previewed" not in client.get(path).text


# Planned ----------------------------------------------------------------------------------------------------


@pytest.fixture
def tomorrow():
    return (clock.now() + timedelta(days=1)).replace(microsecond=0)


@pytest.mark.parametrize("path", ["/", "/city/"])
def test_planned_arrangement_goes_live_at_its_minute_and_the_old_one_stays_until_then(
    client, cora, store, shown, city, tomorrow, path
):
    stored = store(5)
    page = FrontPage.objects.get() if path == "/" else city
    arrange(lead(stored[0]), front=page)
    client.force_login(cora)
    page = type(page).objects.get()
    answer = send(client, page, lead(stored[1]), go_live_at=local(tomorrow))
    assert answer.status_code == 302
    assert shown(path)["Top stories"] == [stored[0].title]
    assert "An arrangement is planned for" in client.get(f"/admin/pages/{page.pk}/edit/").text
    operations.publish_due(now=tomorrow - timedelta(seconds=61))
    assert shown(path)["Top stories"] == [stored[0].title]
    with_clock_at(tomorrow + timedelta(minutes=1))
    assert shown(path)["Top stories"] == [stored[1].title]
    assert type(page).objects.get().live


def local(moment):
    from django.utils import timezone

    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def with_clock_at(moment):
    import time_machine

    with time_machine.travel(moment, tick=False):
        assert operations.publish_due(now=clock.now()) >= 1


def test_preview_of_a_planned_front_shows_what_will_be_out_by_then(client, cora, write, store, tomorrow):
    store(3)
    early, late = write("Out by then", publish=False), write("Out too late", publish=False)
    for article, at in [(early, tomorrow - timedelta(hours=1)), (late, tomorrow + timedelta(hours=1))]:
        article.go_live_at = at
        article.save_revision().publish()
    client.force_login(cora)
    front = FrontPage.objects.get()
    data = form_of(front, lead(early), row(late, fill=True, title="Below"), go_live_at=local(tomorrow))
    client.post(f"/admin/pages/{front.pk}/edit/preview/", data)
    preview = client.get(f"/admin/pages/{front.pk}/edit/preview/").text
    assert 'p-name" href="' in preview
    headlines = re.findall(r"u-url p-name\" href=\"[^\"]*\">([^<]*)</a>", preview)
    assert headlines[0] == "Out by then"
    assert "Out too late" not in headlines
    assert "“Out too late” is left out until it goes out on" in preview


def test_form_of_a_front_has_a_beginning_and_no_end(client, cora, city):
    client.force_login(cora)
    for page in (FrontPage.objects.get(), city):
        form = client.get(f"/admin/pages/{page.pk}/edit/").context["form"]
        assert "go_live_at" in form.fields
        assert "expire_at" not in form.fields


# Who may ----------------------------------------------------------------------------------------------------


def test_editor_of_a_section_arranges_that_section_and_nothing_else(client, dov, store, city, make_section):
    store(3)
    culture = make_section("Culture")
    group = Group.objects.create(name="City desk")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for kind in ("change_page", "publish_page"):
        permission = Permission.objects.get(codename=kind, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=city, permission=permission)
    dov.groups.add(group)
    client.force_login(dov)
    assert send(client, city, row(count=3)).status_code == 302
    assert Section.objects.get(slug="city").raw_arrangement
    for page in (culture, FrontPage.objects.get()):
        answer = send(client, page, row(count=3))
        assert answer.status_code == 302
        assert "/edit/" not in answer["Location"]
        assert not type(page).objects.get(pk=page.pk).raw_arrangement
