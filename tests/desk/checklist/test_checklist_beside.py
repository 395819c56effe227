"""The checklist beside the editor, its settings, and who may see and change them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from coranto.desk.models import Checklist
from coranto.desk.rules.checklist import DEFAULT_WEIGHTS, UNBENDING, Point
from coranto.newsroom.models import Article

pytestmark = pytest.mark.django_db

SETTINGS = "/admin/settings/desk/checklist/"


def fragment(client, article):
    return client.get(reverse("desk_checklist", args=[article.pk]))


# Beside the editor ----------------------------------------------------------------------------------------


def test_list_names_what_stops_what_reminds_and_what_is_in_order(client, rita, write, make_picture):
    client.force_login(rita)
    article = write(picture=make_picture("Bare", description="", credit=""))
    text = fragment(client, article).text
    stops, reminds, fine = (text.index(each) for each in ("Stops publication", "Reminders", "In order"))
    assert stops < text.index("“Bare” has no description") < reminds < text.index("“Bare” has no credit") < fine
    assert text.index("There is a standfirst of a sensible length") > fine
    assert "1 point stops publication." in text
    assert f'href="/admin/pages/{article.pk}/edit/#:w:contentpath=picture"' in text


def test_list_is_as_new_as_the_last_save(client, rita, write, form_of):
    client.force_login(rita)
    article = write(slug="trams-return", standfirst="")
    assert "There is no standfirst." in fragment(client, article).text
    client.post(f"/admin/pages/{article.pk}/edit/", form_of(), headers={"accept": "application/json"})
    assert "There is no standfirst." not in fragment(client, article).text


def test_editor_shows_the_list_and_counts_what_stops_publication(client, rita, write, make_picture):
    client.force_login(rita)
    article = write(picture=make_picture("Bare", description=""))
    page = client.get(f"/admin/pages/{article.pk}/edit/")
    assert "“Bare” has no description" in page.text
    assert f'data-url="/admin/desk/checklist/{article.pk}/"' in page.text
    toggle = page.text[page.text.index('data-side-panel-toggle="checklist"') :]
    counter = toggle[toggle.index("data-side-panel-toggle-counter") :]
    assert counter[counter.index(">") + 1 : counter.index("</div>")].strip() == "1"


def test_new_article_has_a_list_as_soon_as_it_is_saved(client, rita, city):
    client.force_login(rita)
    page = client.get(f"/admin/pages/add/newsroom/article/{city.pk}/")
    assert 'data-url="/admin/desk/checklist/0/"' in page.text
    assert "listed here once the article is saved" in page.text


def test_autosave_does_not_go_through_the_list(client, rita, write, form_of, monkeypatch):
    from coranto.desk.views import checklist as views

    def examine(*args, **kwargs):
        pytest.fail("an autosave is answered at once")

    client.force_login(rita)
    article = write(slug="trams-return")
    monkeypatch.setattr(views, "examine", examine)
    answer = client.post(f"/admin/pages/{article.pk}/edit/", form_of(), headers={"accept": "application/json"})
    assert answer.json()["success"]


def test_other_pages_have_no_checklist(client, cora, city):
    client.force_login(cora)
    assert "data-desk-checklist" not in client.get(f"/admin/pages/{city.pk}/edit/").text
    assert fragment(client, city).status_code == 404


def test_outsiders_and_readers_see_no_list(client, dov, write):
    article = write()
    assert fragment(client, article).status_code == 302
    client.force_login(dov)
    assert fragment(client, article).status_code != 200


def test_staff_without_a_right_to_the_article_see_no_list(client, dov, write):
    dov.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(dov)
    article = write(standfirst="")
    answer = fragment(client, article)
    assert answer.status_code != 200
    assert "standfirst" not in answer.text


# Settings -------------------------------------------------------------------------------------------------


def settings_form(**changes):
    usual = Checklist()
    data = {field.name: getattr(usual, field.name) for field in Checklist._meta.fields if field.name != "id"}
    data["visits_outside_links"] = "on"
    return {**data, **changes}


def settings_page(client):
    return client.get(SETTINGS, follow=True)


def test_each_point_has_its_weight_in_the_settings():
    names = {field.name for field in Checklist._meta.fields}
    assert {point.value for point in Point} - names == {point.value for point in UNBENDING}
    assert Checklist().weights == DEFAULT_WEIGHTS


def test_administrator_and_whoever_holds_the_right_change_the_settings(client, cora, finn):
    finn.user_permissions.add(Permission.objects.get(content_type__app_label="desk", codename="change_checklist"))
    for account, weight in ((cora, "block"), (finn, "off")):
        client.force_login(account)
        address = settings_page(client).request["PATH_INFO"]
        answer = client.post(address, settings_form(byline=weight, standfirst_shortest="20"))
        assert answer.status_code == 302
        settings = Checklist.objects.get()
        assert (settings.byline, settings.standfirst_shortest, settings.visits_outside_links) == (weight, 20, True)


@pytest.mark.parametrize("name", ["finn", "rita", "dov"])
def test_nobody_else_sees_or_changes_the_settings(client, request, name):
    Checklist.objects.create()
    client.force_login(request.getfixturevalue(name))
    key = Checklist.objects.get().pk
    for address in (SETTINGS, f"{SETTINGS}{key}/"):
        assert client.get(address).status_code == 302
        assert client.post(address, settings_form(byline="off")).status_code == 302
    assert Checklist.objects.get().byline == "remind"


def test_bounds_that_contradict_each_other_are_refused_with_a_sentence(client, cora):
    client.force_login(cora)
    address = settings_page(client).request["PATH_INFO"]
    answer = client.post(address, settings_form(standfirst_shortest="300", standfirst_longest="40"))
    assert answer.status_code == 200
    assert "The longest cannot be shorter than the shortest." in answer.text
    assert Checklist.objects.get().standfirst_shortest == 40


def test_weight_that_is_none_is_refused(client, cora):
    client.force_login(cora)
    address = settings_page(client).request["PATH_INFO"]
    assert client.post(address, settings_form(byline="perhaps")).status_code == 200
    assert Checklist.objects.get().byline == "remind"


def test_reading_the_list_writes_no_settings(client, rita, write):
    client.force_login(rita)
    fragment(client, write())
    assert not Checklist.objects.exists()


def test_embargo_stops_publication_whatever_the_settings_say(client, cora, city, form_of, weigh):
    weigh(**{point.value: "off" for point in Point if point not in UNBENDING})
    client.force_login(cora)
    data = form_of(embargoed_until="2099-01-01 12:00")
    client.post(f"/admin/pages/add/newsroom/article/{city.pk}/", data)
    article = Article.objects.get(slug="trams-return")
    client.post(f"/admin/bulk/wagtailcore/page/publish/?next=/admin/&id={article.pk}")
    assert not Article.objects.get(pk=article.pk).live


# Settings and lists on the way to old sites ---------------------------------------------------------------


@pytest.mark.django_db
def test_headlines_that_were_out_before_are_known(write):
    import importlib

    from django.apps import apps

    from coranto.desk.models import PublishedHeadline

    out, draft = write("Trams return!", publish=True), write("Not out")
    PublishedHeadline.objects.all().delete()
    importlib.import_module("coranto.desk.migrations.0002_checklist").note_headlines(apps, None)
    assert list(PublishedHeadline.objects.values_list("article_id", "folded")) == [(out.pk, "tramsreturn")]
    assert draft.pk != out.pk
