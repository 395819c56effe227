"""Until when pictures may be used: who is told of it, where, and with how many queries."""

import gc
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection, GroupCollectionPermission, Page, ReferenceIndex
from wagtail.search.backends import get_search_backend

from coranto.masthead import operations, queries
from coranto.masthead.models import Account, Picture, PlainPage
from coranto.masthead.operations import PictureDraft
from coranto.masthead.rules.rights import RightsState, rights_state

TODAY = date(2026, 3, 14)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("coranto.kit.clock.now", lambda: datetime(2026, 3, 14, 12, tzinfo=UTC))


def picture(title, expire_on=None, **fields):
    made = Picture.objects.create(
        title=title, file=f"original_images/{title}.png", width=400, height=300, rights_expire_on=expire_on, **fields
    )
    made.renditions.create(filter_spec="max-165x165", file=f"images/{title}.png", width=165, height=124)
    return made


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    yield
    gc.collect()  # so that it is missed here and not in somebody else's test


@pytest.fixture
def four(db):
    return [
        picture("Expired", TODAY - DAY),
        picture("Last day", TODAY),
        picture("Thirty days", TODAY + 30 * DAY),
        picture("Later", TODAY + 31 * DAY),
        picture("Free"),
    ]


@pytest.mark.parametrize(
    ("expire_on", "state"),
    [
        (None, RightsState.FREE),
        (TODAY + 31 * DAY, RightsState.FREE),
        (TODAY + 30 * DAY, RightsState.ENDING),
        (TODAY, RightsState.ENDING),
        (TODAY - DAY, RightsState.EXPIRED),
    ],
)
def test_the_last_day_is_still_a_day(expire_on, state):
    assert rights_state(expire_on, on=TODAY) == state


def test_those_that_end_soon_are_found_the_first_to_end_first(four, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = [each.title for each in queries.pictures_with_rights_ending(on=TODAY)]

    assert found == ["Expired", "Last day", "Thirty days"]
    expired = queries.pictures_with_rights_ending(on=TODAY, within_days=-1)
    assert [each.title for each in expired] == ["Expired"]
    assert [each.title for each in Picture.objects.expired(on=TODAY)] == ["Expired"]


def test_among_the_pictures_of_an_article_those_that_end_are_found(four):
    ids = {four[1].pk, four[4].pk}

    assert [each.title for each in queries.pictures_with_rights_ending(on=TODAY, ids=ids)] == ["Last day"]
    assert list(queries.pictures_with_rights_ending(on=TODAY, ids=())) == []


def use(page, *pictures):
    """As if the page held them: how a page names a picture is not the masthead's to know."""
    for number, each in enumerate(pictures):
        ReferenceIndex.objects.create(
            base_content_type=ContentType.objects.get_for_model(Page),
            content_type=ContentType.objects.get_for_model(PlainPage),
            object_id=str(page),
            to_content_type=ContentType.objects.get_for_model(Picture),
            to_object_id=str(each.pk),
            model_path=f"body.{number}",
            content_path=f"body.{number}",
            content_path_hash=f"00000000-0000-0000-0000-{number:012}",
        )


def test_a_picture_twice_in_a_page_stands_in_one_page(four, django_assert_num_queries):
    use(7, four[0], four[0], four[1])
    use(8, four[0])
    ids = [each.pk for each in four]

    with django_assert_num_queries(1):
        counts = queries.pages_using(picture_ids=ids)

    assert counts == {four[0].pk: 2, four[1].pk: 1}


# In the admin ---------------------------------------------------------------------------------------------


@pytest.fixture
def editor(client, cora):
    client.force_login(cora)
    return client


def rows(answer):
    """The words of each row of the answer's table."""
    html = answer.content.decode()
    found = re.findall(r"<tr.*?</tr>", html.partition("<tbody>")[2], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", each).split()) for each in found]


def test_the_report_says_whose_rights_end_and_in_how_many_pages_they_stand(editor, four):
    Picture.objects.filter(pk=four[0].pk).update(credit="Ada Ito")
    use(7, four[0])

    answer = editor.get(reverse("picture_rights"))

    assert rows(answer) == [
        "Expired March 13, 2026 Rights expired Ada Ito 1",
        "Last day March 14, 2026 Rights end on March 14, 2026 0",
        "Thirty days April 13, 2026 Rights end on April 13, 2026 0",
    ]


@pytest.mark.parametrize(("state", "titles"), [("expired", ["Expired"]), ("ending", ["Last day", "Thirty days"])])
@pytest.mark.parametrize("view", ["picture_rights", "picture_rights_results", "wagtailimages:index"])
def test_they_can_be_told_apart(editor, four, view, state, titles):
    answer = editor.get(reverse(view), {"rights": state, "layout": "list"})

    assert sorted(each.title for each in answer.context["object_list"]) == titles


def test_a_filter_nobody_offers_is_no_error(editor, four):
    for view in ("picture_rights", "wagtailimages:index"):
        assert editor.get(reverse(view), {"rights": "x"}).status_code == 200


def test_rights_can_be_told_apart_while_searching(editor, four):
    get_search_backend().add_bulk(Picture, four)

    answer = editor.get(reverse("wagtailimages:index"), {"rights": "expired", "q": "expired"})

    assert [each.title for each in answer.context["object_list"]] == ["Expired"]


@pytest.mark.parametrize("layout", ["grid", "list"])
@pytest.mark.parametrize("view", ["wagtailimages:index", "wagtailimages_chooser:choose_results"])
def test_expired_pictures_are_marked_where_pictures_are_listed(editor, four, view, layout):
    html = editor.get(reverse(view), {"layout": layout}).content.decode()

    # The chooser's own list in rows has no place for it.
    expected = 0 if (view, layout) == ("wagtailimages_chooser:choose_results", "list") else 1
    assert html.count("Rights expired") == expected
    assert html.count("Rights end on") == 2 * expected


def test_many_are_chosen_with_the_same_marks(editor, four):
    html = editor.get(reverse("wagtailimages_chooser:choose_results"), {"multiple": "1"}).content.decode()

    assert html.count("Rights expired") == 1
    assert html.count("data-multiple-choice-select") == 5


def test_the_form_says_that_rights_have_ended(editor, media):
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "PNG")
    draft = PictureDraft(out.getvalue(), "a.png", rights_expire_on=TODAY - DAY)
    (stored,) = operations.store_pictures(drafts=[draft], by=None, now=datetime(2026, 3, 1, tzinfo=UTC))
    url = reverse("wagtailimages:edit", args=[stored.pk])

    assert "ended on March 13, 2026" in editor.get(url).content.decode()

    editor.post(url, {"title": "A", "rights_expire_on": "2026-04-30"})
    stored.refresh_from_db()
    assert stored.rights_expire_on == date(2026, 4, 30)
    assert "The rights to this picture ended" not in editor.get(url).content.decode()


def test_a_day_that_is_none_is_told_so(editor, four):
    answer = editor.post(
        reverse("wagtailimages:edit_multiple", args=[four[0].pk]),
        {f"image-{four[0].pk}-title": "A", f"image-{four[0].pk}-rights_expire_on": "31.02.2026"},
    ).json()

    assert "Enter a valid date" in answer["form"]


# Who ------------------------------------------------------------------------------------------------------


def account(*permissions, in_admin=True):
    group = Group.objects.create(name="Some")
    if in_admin:
        group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in permissions:
        GroupCollectionPermission.objects.create(
            group=group,
            collection=Collection.get_first_root_node(),
            permission=Permission.objects.get(codename=codename, content_type__app_label="wagtailimages"),
        )
    made = Account.objects.create_user("dov@paper.example")
    made.groups.add(group)
    return made


@pytest.mark.parametrize("view", ["picture_rights", "picture_rights_results"])
@pytest.mark.parametrize("permissions", [(), ("choose_image",)])
def test_who_does_not_work_with_pictures_has_no_report(client, four, view, permissions):
    assert client.get(reverse(view)).status_code == 302  # to sign in
    client.force_login(account(*permissions))

    answer = client.get(reverse(view))

    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    assert "picture-rights" not in client.get("/admin/").content.decode()


def test_who_may_only_add_sees_their_own(client, four):
    dov = account("add_image")
    mine = picture("Mine", TODAY, uploaded_by_user=dov)
    client.force_login(dov)

    answer = client.get(reverse("picture_rights"))

    assert list(answer.context["object_list"]) == [mine]
    assert reverse("picture_rights") in client.get("/admin/").content.decode()


def test_who_may_change_pictures_sees_all(client, four):
    client.force_login(account("change_image"))

    assert len(client.get(reverse("picture_rights")).context["object_list"]) == 3


# How many queries -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "parameters", "expected"),
    [
        # Without the admin's own frame, which is everybody's.
        ("wagtailimages:index_results", {}, 9),
        ("wagtailimages:index_results", {"layout": "list"}, 9),
        ("wagtailimages_chooser:choose", {}, 10),
        ("wagtailimages_chooser:choose_results", {}, 7),
        ("wagtailimages_chooser:choose_results", {"layout": "list"}, 8),
        ("picture_rights_results", {}, 6),
    ],
)
def test_lists_of_pictures_cost_the_same_at_three_and_at_sixty(editor, settings, view, parameters, expected):
    settings.WAGTAILIMAGES_INDEX_PAGE_SIZE = settings.WAGTAILIMAGES_CHOOSER_PAGE_SIZE = 60
    counts = []
    for many in (3, 57):
        for _ in range(many):
            made = picture(f"p{Picture.objects.count()}", TODAY)
            use(made.pk, made)
        editor.get(reverse(view), parameters)  # content types and sites are looked up once
        with CaptureQueriesContext(connection) as seen:
            answer = editor.get(reverse(view), parameters)
        # On SQLite sessions have a database of their own.
        counts.append(len([each for each in seen if "django_session" not in each["sql"]]))
        assert answer.status_code == 200

    assert counts == [expected, expected]
