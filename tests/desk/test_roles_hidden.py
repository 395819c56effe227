"""What is somebody else's and not out: no address of the admin tells a contributor of it."""

from __future__ import annotations

import io
import re
import uuid
import zipfile

import pytest
from django.test import Client

from coranto.desk.operations.roles import assign_position
from coranto.newsroom.models import Article

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of a picture it makes on the way to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

LINK = re.compile(r"""(?:href|action|src|data-[\w-]+)="(/admin/[^"#]*)""")
NEVER = ("/admin/logout/", "/admin/failwhale/")


def signed_in(account):
    client = Client(raise_request_exception=False)
    client.force_login(account)
    return client


def words_of(response) -> str:
    """All there is to read, in small letters: an address made of a headline tells of it as well."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace").lower() + response.headers.get("Location", "").lower()


def every_path(world, addresses, name):
    for address in addresses:
        for values in world.objects(address, name).values():
            yield address.path(values)


def more_to_ask(world):
    """Where what is asked for stands behind the question mark."""
    ids = [world.others.pk, world.others_out.pk, world.others_in_review.pk]
    every = "&".join(f"id={pk}" for pk in ids)
    city = world.cast.city.pk
    for action in ("delete", "move", "publish", "unpublish"):
        yield f"/admin/bulk/wagtailcore/page/{action}/?{every}"
        yield f"/admin/bulk/wagtailcore/page/{action}/?id=all&childOf={city}"
        yield f"/admin/bulk/wagtailcore/page/{action}/?id=all&childOf={city}&q=zyzz"
    yield f"/admin/choose-page/chosen-multiple/?{every}"
    for kind in ("wagtailcore.page", "newsroom.article"):
        yield f"/admin/choose-page/?page_type={kind}"
        yield f"/admin/choose-page/{city}/?page_type={kind}&multiple=1"
        yield f"/admin/choose-page/search/?q=zyzz&page_type={kind}"
    yield f"/admin/choose-page/{city}/?user_perms=move_to&target_pages[]={world.others.pk}"
    for path in ("pages/search/", "pages/search/results/", f"pages/{city}/", f"pages/{city}/results/"):
        yield f"/admin/{path}?q=zyzz"
        yield f"/admin/{path}?q=zyzz&search_all=1"
    for path in (
        *("pages/search/", f"pages/{city}/", "pages/usage/newsroom/article/", "reports/site-history/"),
        *("reports/locked/", "reports/workflow/", "reports/workflow_tasks/", "reports/aging-pages/"),
        *("reports/page-types-usage/", "redirects/", "snippets/newsroom/author/", "images/"),
    ):
        for kind in ("csv", "xlsx"):
            yield f"/admin/{path}?export={kind}"
    for query in ("", f"?child_of={city}", f"?child_of={city}&for_explorer=1", "?search=zyzz", "?descendant_of=1"):
        yield f"/admin/api/main/pages/{query}"
    for pk in ids:
        yield f"/admin/api/main/pages/{pk}/"


def tells(client, paths, *, follow: bool) -> list[str]:
    """The addresses among these, and among all their answers lead to, that tell of what is hidden."""
    waiting, telling = list(dict.fromkeys(paths)), []
    met = {*waiting, *NEVER, *(path.partition("?")[0] for path in waiting)}
    for path in waiting:
        response = client.get(path)
        words = words_of(response)
        if "zyzzyva" in words:
            telling.append(path)
        if follow and response.status_code == 200:
            for link in LINK.findall(words):
                place = link.partition("?")[0]  # a calendar leads on for ever
                if place not in met:
                    met.add(place)
                    waiting.append(link.replace("&amp;", "&"))
    return telling


def test_contributor_follows_every_link_and_is_told_of_nothing(world, addresses):
    from coranto.newsroom.models import ArticleAuthor

    ArticleAuthor.objects.create(article=world.others, author=world.author)
    world.others.picture = world.picture
    world.others.save_revision()
    paths = [*every_path(world, addresses, "dov"), *more_to_ask(world)]
    assert tells(signed_in(world.cast.dov), paths, follow=True) == []


@pytest.mark.parametrize("name", ["rui", "kai", "cora"])
def test_whoever_may_see_it_is_told(world, addresses, name):
    found = tells(signed_in(world.cast.people[name]), more_to_ask(world), follow=False)
    assert bool(found) is (name != "kai")


@pytest.mark.parametrize("ways", ["links", "posts"])
def test_foreign_draft_named_in_ones_own_piece_stays_hidden(world, article_form, ways):
    """An id is guessed easily, and the editor shows what a link leads to."""
    dov, own = signed_in(world.cast.dov), world.own["dov"]
    link = f'<p>See <a linktype="page" id="{world.others.pk}">this</a>.</p>'
    blocks = [
        {"type": "paragraph", "value": link, "id": str(uuid.uuid4())},
        {"type": "related", "value": {"article": world.others.pk, "label": ""}, "id": str(uuid.uuid4())},
    ]
    if ways == "links":
        own.body = [block for block in blocks if block["type"] in own.body.stream_block.child_blocks]
        own.save_revision(user=world.cast.dov)
    else:
        dov.post(f"/admin/pages/{own.pk}/edit/", article_form(title="By dov", text=link))
    paths = [f"/admin/pages/{own.pk}/{path}/" for path in ("edit", "view_draft", "edit/preview", "history")]
    assert tells(dov, paths, follow=False) == []


def test_contributor_here_and_reporter_there_sees_a_colleagues_draft_there_only(world):
    assign_position(account=world.cast.dov, role="reporter", section=world.cast.culture, by=None)
    dov = signed_in(world.cast.dov)
    theirs = world.cast.write("Opera", by=world.cast.kai, section=world.cast.culture)
    assert dov.get(f"/admin/pages/{theirs.pk}/edit/").status_code == 200
    assert tells(dov, ["/admin/desk/", "/admin/desk/all/drafts/", "/admin/", *more_to_ask(world)], follow=False) == []


def test_published_pieces_of_others_are_there_to_link_to_under_their_published_headline(world):
    dov = signed_in(world.cast.dov)
    page = dov.get(f"/admin/choose-page/{world.cast.city.pk}/?page_type=newsroom.article").json()["html"]
    assert "Out in the open" in page
    assert "By dov" in page
    assert "By rui" not in page


def test_explorer_shows_a_contributor_their_own_pieces(world):
    dov = signed_in(world.cast.dov)
    page = dov.get(f"/admin/pages/{world.cast.city.pk}/").text
    assert "By dov" in page
    assert "Out in the open" not in page


def test_what_is_kept_from_everybody_is_not_there_to_link_to(world):
    Article.objects.filter(pk=world.others_out.pk).update(visibility="staff")
    dov = signed_in(world.cast.dov)
    assert "Out in the open" not in dov.get(f"/admin/choose-page/{world.cast.city.pk}/").json()["html"]


def test_contributor_publishes_moves_copies_withdraws_and_deletes_nothing_of_others(world, article_form):
    dov, theirs = signed_in(world.cast.dov), [world.others.pk, world.others_out.pk]
    before = list(Article.objects.order_by("pk").values_list("pk", "path", "live", "latest_revision"))
    for pk in theirs:
        page = f"/admin/pages/{pk}"
        dov.post(f"{page}/edit/", {**article_form(title="Mine"), "action-publish": "1"})
        dov.post(f"{page}/delete/")
        dov.post(f"{page}/unpublish/", {"reason": ""})
        dov.post(f"{page}/move/{world.cast.culture.pk}/confirm/")
        copy = {"new_title": "Mine", "new_slug": "mine", "new_parent_page": world.cast.city.pk, "publish_copies": "on"}
        dov.post(f"{page}/copy/", copy)
        dov.post(f"{page}/copy/", {**copy, "alias": "on"})
        for action in ("publish", "unpublish", "delete", "copy", "move", "create_alias"):
            data = {"destination_page_id": world.cast.city.pk, "slug": "mine", "recursive": "false"}
            dov.post(f"/admin/api/main/pages/{pk}/action/{action}/", data)
        for action in ("delete", "move", "publish", "unpublish"):
            dov.post(f"/admin/bulk/wagtailcore/page/{action}/?id={pk}", {"chooser": world.cast.culture.pk})
    assert list(Article.objects.order_by("pk").values_list("pk", "path", "live", "latest_revision")) == before


@pytest.mark.parametrize("name", ["dov", "rui"])
def test_copy_of_a_published_piece_publishes_nothing_for_who_may_not_publish(world, name):
    piece = world.cast.write("Ferry", by=world.cast.people[name], publish=True)
    client = signed_in(world.cast.people[name])
    out = Article.objects.live().count()
    copy = {"new_title": "Two", "new_slug": "two", "new_parent_page": world.cast.city.pk, "publish_copies": "on"}
    for alias in ({}, {"alias": "on"}):
        client.post(f"/admin/pages/{piece.pk}/copy/", {**copy, **alias})
        client.post(f"/admin/api/main/pages/{piece.pk}/action/copy/", {**alias, "keep_live": "true", "slug": "x"})
        client.post(f"/admin/api/main/pages/{piece.pk}/action/create_alias/", {"update_slug": "y"})
    assert Article.objects.live().count() == out
