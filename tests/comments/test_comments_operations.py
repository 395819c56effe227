"""Many comments at once, each in its place."""

from __future__ import annotations

import pytest

from coranto.comments.models import MAX_DEPTH, PATH_STEP, Comment
from coranto.comments.operations import CommentDraft, add_comments


def draft(article, text="<p>Well said.</p>", **fields):
    return CommentDraft(article_id=article.pk, author_name="Ada", html=text, state="approved", **fields)


def test_replies_stand_below_what_they_reply_to(article, noon):
    first = draft(article, "1")
    second = draft(article, "2")
    reply = draft(article, "1.1", reply_to=first)
    deeper = draft(article, "1.1.1", reply_to=reply)

    stored = add_comments(drafts=[first, second, reply, deeper], now=noon)

    threads = Comment.objects.of_article(article.pk).in_order()
    assert [(each.html, each.depth) for each in threads] == [("1", 1), ("1.1", 2), ("1.1.1", 3), ("2", 1)]
    assert [each.html for each in stored] == ["1", "2", "1.1", "1.1.1"]
    assert [each.path for each in stored] == [Comment.objects.get(pk=each.pk).path for each in stored]
    assert threads[2].path == "".join(f"{each.pk:0{PATH_STEP}d}" for each in (stored[0], stored[2], stored[3]))


def test_reply_to_a_stored_comment(article, noon):
    [first] = add_comments(drafts=[draft(article)], now=noon)

    [reply] = add_comments(drafts=[draft(article, reply_to=first)], now=noon)

    assert (reply.parent_id, reply.path[:PATH_STEP]) == (first.pk, first.path)


def test_reply_across_articles_is_an_error(make_article, noon):
    [first] = add_comments(drafts=[draft(make_article("one"))], now=noon)

    with pytest.raises(ValueError, match="cannot reply"):
        add_comments(drafts=[draft(make_article("two"), reply_to=first)], now=noon)

    assert Comment.objects.count() == 1


def test_thread_deeper_than_a_path_is_long_goes_on_at_that_depth(article, noon):
    drafts = [draft(article)]
    for _ in range(MAX_DEPTH + 3):
        drafts.append(draft(article, reply_to=drafts[-1]))

    stored = add_comments(drafts=drafts, now=noon)

    assert [each.depth for each in stored[-4:]] == [MAX_DEPTH] * 4
    assert max(len(each.path) for each in stored) == PATH_STEP * MAX_DEPTH
    assert list(Comment.objects.in_order()) == stored


def test_words_are_sanitised(article, noon):
    [comment] = add_comments(drafts=[draft(article, "<p onclick=x>Hi<script>alert(1)</script></p>")], now=noon)

    assert Comment.objects.get(pk=comment.pk).html == "<p>Hi</p>"


def test_number_of_statements_does_not_grow_with_the_number_of_comments(article, noon, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        add_comments(drafts=[draft(article) for _ in range(300)], now=noon)


def test_ids_go_on_where_they_ended(article, noon):
    add_comments(drafts=[draft(article), draft(article)], now=noon)
    by_hand = Comment.objects.create(article=article, path="x", author_name="Ben", html="", written_at=noon)

    [after] = add_comments(drafts=[draft(article)], now=noon)

    assert after.pk > by_hand.pk
    assert Comment.objects.count() == 4


def test_nothing_to_store(db, noon):
    assert add_comments(drafts=[], now=noon) == []


def test_comment_without_a_date_is_written_now(article, noon):
    [comment] = add_comments(drafts=[draft(article)], now=noon)

    assert Comment.objects.get(pk=comment.pk).written_at == noon
