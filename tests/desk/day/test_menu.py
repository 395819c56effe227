from __future__ import annotations

import gettext
import json
import re
from ast import literal_eval
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from wagtail.admin.menu import admin_menu

import coranto.desk

pytestmark = pytest.mark.django_db

WORDS = Path(coranto.desk.__file__).parent / "locale" / "en" / "LC_MESSAGES"


@pytest.fixture
def menu(rf):
    """What somebody's menu holds: labels with addresses, those of a submenu under its label."""

    def menu(account):
        request = rf.get("/admin/")
        request.user = account
        request.publication = None
        with translation.override("en"):
            return {str(item.label): _lines(item, request) for item in admin_menu.menu_items_for_request(request)}

    return menu


def _lines(item, request):
    submenu = getattr(item, "menu", None)
    if submenu is None:
        return item.url
    return {str(each.label): each.url for each in submenu.menu_items_for_request(request)}


def addresses(menu):
    for found in menu.values():
        yield from found.values() if isinstance(found, dict) else [found]


@pytest.mark.parametrize("who", ["cora", "noa", "rui", "dov"])
def test_no_line_of_the_menu_leads_nowhere(request, menu, sign_in, who):
    account = request.getfixturevalue(who)
    client, lines = sign_in(account), menu(account)
    asked = [each for each in addresses(lines) if each != "#"]
    assert asked
    assert [each for each in asked if urlsplit(each).netloc] == []
    assert {each: client.get(each, follow=True).redirect_chain for each in asked if _is_refused(client, each)} == {}


def _is_refused(client, address):
    """Neither an error nor a way back to the dashboard with an excuse."""
    response = client.get(address)
    return response.status_code not in {200, 302} or response.get("Location") == "/admin/"


def test_editor_begins_with_the_desk_and_finds_our_words(menu, noa):
    labels = list(menu(noa))
    assert labels[:3] == ["Desk", "Calendar", "Articles and pages"]
    assert {"Images", "Pages", "Documents", "Snippets", "Users"} & set(labels) == set()


def test_administrator_finds_what_a_newsroom_needs_and_no_more(menu, cora):
    lines = menu(cora)
    assert {"Pictures", "Reports", "Settings", "Help"} <= set(lines)
    assert {"Documents", "Snippets", "Lists"} & set(lines) == set()
    assert {"Sites", "Groups", "Workflows", "Workflow tasks"} & set(lines["Settings"]) == set()
    assert {"Accounts", "Publication", "Redirects"} <= set(lines["Settings"])
    assert {"Failed work", "History", "Locked articles"} <= set(lines["Reports"])
    assert {"Workflows", "Aging pages", "Page types usage"} & set(lines["Reports"]) == set()
    assert [each for each in lines["Help"].values() if urlsplit(each).netloc] == []


def test_explorer_of_a_section_speaks_of_authors_and_withdrawing(sign_in, cora, city, write):
    article = write("Trams return", publish=True)
    page = sign_in(cora).get(f"/admin/pages/{city.pk}/").content.decode()
    assert "Ada Thorne" in page
    assert re.search(rf'href="/admin/pages/{article.pk}/unpublish/[^"]*"[^>]*>(?:(?!</a>).)*Withdraw', page, re.DOTALL)
    assert "Unpublish" not in page


def test_explorer_of_a_section_is_sorted_by_what_was_touched_last(sign_in, cora, city, write, noon, time_machine):
    first = write("Touched last")
    write("Written last")
    time_machine.move_to(noon.replace(hour=13), tick=False)
    first.save_revision()
    page = sign_in(cora).get(f"/admin/pages/{city.pk}/").content.decode()
    assert page.index("Touched last") < page.index("Written last")


def test_search_areas_are_ours(sign_in, cora, write):
    page = sign_in(cora).get("/admin/pages/search/?q=tram").content.decode()
    assert "Articles and pages" in page
    assert "Documents" not in page.partition("<main")[2]


def _written():
    """The words as they are written down, in the file people edit."""
    found = {}
    for entry in (WORDS / "django.po").read_text().split("\n\n"):
        parts = dict(re.findall(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?|msgctxt) ((?:".*"\n?)+)', entry, re.MULTILINE))
        parts = {
            name: "".join(map(literal_eval, lines.split("\n")[:-1] if lines.endswith("\n") else lines.split("\n")))
            for name, lines in parts.items()
        }
        if parts.get("msgid"):
            found[parts["msgid"]] = (
                parts.get("msgstr[0]") or parts.get("msgstr"),
                parts.get("msgctxt"),
                "msgid_plural" in parts,
            )
    return found


def test_words_in_use_are_those_written_down():
    with (WORDS / "django.mo").open("rb") as file:
        used = gettext.GNUTranslations(file)._catalog
    written = {
        (
            (f"{context}\4{words}" if context else words, 0)
            if is_plural
            else (f"{context}\4{words}" if context else words)
        ): ours
        for words, (ours, context, is_plural) in _written().items()
    }
    assert {key: value for key, value in used.items() if key in written} == written
    assert {key for key in used if key and not isinstance(key, tuple)} == {
        key for key in written if isinstance(key, str)
    }


def test_every_word_replaced_is_one_wagtail_says():
    """One it no longer says would be a word of ours that nobody sees."""
    import wagtail

    said = "".join(
        path.read_text() for path in Path(wagtail.__file__).parent.glob("**/locale/en/LC_MESSAGES/django.po")
    )
    said = re.sub(r'"\n"', "", said)
    assert [words for words in _written() if json.dumps(words, ensure_ascii=False).strip('"')[:60] not in said] == []
