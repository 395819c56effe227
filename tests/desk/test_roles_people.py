"""Who is what, given and ended through the staff screen."""

from __future__ import annotations

import re
import smtplib

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import ModelLogEntry

from coranto.desk.models import Position, RoleGroup
from coranto.desk.operations.roles import PositionRefused, assign_position, end_position, sync_roles
from coranto.masthead.models import Account

pytestmark = pytest.mark.django_db


def signed_in(account):
    client = Client()
    client.force_login(account)
    return client


def lea():
    return Account.objects.get(email="lea@lantern.example")


def invite(client, **fields):
    return client.post(
        "/admin/staff/add/",
        {"email": "Lea@Lantern.example", "first_name": "Lea", "last_name": "Moss", "role": "reporter", **fields},
    )


def test_person_is_brought_in_chooses_a_password_by_the_link_and_is_at_work(
    cast, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = invite(signed_in(cast.cora), section=cast.city.pk)
    assert response.status_code == 302
    assert [letter.to for letter in mailoutbox] == [["lea@lantern.example"]]
    assert mailoutbox[0].extra_headers == {"X-Coranto-Kind": "mailroom.account"}
    link = re.search(r"http://\S+(/-/welcome/\S+)", mailoutbox[0].body)[1]
    # The link a colleague is shown is made anew, in another second perhaps.
    assert link.rpartition("/")[0].rpartition("/")[0] in signed_in(cast.cora).get(response["Location"]).text

    browser = Client()
    form = browser.get(link, follow=True)
    assert "Choose a password" in form.text
    secret = {"new_password1": "a long enough secret", "new_password2": "a long enough secret"}
    done = browser.post(form.redirect_chain[-1][0], secret)
    assert (done.status_code, done["Location"]) == (302, "/admin/")
    assert browser.get("/admin/")["Location"].startswith("/account/second-factor/")
    assert [str(each) for each in lea().positions.all()] == ["reporter, City"]
    assert "no longer works" in Client().get(link, follow=True).text


def test_link_is_no_longer_shown_nor_made_once_a_password_is_chosen(cast):
    person = f"/admin/staff/{cast.rui.pk}/"
    client = signed_in(cast.cora)
    assert "/-/welcome/" not in client.get(person).text
    assert "Forgotten password" in client.post(f"{person}welcome/", follow=True).text


def test_letter_that_cannot_be_sent_stops_nothing(cast, monkeypatch, django_capture_on_commit_callbacks):
    def broken(*_args, **_kwargs):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", broken)
    with django_capture_on_commit_callbacks(execute=True):
        assert invite(signed_in(cast.cora), section=cast.city.pk).status_code == 302
    assert lea().positions.count() == 1


@pytest.mark.parametrize("name", ["ada", "dov", "rui", "noa", "kai"])
def test_nobody_below_the_editor_in_chief_decides_on_positions(cast, name):
    client = signed_in(cast.people[name])
    position = cast.noa.positions.get()
    assert client.get("/admin/staff/").status_code == 302
    for path in ("add/", f"{cast.rui.pk}/", f"{cast.rui.pk}/welcome/", f"positions/{position.pk}/end/"):
        data = {"email": "lea@lantern.example", "role": "editor-in-chief", "section": ""}
        assert client.post(f"/admin/staff/{path}", data).status_code == 302
    assert not Account.objects.filter(email="lea@lantern.example").exists()
    assert Position.objects.count() == 6


def test_editor_in_chief_neither_makes_nor_unmakes_administrators(cast):
    client = signed_in(cast.cora)
    assert "administrator" not in client.get("/admin/staff/add/").text.lower().split("<form action")[1]
    assert invite(client, role="administrator").status_code == 200
    position = cast.abe.positions.get()
    client.post(f"/admin/staff/positions/{position.pk}/end/")
    assert Position.objects.filter(pk=position.pk).exists()
    response = client.post(f"/admin/staff/{cast.abe.pk}/", {"role": "reporter", "section": ""})
    assert "Only an administrator" in response.text
    assert Account.objects.get(pk=cast.abe.pk).is_superuser


def test_address_of_an_administrator_gives_the_editor_in_chief_no_link_into_the_account(cast, mailoutbox):
    cast.abe.set_unusable_password()
    cast.abe.save()
    client = signed_in(cast.cora)
    assert "/-/welcome/" not in client.get(f"/admin/staff/{cast.abe.pk}/").text
    client.post(f"/admin/staff/{cast.abe.pk}/welcome/")
    invite(client, email=cast.abe.email)
    assert mailoutbox == []


def test_last_administrator_and_a_position_of_ones_own_are_kept(cast):
    for name in ("abe", "cora"):
        position = cast.people[name].positions.get()
        response = signed_in(cast.people[name]).post(f"/admin/staff/positions/{position.pk}/end/", follow=True)
        assert "You cannot end a position of your own" in response.text
    with pytest.raises(PositionRefused, match="only administrator"):
        end_position(position=cast.abe.positions.get(), by=None)
    assert Position.objects.count() == 6


def test_role_of_the_whole_paper_is_not_given_for_a_section(cast):
    response = invite(signed_in(cast.cora), role="editor-in-chief", section=cast.city.pk)
    assert list(response.context["form"].errors) == ["section"]
    assert "Lea" in response.text
    with pytest.raises(PositionRefused):
        assign_position(account=cast.ada, role="editor-in-chief", section=cast.city, by=None)


def test_whoever_holds_no_position_any_more_has_no_access(cast):
    rui = signed_in(cast.rui)
    assert rui.get("/admin/").status_code == 200
    cast.rui.groups.add(Group.objects.create(name="by hand"))
    response = signed_in(cast.cora).post(f"/admin/staff/positions/{cast.rui.positions.get().pk}/end/", follow=True)
    assert "Rui has no access any more." in response.text
    assert rui.get("/admin/").status_code == 302
    account = Account.objects.get(pk=cast.rui.pk)
    assert (account.is_staff, account.groups.count(), account.is_active) == (False, 0, True)


def test_contributors_are_not_staff_and_all_others_are(cast):
    found = dict(Account.objects.values_list("first_name", "is_staff"))
    assert {name for name, is_staff in found.items() if is_staff} == {"Rui", "Noa", "Kai", "Cora", "Abe"}


def test_second_position_adds_to_the_first_and_its_end_takes_only_its_own(cast):
    assign_position(account=cast.rui, role="section-editor", section=cast.culture, by=cast.cora)
    assert sorted(Account.objects.get(pk=cast.rui.pk).groups.values_list("name", flat=True)) == [
        "Reporter: City",
        "Section editor: Culture",
    ]
    end_position(position=cast.rui.positions.get(role="reporter"), by=cast.cora)
    assert list(cast.rui.groups.values_list("name", flat=True)) == ["Section editor: Culture"]


def test_groups_are_called_as_their_section_is_called_today(cast):
    cast.city.title = "Town"
    cast.city.save_revision().publish()
    assert set(RoleGroup.objects.filter(section=cast.city).values_list("group__name", flat=True)) == {
        "Contributor: Town",
        "Reporter: Town",
        "Section editor: Town",
    }


def test_sections_of_one_title_have_groups_of_different_names(cast):
    cast.culture.title = "City"
    cast.culture.save_revision().publish()
    names = list(Group.objects.filter(name__startswith="Section editor").values_list("name", flat=True))
    assert sorted(names) == ["Section editor: City", "Section editor: City (culture)"]


def test_deleted_section_takes_positions_groups_and_access_with_it(cast):
    kai = signed_in(cast.kai)
    cast.culture.delete()
    assert not Group.objects.filter(name__contains="Culture").exists()
    assert not Account.objects.get(pk=cast.kai.pk).is_staff
    assert kai.get("/admin/").status_code == 302


def test_what_was_changed_by_hand_is_made_right_and_what_is_right_stays(cast):
    group = RoleGroup.objects.get(role="reporter", section=cast.city).group
    before = _rights(group)
    group.page_permissions.all().delete()
    group.permissions.clear()
    cast.rui.groups.clear()
    for _ in range(2):
        sync_roles()
        assert _rights(group) == before
        assert cast.rui.groups.get() == group
    assert Group.objects.count() == 5


def _rights(group):
    return (
        sorted(group.permissions.values_list("codename", flat=True)),
        sorted(group.page_permissions.values_list("page__title", "permission__codename")),
        sorted(group.collection_permissions.values_list("permission__codename", flat=True)),
    )


def test_rights_of_a_reporter_are_these(cast):
    assert _rights(RoleGroup.objects.get(role="reporter").group) == (
        ["access_admin", "see_readers"],
        [("City", "add_page"), ("City", "change_page")],
        ["add_image", "choose_image"],
    )


def test_administrator_made_elsewhere_has_the_position_and_loses_it_with_the_flag(cast):
    made = Account.objects.create_superuser("eva@lantern.example", "a long enough secret")
    assert [each.role for each in made.positions.all()] == ["administrator"]
    made.is_superuser = False
    made.save()
    assert not made.positions.exists()
    assert not Account.objects.get(pk=made.pk).is_staff


def test_role_ticked_in_wagtails_form_of_an_account_is_a_position_and_unticked_none(cast):
    client = signed_in(cast.abe)
    group = RoleGroup.objects.get(role="reporter", section=cast.city).group
    form = {"email": "ada@lantern.example", "first_name": "Ada", "last_name": "Moss", "is_active": "on"}
    client.post(f"/admin/users/edit/{cast.ada.pk}/", {**form, "groups": [group.pk]})
    assert [str(each) for each in cast.ada.positions.all()] == ["reporter, City"]
    assert Account.objects.get(pk=cast.ada.pk).is_staff
    client.post(f"/admin/users/edit/{cast.ada.pk}/", form)
    assert not cast.ada.positions.exists()
    assert not Account.objects.get(pk=cast.ada.pk).is_staff


def test_groups_wagtail_brings_are_gone_and_one_review_is_there():
    from wagtail.models import Task, Workflow, WorkflowPage

    assert list(Group.objects.all()) == []
    assert [each.name for each in Workflow.objects.all()] == ["Review"]
    assert [type(each).__name__ for each in Task.objects.all().specific()] == ["SectionReview"]
    assert [each.page.specific._meta.model_name for each in WorkflowPage.objects.all()] == ["frontpage"]


def test_every_act_on_positions_is_in_the_trail(cast):
    client = signed_in(cast.cora)
    invite(client, section=cast.city.pk)
    client.post(f"/admin/staff/positions/{lea().positions.get().pk}/end/")
    entries = ModelLogEntry.objects.filter(action__startswith="desk.position", user=cast.cora).order_by("timestamp")
    assert [(each.label, each.message) for each in entries] == [
        ("Lea Moss", "Became reporter: City"),
        ("Lea Moss", "Is no longer reporter: City"),
    ]
    history = client.get("/admin/reports/site-history/").text
    assert "Is no longer reporter: City" in history
    assert "Is no longer reporter" not in signed_in(cast.noa).get("/admin/reports/site-history/").text


def test_sign_in_of_staff_is_in_the_trail_and_that_of_readers_is_not(cast):
    for name in ("rui", "ada"):
        data = {"username": f"{name}@lantern.example", "password": "a long enough secret"}
        Client().post("/admin/login/", data)
    entries = ModelLogEntry.objects.filter(action="desk.sign_in")
    assert [(each.user, each.message) for each in entries] == [(cast.rui, "Signed in")]


@pytest.mark.parametrize("many", [3, 12])
def test_staff_list_asks_a_fixed_number_of_queries(cast, many, django_assert_num_queries):
    from coranto.desk.queries.staff import staff

    for number in range(many):
        account = Account.objects.create_user(f"r{number}@lantern.example")
        assign_position(account=account, role="reporter", section=cast.culture, by=None)
    with django_assert_num_queries(2):
        assert [str(position) for person in staff() for position in person.positions.all()].count(
            "reporter, Culture"
        ) == many
