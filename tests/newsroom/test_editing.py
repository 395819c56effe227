"""The editor's screens, used as a browser uses them."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail import hooks
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from coranto.newsroom.models import Article, ArticleVersion, Section

pytestmark = pytest.mark.django_db

HOSTILE = '<p onclick="steal()">Words</p><script>steal()</script><iframe src="https://evil.example/"></iframe>'


@pytest.fixture
def finn(db):
    """Finn publishes, and is no administrator."""
    from coranto.masthead.models import Account

    account = Account.objects.create_user("finn@lantern.example", "a long enough secret")
    group = Group.objects.create(name="Who publish")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ["add_page", "change_page", "publish_page"]:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.create(group=group, page=Page.objects.get(depth=1), permission=permission)
    account.groups.add(group)
    return account


def form_of(title="Trams return", blocks=(), **fields):
    return nested_form_data(
        {
            "title": title,
            "slug": "trams-return",
            "standfirst": "After a year.",
            "body": streamfield(list(blocks)),
            "bylines": inline_formset([]),
            "credits": inline_formset([]),
            "read_next": inline_formset([]),
            "comments": inline_formset([]),
            "topics": "Trams, Money",
            "comment_policy": "open",
            "visibility": "public",
            "password": "",
            "picture": "",
            "picture_caption": "",
            "seo_title": "",
            "search_description": "",
            "go_live_at": "",
            "expire_at": "",
            "change_kind": "",
            "change_note": "",
            **fields,
        }
    )


def write(client, city, **kwargs):
    data = {**form_of(**kwargs), "action-publish": "action-publish"}
    response = client.post(f"/admin/pages/add/newsroom/article/{city.pk}/", data)
    assert response.status_code == 302, response.context["form"].errors.as_data()
    return Article.objects.get(slug="trams-return")


def change(client, article, **kwargs):
    data = {**form_of(**kwargs), "action-publish": "action-publish"}
    response = client.post(f"/admin/pages/{article.pk}/edit/", data)
    assert response.status_code == 302, response.context["form"].errors.as_data()
    return Article.objects.get(pk=article.pk)


def test_editor_writes_and_publishes_an_article_that_readers_find(client, finn, city):
    client.force_login(finn)
    text = rich_text("<p>The first tram left at five.</p>", features=["bold", "link"])
    write(client, city, blocks=[("paragraph", text)])
    client.logout()
    page = client.get("/city/trams-return/")
    assert "The first tram left at five." in page.text
    assert "/topics/trams/" in page.text


def test_html_of_an_editor_is_made_safe(client, finn, city):
    client.force_login(finn)
    article = write(client, city, blocks=[("html", HOSTILE)])
    assert article.raw_body[0]["value"] == "<p>Words</p>"


def test_html_of_an_administrator_is_kept_as_written(client, cora, city):
    client.force_login(cora)
    article = write(client, city, blocks=[("html", HOSTILE)])
    assert article.raw_body[0]["value"] == HOSTILE


def test_html_of_an_administrator_survives_an_editors_change_elsewhere_and_not_his_change_of_it(
    client, cora, finn, city
):
    client.force_login(cora)
    article = write(client, city, blocks=[("html", HOSTILE)])
    block_id = article.raw_body[0]["id"]
    client.force_login(finn)

    def blocks(html):
        return {"0": {"type": "html", "value": html, "id": block_id, "order": "0", "deleted": ""}, "count": "1"}

    article = change(client, article, title="Trams are back", body=blocks(HOSTILE), change_kind="typo")
    assert article.raw_body[0]["value"] == HOSTILE
    article = change(client, article, title="Trams are back", body=blocks(HOSTILE + "!"), change_kind="typo")
    assert "script" not in article.raw_body[0]["value"]


def test_editor_says_what_changed_and_the_next_form_is_clean(client, finn, city):
    client.force_login(finn)
    article = write(client, city)
    article = change(client, article, title="Trams are back", change_kind="correction", change_note="Five, not six.")
    version = ArticleVersion.objects.filter(article=article).order_by("-number")[0]
    assert (version.number, version.kind, version.note) == (2, "correction", "Five, not six.")
    form = client.get(f"/admin/pages/{article.pk}/edit/").context["form"]
    assert (form["change_kind"].value(), form["change_note"].value()) == ("", "")


def test_correction_without_a_note_is_refused_with_the_words_still_in_the_form(client, finn, city):
    client.force_login(finn)
    article = write(client, city)
    data = {**form_of(title="New words", change_kind="correction"), "action-publish": "action-publish"}
    response = client.post(f"/admin/pages/{article.pk}/edit/", data)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["change_note"]
    assert "New words" in response.text
    assert Article.objects.get(pk=article.pk).title == "Trams return"


@pytest.mark.parametrize("by_itself", [True, False], ids=["saved by the form", "saved by hand"])
def test_article_that_went_out_while_its_draft_was_being_saved_stays_out(client, finn, city, by_itself):
    client.force_login(finn)
    client.post(f"/admin/pages/add/newsroom/article/{city.pk}/", form_of())
    draft = Article.objects.get(slug="trams-return")

    def go_out(*_):
        Article.objects.get(pk=draft.pk).get_latest_revision().publish()

    headers = {"Accept": "application/json"} if by_itself else {}
    with hooks.register_temporarily("before_edit_page", go_out):
        answer = client.post(f"/admin/pages/{draft.pk}/edit/", form_of(title="Trams are back"), headers=headers)
    assert answer.status_code == 200 if by_itself else 302, answer.content
    article = Article.objects.get(pk=draft.pk)
    assert (article.live, article.title, article.has_unpublished_changes) == (True, "Trams return", True)
    assert article.last_published_at is not None
    assert article.versions.count() == 1
    assert article.get_latest_revision_as_object().title == "Trams are back"
    client.logout()
    assert client.get("/city/trams-return/").status_code == 200


def test_preview_shows_what_is_being_written(client, finn, city):
    client.force_login(finn)
    article = write(client, city)
    text = rich_text("<p>Not yet out.</p>", features=["bold"])
    data = form_of(title="A draft headline", blocks=[("paragraph", text)])
    answer = client.post(f"/admin/pages/{article.pk}/edit/preview/", data)
    assert json.loads(answer.content)["is_valid"], answer.content
    preview = client.get(f"/admin/pages/{article.pk}/edit/preview/")
    assert "A draft headline" in preview.text
    assert "Not yet out." in preview.text
    assert "A draft headline" not in client.get("/city/trams-return/").text


def test_form_goes_from_the_headline_to_the_note_for_colleagues_on_one_page(client, finn, city):
    client.force_login(finn)
    page = client.get(f"/admin/pages/add/newsroom/article/{city.pk}/").text
    fields = ["title", "standfirst", "body", "picture", "picture_caption", "further_sections", "topics", "slug"]
    fields += ["embargoed_until", "visibility", "comment_policy", "change_kind", "desk_note"]
    places = [page.index(f'data-contentpath="{name}"') for name in fields]
    assert places == sorted(places)
    assert page.count('role="tab"') == 1


def test_section_cannot_take_an_address_of_the_sites_own(client, finn, city):
    client.force_login(finn)
    front = city.get_parent()
    data = nested_form_data(
        {
            "title": "Latest",
            "slug": "latest",
            "description": "",
            "parent_section": "",
            "arrangement": streamfield([]),
            "comments": inline_formset([]),
        }
    )
    response = client.post(f"/admin/pages/add/newsroom/section/{front.pk}/", data)
    assert response.status_code == 200
    assert "slug" in response.context["form"].errors
    assert not Section.objects.filter(slug="latest").exists()


def test_article_cannot_take_the_address_of_a_feed(client, finn, city):
    client.force_login(finn)
    response = client.post(f"/admin/pages/add/newsroom/article/{city.pk}/", {**form_of(), "slug": "feed"})
    assert response.status_code == 200
    assert "The site itself answers at this address." in response.text
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/pages/", "/admin/snippets/newsroom/author/", "/admin/images/", "/admin/users/"]
)
def test_screens_open_for_an_administrator(client, cora, city, path):
    client.force_login(cora)
    response = client.get(path)
    assert response.status_code == 200
    assert "unsafe-inline" in response["Content-Security-Policy"]


def test_pages_for_readers_have_the_strict_policy(client, city):
    policy = client.get("/city/")["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy


def test_address_left_empty_is_made_of_the_name(client, city, cora):
    client.force_login(cora)
    front = city.get_parent()
    sent = nested_form_data(
        {"title": "Culture & Arts", "slug": "", "description": "", "parent_section": "", "arrangement": streamfield([])}
    )
    answer = client.post(f"/admin/pages/add/newsroom/section/{front.pk}/", {**sent, "action-publish": "1"})
    assert answer.status_code == 302
    assert Section.objects.get(title="Culture & Arts").slug == "culture-arts"
