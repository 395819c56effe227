"""Fault `xss-corpus-everywhere`: what somebody types into the editor's fields never runs in anybody's browser."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

sys.path.insert(0, str(Path(__file__).parent.parent / "faults"))

from payloads import PAYLOADS

pytestmark = pytest.mark.django_db(transaction=True)

RAN = "window.ran = true; window.pwned = () => { window.ran = 'payload'; };"


@pytest.fixture
def noa(live_server):
    """Noa edits City: she may write and publish, and no raw HTML."""
    from coranto.desk.operations.roles import assign_position
    from coranto.masthead.models import Account
    from coranto.newsroom.models import FrontPage, Section

    city = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    account = Account.objects.create_user("noa@lantern.example", "a long enough secret", first_name="<b>Noa")
    assign_position(account=account, role="section-editor", section=city, by=None)
    return Account.objects.get(pk=account.pk), city


def as_text(payload):
    """A paragraph as the rich text editor would send it, were its scripts out of the way."""
    return {"blocks": [{"key": "a", "text": payload, "type": "unstyled", "depth": 0}], "entityMap": {}}


def form(payloads):
    every = " ".join(payloads)
    blocks = [
        *(("html", each) for each in payloads),
        ("paragraph", json.dumps(as_text(every))),
        ("pull_quote", {"text": every[:500], "attribution": every[500:700]}),
        ("heading", {"text": every[:255], "level": "2"}),
    ]
    return nested_form_data(
        {
            "title": every[:250],
            "slug": "hostile",
            "standfirst": every[250:700],
            "body": streamfield(blocks),
            "credits": inline_formset(
                [
                    {
                        "relation": "via",
                        "people": every[:300],
                        "outlet": every[:140],
                        "licence": every[:290],
                        "original_url": "",
                        "dated_on": "",
                        "ORDER": 1,
                    }
                ]
            ),
            **{name: inline_formset([]) for name in ("bylines", "read_next", "comments")},
            "topics": "",
            "seo_title": every[:250],
            "search_description": every[:300],
            "desk_note": every,
            **dict.fromkeys(("password", "picture", "picture_caption", "go_live_at", "expire_at"), ""),
            **dict.fromkeys(("change_kind", "change_note", "embargoed_until"), ""),
            "comment_policy": "open",
            "visibility": "public",
        }
    )


def test_no_words_of_an_editor_run_anywhere(noa, new_page, record, run_tasks, live_server):
    from coranto.newsroom.models import Article

    account, city = noa
    client = Client()
    client.force_login(account)
    # Characters of no text are refused with a sentence; a picture from elsewhere the policy refuses to load.
    payloads = [each for each in PAYLOADS if "\0" not in each and not each.startswith('<img src="//')]
    answer = client.post(f"/admin/pages/add/newsroom/article/{city.pk}/", {**form(payloads), "action-publish": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    article = Article.objects.get()
    article.get_latest_revision().publish()  # whatever the checklist may say of it
    run_tasks()

    page = new_page()
    page.add_init_script(RAN)
    cookie = client.cookies["coranto_session"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    for address in (
        *("/", "/latest/", "/city/", f"{article.address}", "/search/?q=script"),
        *("/admin/", "/admin/desk/", "/admin/calendar/", f"/admin/pages/{city.pk}/"),
        *(f"/admin/pages/{article.pk}/{each}/" for each in ("edit", "history")),
        f"/admin/desk/checklist/{article.pk}/",
    ):
        answer = page.goto(address)
        assert answer.status == 200, address
        page.wait_for_load_state("networkidle")
        # Nor did the content policy have to stop it.
        refused = [each for each in record.errors if "Content Security Policy" in each]
        assert (page.evaluate("window.ran"), record.elsewhere, refused) == (True, [], []), address
