"""robots.txt, ads.txt, and what an editor can say there."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

import pytest
from django.core.exceptions import ValidationError

from coranto.masthead.models import Discovery
from coranto.masthead.rules.crawlers import CRAWLERS, Use

pytestmark = pytest.mark.django_db


def robots(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    found = RobotFileParser()
    found.parse(response.text.splitlines())
    return found


def test_everybody_may_read_the_paper_and_nobody_the_machinery(client, db):
    found = robots(client)

    assert {
        path: found.can_fetch("GPTBot", path)
        for path in ("/", "/city/trams/", "/account/login/", "/admin/", "/-/seen", "/rss.xml")
    } == {
        "/": True,
        "/city/trams/": True,
        "/account/login/": False,
        "/admin/": False,
        "/-/seen": False,
        "/rss.xml": True,
    }
    assert found.site_maps() == ["http://localhost:8000/sitemap.xml", "http://localhost:8000/news-sitemap.xml"]


def test_crawlers_are_sent_away_one_by_one(client, told):
    told(refused_crawlers=["GPTBot", "CCBot"])
    found = robots(client)

    assert not found.can_fetch("GPTBot", "/")
    assert not found.can_fetch("CCBot", "/city/")
    assert found.can_fetch("OAI-SearchBot", "/city/")
    assert found.can_fetch("Googlebot", "/city/")
    assert not found.can_fetch("Googlebot", "/admin/")


def test_list_of_crawlers_names_each_once_for_every_use():
    agents = [each.agent.lower() for each in CRAWLERS]

    assert len(agents) == len(set(agents))
    assert {each.use for each in CRAWLERS} == set(Use)


def test_crawler_that_left_our_list_is_left_alone(client, told):
    told(refused_crawlers=["NoSuchBot", "GPTBot"])

    assert "NoSuchBot" not in client.get("/robots.txt").text


def test_further_lines_stand_as_written(client, told):
    told(robots_lines="User-agent: Grabber\nDisallow: /archive/  \n\n# kind regards")

    assert "User-agent: Grabber\nDisallow: /archive/\n\n# kind regards\n\nSitemap: " in client.get("/robots.txt").text
    assert not robots(client).can_fetch("Grabber", "/archive/1")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("Disallow /archive/", "Line 1: write a field, a colon and a value"),
        ("User-agent: *\nForbid: /", "Line 2: “Forbid” is no field crawlers know."),
        ("User-agent: *\nDisallow: archive", "Line 2: a path begins with “/”."),
        ("User-agent:", "Line 1: name a crawler"),
    ],
)
def test_line_that_no_crawler_understands_is_refused_with_a_sentence(lines, said):
    with pytest.raises(ValidationError) as error:
        Discovery(robots_lines=lines).full_clean()
    (sentence,) = error.value.message_dict["robots_lines"]
    assert sentence.startswith(said)


# ads.txt -------------------------------------------------------------------------------------------------------

ADS = """# Who sells for us
adsystem.example, pub-1234567890, DIRECT, f08c47fec0942fa0
exchange.example, 1001, reseller # since May
exchange.example, 1001, RESELLER; extension
OWNERDOMAIN=lantern.example
MANAGERDOMAIN=sales.example, US
CONTACT=ads@lantern.example
"""


def test_there_is_no_ads_txt_until_there_is_something_in_it(client, told):
    assert client.get("/ads.txt").status_code == 404
    told(ads_txt=ADS)
    response = client.get("/ads.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text == ADS
    told(ads_txt="  \n")
    assert client.get("/ads.txt").status_code == 404


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("adsystem.example, 12", "Line 1: write domain, account, DIRECT or RESELLER, separated by commas."),
        ("a, b, c, d, e", "Line 1: write domain, account"),
        ("https://adsystem.example, 12, DIRECT", "Line 1: “https://adsystem.example” is no domain."),
        ("# fine\nadsystem.example, , DIRECT", "Line 2: the second part is the account"),
        ("adsystem.example, 12, OWNER", "Line 1: the third part is DIRECT or RESELLER."),
        ("PHONE=1", "Line 1: “PHONE” is no variable of ads.txt."),
        ("CONTACT=", "Line 1: “CONTACT=” is followed by a value."),
        ("SUBDOMAIN=not a domain", "Line 1: “not a domain” is no domain."),
    ],
)
def test_line_that_is_no_record_is_refused_with_a_sentence(line, said):
    with pytest.raises(ValidationError) as error:
        Discovery(ads_txt=line).full_clean()
    (sentence,) = error.value.message_dict["ads_txt"]
    assert sentence.startswith(said)


# The page in the admin -----------------------------------------------------------------------------------------

ADDRESS = "/admin/settings/masthead/discovery/"


def test_editor_sets_everything_on_one_page(client, cora):
    client.force_login(cora)
    opened = client.get(ADDRESS, follow=True)
    sent = {
        "refused_crawlers": ["GPTBot", "ClaudeBot"],
        "robots_lines": "User-agent: Grabber\r\nDisallow: /",
        "ads_txt": "adsystem.example, 12, DIRECT",
        "hub_url": "https://hub.example/",
        "indexnow_key": "0123456789abcdef",
    }
    response = client.post(opened.request["PATH_INFO"], sent)

    assert response.status_code == 302
    saved = Discovery.objects.get()
    assert saved.refused_crawlers == ["GPTBot", "ClaudeBot"]
    assert (saved.hub_url, saved.indexnow_key) == ("https://hub.example/", "0123456789abcdef")
    again = client.get(opened.request["PATH_INFO"]).text
    assert again.count(" checked") == 2
    for use in ("To train models", "For search engines that answer in sentences", "Because somebody asks"):
        assert use in again


def test_page_says_what_is_wrong_and_loses_nothing(client, cora):
    client.force_login(cora)
    opened = client.get(ADDRESS, follow=True)
    response = client.post(
        opened.request["PATH_INFO"],
        {
            "refused_crawlers": ["GPTBot"],
            "robots_lines": "Sesame open",
            "ads_txt": "adsystem.example",
            "hub_url": "ftp://hub.example/",
            "indexnow_key": "short",
        },
    )

    assert response.status_code == 200
    for sentence in (
        "Line 1: write a field, a colon and a value",
        "Line 1: write domain, account, DIRECT or RESELLER",
        "The address of a hub begins with https://.",
        "8 to 128 letters, digits and hyphens.",
    ):
        assert sentence in response.text
    assert "Sesame open" in response.text
    assert 'value="GPTBot"' in response.text
    assert not Discovery.objects.filter(indexnow_key="short").exists()


def test_crawler_nobody_knows_cannot_be_chosen(client, cora):
    client.force_login(cora)
    opened = client.get(ADDRESS, follow=True)

    assert client.post(opened.request["PATH_INFO"], {"refused_crawlers": ["NoSuchBot"]}).status_code == 200
    assert Discovery.objects.filter(refused_crawlers__icontains="NoSuchBot").count() == 0


def test_only_those_who_run_the_paper_may_change_it(client, db):
    from coranto.masthead.models import Account

    ben = Account.objects.create_user("ben@lantern.example", "a long enough secret", is_staff=True)
    client.force_login(ben)
    Discovery().save()
    response = client.post(f"{ADDRESS}{Discovery.objects.get().pk}/", {"hub_url": "https://evil.example/"})

    assert response.status_code in {302, 403}
    assert Discovery.objects.get().hub_url == ""
