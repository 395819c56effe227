"""Orders, tombstones, folds, and how many queries they take."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coranto.comments import operations
from coranto.comments.models import Comment
from coranto.comments.operations import CommentDraft, add_comments
from coranto.comments.queries import page_holding, thread_page


@pytest.fixture
def plant(article, noon):
    """A function that stores comments as `plant("a", "b<a", "c")`: b answers a. By their words."""

    def plant(*told, state="approved"):
        drafts = {}
        for each in told:
            words, _, above = each.partition("<")
            drafts[words] = CommentDraft(article.pk, words.title(), words, state, reply_to=drafts.get(above))
        return dict(zip(drafts, add_comments(drafts=list(drafts.values()), now=noon), strict=True))

    return plant


def read(article, sort="", length=3):
    seen, cursor = [], sort
    while True:
        page = thread_page(article_id=article.pk, cursor=cursor, length=length)
        seen += [each.html for each in page.comments]
        if not page.next_cursor:
            return "".join(seen)
        cursor = page.next_cursor


@pytest.mark.parametrize("length", [1, 2, 3, 50])
@pytest.mark.parametrize(("sort", "order"), [("", "abcdefg"), ("newest", "gfdeabc"), ("replied", "abcdefg")])
def test_every_order_goes_on_without_gap_or_repetition(article, plant, sort, order, length):
    plant("a", "b<a", "c<b", "d", "e<d", "f", "g")

    assert read(article, sort, length) == order


@pytest.mark.parametrize("length", [1, 2, 50])
def test_most_replied_threads_come_first(article, plant, length):
    plant("a", "b", "c<b", "d", "e<d", "f<e", "g")

    assert read(article, "replied", length) == "defbcag"


@pytest.mark.parametrize(
    "cursor",
    ["oldest", "newest-", "newest-12", "replied-000000000001", "newest-3-000000000001", "replied-01-000000000001"],
)
def test_cursor_we_did_not_write_is_an_error(article, cursor):
    with pytest.raises(ValueError, match=r".*"):
        thread_page(article_id=article.pk, cursor=cursor)


def test_what_the_editors_take_away_leaves_a_place_for_its_answers_alone(article, plant, page):
    planted = plant("lead", "answer<lead", "alone")

    operations.change_states(comments=[planted["lead"], planted["alone"]], state="binned")

    html = page(article)
    assert ("lead" in re.findall(r"e-content[^>]*>(\w+)", html), "answer" in html) == (False, True)
    assert html.count("This comment is not shown.") == 1
    operations.change_states(comments=[planted["answer"]], state="spam")
    assert "This comment is not shown." not in page(article)
    operations.change_states(comments=planted.values(), state="approved")
    assert read(article) == "leadansweralone"


def test_counts_follow_whatever_happens(article, plant):
    planted = plant("a", "b<a", "c<b", "d<a")
    everything = list(planted.values())
    for state in ("binned", "approved", "held", "spam", "approved", "approved"):
        for each in (everything[2], everything[0], everything[1], everything[3]):
            operations.change_states(comments=[each], state=state)
            for row in Comment.objects.all():
                below = Comment.objects.filter(path__startswith=row.path, state="approved").exclude(pk=row.pk)
                assert row.shown_below == below.count()
                assert row.is_shown == (row.state == "approved" or row.shown_below > 0)


def test_number_of_queries_is_the_same_for_many(article, plant, monkeypatch):
    """What others do when they hear of each is theirs."""
    monkeypatch.setattr("coranto.kit.events._receivers", {})

    def taken(planted, state):
        with CaptureQueriesContext(connection) as queries:
            operations.change_states(comments=planted.values(), state=state)
        return len(
            [each for each in queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
        )

    few = plant("a", "b<a")
    many = plant("c", *(f"x{number}<c" for number in range(40)))

    locks = 1 if connection.features.has_select_for_update else 0
    assert taken(few, "binned") == 3 + locks
    assert taken(many, "binned") == 3 + locks


@pytest.mark.parametrize("count", [5, 500])
@pytest.mark.parametrize("sort", ["", "newest", "replied"])
def test_page_of_a_thread_takes_one_query(article, plant, django_assert_num_queries, count, sort):
    plant("a", *(f"n{number}<a" if number % 3 else f"n{number}" for number in range(count)))

    with django_assert_num_queries(1):
        page = thread_page(article_id=article.pk, cursor=sort)
        assert [each.answered for each in page.comments if each.depth == 1] == [""] * sum(
            each.depth == 1 for each in page.comments
        )
        assert len(page.comments) == min(count + 1, 50)
        assert page.total == count + 1


@pytest.mark.parametrize("count", [5, 500])
def test_article_renders_in_as_many_queries_with_five_comments_as_with_five_hundred(
    client, article, plant, count, django_assert_num_queries
):
    plant("a", *(f"n{number}<a" for number in range(count)))
    client.get(article.address)

    with django_assert_num_queries(22 if connection.vendor == "postgresql" else 20):
        client.get(article.address)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of a table this small PostgreSQL reads all")
@pytest.mark.parametrize(("sort", "index"), [("", "comment_oldest"), ("newest", "comment_newest")])
@pytest.mark.parametrize("is_first", [True, False])
def test_page_of_a_thread_is_a_walk_along_an_index(article, plant, sort, index, is_first):
    """What is sorted anew for each page, or sought among those of other articles, is slow where there are many."""
    plant("a", *(f"n{number}<a" if number % 3 else f"n{number}" for number in range(200)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE comments_comment")
    cursor = sort if is_first else thread_page(article_id=article.pk, cursor=sort, length=20).next_cursor
    with CaptureQueriesContext(connection) as queries:
        thread_page(article_id=article.pk, cursor=cursor, length=20)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
        steps = [row[3] for row in cursor.fetchall()]

    assert f"INDEX {index} (article_id=?" in steps[0]
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps


def test_comment_far_on_is_found_on_its_page(client, article, plant):
    planted = plant(*(f"n{number}" for number in range(120)))
    last, early = planted["n119"], planted["n49"]

    assert page_holding(early) == ""
    where = client.get(f"{article.address}comments/{last.pk}/").url
    assert where == f"{article.address}?comments={planted['n99'].path}#comment-{last.pk}"
    assert f'id="comment-{last.pk}"' in client.get(where).text
    assert client.get(f"/wrong/place/comments/{last.pk}/").url == f"{article.address}comments/{last.pk}/"
    assert client.get(f"{article.address}comments/999999999999999999999/").status_code == 404


def test_replies_far_down_are_folded(article, plant, page):
    plant("a", "b<a", "c<b", "d<c", "e<d", "f<e", "g<f")

    html = page(article)
    fold = html[html.index("comments__fold") : html.index("</details>")]
    assert "3 more replies" in fold
    assert re.findall(r'id="comment-\d+"', html)[-3:] == re.findall(r'id="comment-\d+"', fold)


def test_approved_comment_is_told_once(article, plant):
    from coranto.comments.events import CommentApproved, CommentRemoved
    from coranto.kit import events

    told = []
    for kind in (CommentApproved, CommentRemoved):
        events.subscribe(kind, told.append, when=events.WITHIN)
    planted = plant("a", state="held")["a"]
    for state in ("approved", "approved", "binned", "spam"):
        operations.change_states(comments=[planted], state=state)

    assert told == [CommentApproved(planted.pk, article.pk), CommentRemoved(planted.pk, article.pk)]
    for kind in (CommentApproved, CommentRemoved):
        events._receivers[kind, events.WITHIN].remove(told.append)
