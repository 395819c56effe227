"""Threads, a page at a time."""

from __future__ import annotations

import pytest

from coranto.comments.operations import CommentDraft, add_comments
from coranto.comments.queries import thread_page


@pytest.fixture
def threads(article, noon):
    drafts = []
    for number in range(7):
        parent = drafts[-1] if number % 2 else None
        drafts.append(
            CommentDraft(article_id=article.pk, author_name="Ada", html=str(number), state="approved", reply_to=parent)
        )
    drafts.append(CommentDraft(article_id=article.pk, author_name="Dov", html="spam", state="spam"))
    drafts.append(CommentDraft(article_id=article.pk, author_name="Dov", html="held"))
    add_comments(drafts=drafts, now=noon)
    return article


def test_pages_follow_each_other_without_gap_or_repetition(threads):
    seen, cursor = [], ""
    while True:
        page = thread_page(article_id=threads.pk, cursor=cursor, length=3)
        seen += [each.html for each in page.comments]
        assert page.total == 7
        assert page.is_first == (cursor == "")
        cursor = page.next_cursor
        if not cursor:
            break

    assert seen == ["0", "1", "2", "3", "4", "5", "6"]


def test_page_costs_two_queries_at_most(threads, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        thread_page(article_id=threads.pk)


def test_article_without_comments(article):
    page = thread_page(article_id=article.pk)

    assert (list(page.comments), page.total, page.next_cursor) == ([], 0, "")


@pytest.mark.parametrize("cursor", ["x", "12", "1" * 13, "'; DROP", "²" * 12])
def test_cursor_we_did_not_write_is_an_error(article, cursor):
    with pytest.raises(ValueError, match=r".*"):
        thread_page(article_id=article.pk, cursor=cursor)
