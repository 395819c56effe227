"""The same export again, a changed one, and a dry run."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from exports import Export, archive, media_folder, png


def counts():
    from django.apps import apps

    rooms = ("newsroom", "comments", "importers", "masthead", "wagtailredirects", "wagtailcore")
    return {m._meta.label: m.objects.count() for m in apps.get_models() if m._meta.app_label in rooms}


def test_importing_twice_creates_nothing_the_second_time(run, tmp_path):
    paper, media = archive(posts=12), media_folder(tmp_path / "uploads")
    first = run(paper, media=media)
    before = counts()

    second = run(paper, media=media)

    assert (first["created"]["articles"], first["created"]["comments"], first["created"]["images"]) == (12, 36, 4)
    assert set(second["created"].values()) == set(second["updated"].values()) == {0}
    assert second["redirects"] == 0
    assert counts() == before


def test_dry_run_writes_nothing_and_says_what_would_be_done(run, tmp_path, settings):
    from pathlib import Path

    paper, media = archive(posts=6), media_folder(tmp_path / "uploads")
    (media / "wp-content/uploads/2024/03/p1.png").write_bytes(b"no picture")
    before = counts()

    tried = run(paper, media=media, is_dry_run=True)

    assert counts() == before
    assert not list(Path(settings.MEDIA_ROOT).glob("**/*.png"))
    assert tried == run(paper, media=media)


def test_changed_item_is_published_anew_and_keeps_its_address(export, run, article):
    number = export.post("<p>Old words.</p>", slug="trams")
    run(export)
    changed = Export()
    changed.post("<p>New words.</p>", id=number, slug="trams-2", title="Trams again", modified="2024-04-01 10:00:00")

    report = run(changed)

    made = article(number)
    assert (made.title, made.body_text, made.address) == ("Trams again", "New words.", "/city/trams/")
    assert (report["updated"]["articles"], report["created"]["articles"]) == (1, 0)
    assert [each.kind for each in made.versions.order_by("number")] == ["first", "update"]


def test_item_that_was_edited_here_is_left_alone(export, run, article):
    number = export.post("<p>Old words.</p>")
    run(export)
    made = article(number)
    made.standfirst = "Ours."
    made.save_revision().publish()
    changed = Export()
    changed.post("<p>Their new words.</p>", id=number)

    report = run(changed)

    assert (article(number).standfirst, article(number).body_text) == ("Ours.", "Old words.")
    assert "edited here" in report["skipped"][0]["reason"]


def test_draft_of_an_editor_counts_as_edited_here(export, run, article):
    number = export.post("<p>Old words.</p>")
    run(export)
    made = article(number)
    made.standfirst = "Not published yet."
    made.save_revision()
    changed = Export()
    changed.post("<p>Their new words.</p>", id=number)

    assert "edited here" in run(changed)["skipped"][0]["reason"]


def test_item_deleted_here_stays_deleted(export, run, article):
    number = export.post()
    run(export)
    article(number).delete()

    report = run(export)

    assert report["created"]["articles"] == 0
    assert report["skipped"][0]["reason"] == "it was deleted here"


def test_new_comments_under_known_articles_are_added(export, run, article):
    comments = [{"id": 1, "text": "First."}]
    number = export.post(id=70, comments=comments)
    run(export)
    later = Export()
    later.post(id=70, comments=[*comments, {"id": 2, "text": "Second.", "parent": 1}])

    report = run(later)

    first, second = article(number).comments.order_by("path")
    assert (report["created"]["comments"], report["unchanged"]["comments"]) == (1, 1)
    assert second.parent_id == first.pk


def test_page_that_changed_is_replaced(export, run):
    from coranto.masthead.models import PlainPage

    number = export.page("<p>Two of us.</p>", slug="us")
    run(export)
    changed = Export()
    changed.page("<p>Three of us.</p>", id=number, slug="us")

    report = run(changed)

    assert (PlainPage.objects.get().body, report["updated"]["pages"]) == ("<p>Three of us.</p>", 1)


def test_picture_found_later_is_put_into_its_article(run, article, tmp_path):
    paper = archive(posts=2, pictures=1)
    run(paper)
    assert article(1).picture is None

    report = run(paper, media=media_folder(tmp_path / "uploads", pictures=1))

    assert report["created"]["images"] == 1
    assert report["updated"]["articles"] == 2
    assert article(1).picture is not None
    assert "picture" in [each["type"] for each in article(1).raw_body]
    assert article(1).updated_at is None


def test_scheduled_article_that_went_out_is_not_taken_for_edited(export, run, article):
    from coranto.newsroom.operations import publish_due

    number = export.post("<p>Words.</p>", status="future", date="2026-02-01 00:00:00")
    run(export, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert not article(number).live
    publish_due(now=datetime(2026, 2, 2, tzinfo=UTC))
    changed = Export()
    changed.post("<p>Other words.</p>", id=number, date="2026-02-01 00:00:00")

    run(changed)

    assert article(number).body_text == "Other words."


@pytest.mark.parametrize("place", ["wp-content/uploads/2024/03/a.png", "2024/03/a.png", "a.png", "deep/down/a.png"])
def test_media_folder_may_be_any_part_of_the_site(export, run, tmp_path, place):
    export.picture("2024/03/a.png")
    file = tmp_path / "media" / place
    file.parent.mkdir(parents=True)
    file.write_bytes(png())

    assert run(export, media=tmp_path / "media")["created"]["images"] == 1
