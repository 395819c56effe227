"""Comments with their threads, states and dates."""

from __future__ import annotations

from datetime import UTC, datetime


def test_threads_states_and_dates_are_kept(export, run, article):
    number = export.post(
        comments=[
            {"id": 3, "text": "Reply", "parent": 2, "date": "2024-03-02 12:00:00"},
            {
                "id": 2,
                "text": "Root & <b>bold</b>\n\nTwo",
                "date": "2024-03-02 11:00:00",
                "url": "https://ada.example/",
            },
            {"id": 4, "approved": "0"},
            {"id": 5, "approved": "spam"},
            {"id": 6, "approved": "trash"},
        ]
    )

    report = run(export)

    threads = list(article(number).comments.order_by("path"))
    root = next(each for each in threads if each.depth == 1 and "Root" in each.html)
    reply = next(each for each in threads if each.depth == 2)
    assert root.html == "<p>Root &amp; <b>bold</b></p>\n<p>Two</p>"
    assert (reply.parent_id, reply.written_at) == (root.pk, datetime(2024, 3, 2, 12, tzinfo=UTC))
    assert sorted(each.state for each in threads) == ["approved", "approved", "binned", "held", "spam"]
    assert (root.author_name, root.author_email, root.author_url) == (
        "Ada",
        "ada@reader.example",
        "https://ada.example/",
    )
    assert report["created"]["comments"] == 5


def test_pingbacks_are_listed_and_not_taken(export, run):
    export.post(comments=[{"id": 1, "type": "pingback"}, {"id": 2, "type": "trackback"}, {"id": 3, "type": ""}])

    report = run(export)

    assert [each["reason"] for each in report["skipped"]] == [
        "no reader's comment: pingback",
        "no reader's comment: trackback",
    ]
    assert report["created"]["comments"] == 1


def test_reply_without_its_parent_stands_on_its_own(export, run, article):
    number = export.post(comments=[{"id": 1, "parent": 99}])

    report = run(export)

    assert article(number).comments.get().depth == 1
    assert report["notes"] == {"comments whose parent is not in the export stand on their own": 1}


def test_circle_of_replies_ends(export, run, article):
    number = export.post(comments=[{"id": 1, "parent": 2}, {"id": 2, "parent": 1}])

    run(export)

    assert article(number).comments.count() == 2


def test_hostile_comment_is_dead(export, run, article):
    number = export.post(
        comments=[
            {"id": 1, "text": "<script>alert(1)</script><a href='javascript:x' onclick=y>hi</a>", "url": "javascript:x"}
        ]
    )

    run(export)

    comment = article(number).comments.get()
    assert ("script" in comment.html, "onclick" in comment.html, comment.author_url) == (False, False, "")


def test_comments_on_pages_are_counted_as_left_out(export, run):
    export.page(comments=[{"id": 1}, {"id": 2}])

    report = run(export)

    assert [(each["reason"], each["count"]) for each in report["skipped"]] == [("pages have no comments here", 2)]


def test_very_many_comments_under_one_article_keep_their_threads(export, run, article):
    """More than are held in memory at once, and than are stored in one go."""
    comments = [{"id": n, "text": str(n), "parent": n - 1 if n % 3 == 0 else 0} for n in range(1, 6_001)]
    number = export.post(comments=comments)

    report = run(export)

    assert report["created"]["comments"] == 6_000
    assert article(number).comments.filter(depth=2).count() == 2_000
    assert report["notes"] == {}
