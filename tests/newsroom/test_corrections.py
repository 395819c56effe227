"""What was corrected: on the article, in the list of all, in the version."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.db.transaction import atomic
from django.db.utils import DatabaseError

from coranto.newsroom import queries
from coranto.newsroom.models import Article, ArticleVersion, VersionWithdrawal

pytestmark = pytest.mark.django_db


@pytest.fixture
def correct():
    def correct(article: Article, **fields) -> Article:
        article = article.get_latest_revision_as_object()
        told = {"change_kind": "correction", "change_note": "It was six, not five."}
        for name, value in {**told, **fields}.items():
            setattr(article, name, value)
        article.save_revision().publish()
        return Article.objects.get(pk=article.pk)

    return correct


@pytest.mark.parametrize(("place", "before"), [("top", True), ("foot", False)])
def test_note_stands_where_the_editor_wants_it(client, write, correct, place, before):
    correct(write(slug="trams"), change_note_place=place, change_passage="The first tram left at six.")
    page = client.get("/city/trams/").text
    assert page.count("It was six, not five.") >= 1
    note = page.index('class="correction__note"')
    assert (note < page.index('class="article__body')) is before
    assert "<strong>Correction</strong>" in page
    assert "About this passage:" in page


def test_version_keeps_what_was_said_in_its_row_and_in_its_bytes(write, correct):
    article = correct(write(), change_kind="clarification", change_passage=" Six. ", change_note_place="top")
    version = article.versions.latest("number")
    assert (version.kind, version.note, version.passage) == ("clarification", "It was six, not five.", "Six.")
    assert (version.note_place, version.visibility) == ("top", "public")
    document = json.loads(bytes(version.document))
    assert document["change"] == {"kind": "clarification", "note": "It was six, not five.", "passage": "Six."}
    assert document["schema"] == "coranto/article-version/2"


def test_next_change_begins_with_nothing_said(write, correct):
    article = correct(write(), change_passage="Six.", change_note_place="top")
    draft = article.get_latest_revision_as_object()
    assert [draft.change_kind, draft.change_note, draft.change_passage, draft.change_note_place] == ["", "", "", "foot"]
    article = correct(draft, change_kind="", change_note="")
    assert article.versions.latest("number").kind == "typo"  # readers see nothing of it


@pytest.mark.parametrize(
    ("kind", "moves"), [("typo", False), ("update", True), ("clarification", True), ("correction", True)]
)
def test_visible_date_moves_with_what_readers_should_know(write, correct, time_machine, noon, kind, moves):
    time_machine.move_to(noon, tick=False)
    article = write()
    time_machine.move_to(noon + timedelta(days=1), tick=False)
    article = correct(article, change_kind=kind)
    shown = queries.article_page(article, queries.sections()).updated_at
    assert shown == (noon + timedelta(days=1) if moves else None)


def test_scheduled_change_keeps_what_was_named_with_it(write, time_machine, noon):
    from coranto.newsroom import operations

    time_machine.move_to(noon, tick=False)
    article = write()
    draft = article.get_latest_revision_as_object()
    draft.change_kind, draft.change_note, draft.change_passage = "correction", "Six.", "At six."
    draft.change_note_place, draft.go_live_at = "top", noon + timedelta(hours=1)
    draft.save_revision().publish()
    time_machine.move_to(noon + timedelta(hours=2), tick=False)
    assert operations.publish_due(now=noon + timedelta(hours=2)) == 1
    version = article.versions.latest("number")
    assert (version.kind, version.note, version.passage, version.note_place) == ("correction", "Six.", "At six.", "top")


def test_typo_and_update_are_no_corrections(client, write, correct):
    correct(correct(write(slug="trams"), change_kind="typo"), change_kind="update")
    assert "correction__note" not in client.get("/city/trams/").text
    assert "Nothing has had to be corrected yet." in client.get("/corrections/").text


def test_database_refuses_to_change_what_was_said_of_a_version(write, correct):
    version = correct(write()).versions.latest("number")
    for statement in ("UPDATE newsroom_articleversion SET note = 'x'", "DELETE FROM newsroom_articleversion"):
        with pytest.raises(DatabaseError, match="final"), atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE id = %s", [version.pk])


# All of them ----------------------------------------------------------------------------------------------------


def test_all_corrections_newest_first_of_public_articles_alone(client, write, correct):
    correct(write("One", slug="one"), change_note="Note one.")
    correct(write("Two", slug="two"), change_note="Note two.", change_kind="clarification")
    correct(write("Inside", slug="inside", visibility="private"), change_note="Note inside.")
    correct(write("Gone", slug="gone"), change_note="Note gone.").unpublish()
    page = client.get("/corrections/").text
    assert page.index("Note two.") < page.index("Note one.")
    assert "Note inside." not in page
    assert "Note gone." not in page
    assert "/city/two/history/?from=1&amp;to=2" in page
    assert 'href="/corrections/"' in client.get("/").text


def test_list_goes_on_page_by_page_and_shows_each_once(write, correct, noon, time_machine):
    time_machine.move_to(noon, tick=False)  # all in one moment: the order is by number then
    article = write()
    for number in range(7):
        article = correct(article, change_note=f"Note {number}.")
    seen, cursor = [], None
    while True:
        page = queries.corrections(length=2, before=cursor)
        seen += [each.note for each in page.items]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == [f"Note {number}." for number in reversed(range(7))]


@pytest.mark.parametrize("cursor", ["x", "1", "9" * 99, "-", "1-x", "\u0661-1", "1" * 30 + "-1"])
def test_cursor_nobody_wrote_is_not_found(client, db, cursor):
    assert client.get("/corrections/", {"before": cursor}).status_code in {200, 404}


def test_withdrawn_correction_is_gone_from_article_and_list(client, write, correct, noon):
    article = correct(correct(write(slug="trams"), change_note="Note two."), change_note="Note three.")
    version = article.versions.get(number=2)
    VersionWithdrawal.objects.create(version=version, reason="Because.", withdrawn_at=noon)
    assert [each.note for each in queries.corrections_of(article)] == ["Note three."]
    for path in ("/corrections/", "/city/trams/"):
        assert "Note two." not in client.get(path).text


@pytest.mark.parametrize("count", [3, 60])
def test_list_takes_a_fixed_number_of_queries(client, write, correct, count, django_assert_num_queries):
    for number in range(3):
        article = write(f"Trams {number}")
        for _ in range(count // 3):
            article = correct(article)
    with django_assert_num_queries(5):
        assert client.get("/corrections/").status_code == 200


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plans of SQLite")
def test_list_is_a_walk_through_its_index(write, correct, plans):
    correct(write())
    found = [plan for plan, _ in plans(lambda: queries.corrections(known={}))]
    assert found[0] == "SEARCH newsroom_articleversion USING INDEX version_noted (noted_at>?)"
    assert not [plan for plan in found if plan.startswith("SCAN")]


def test_publication_of_a_correction_and_a_withdrawal_purge_what_shows_them(
    write, correct, noon, purged, django_capture_on_commit_callbacks
):
    article = write()
    with django_capture_on_commit_callbacks(execute=True):
        article = correct(article)
    assert {f"page:{article.pk}", "corrections"} <= set(purged)
    purged.clear()
    with django_capture_on_commit_callbacks(execute=True):
        correct(article, change_kind="typo")  # its corrections may come into sight with it
    assert "corrections" in purged
    purged.clear()
    version = ArticleVersion.objects.get(article=article, number=2)
    with django_capture_on_commit_callbacks(execute=True):
        VersionWithdrawal.objects.create(version=version, reason="Because.", withdrawn_at=noon)
    assert {f"page:{article.pk}", "corrections"} <= set(purged)
