"""What pages show of comments and what is known of those who write, each with a fixed number of queries."""

from coranto.comments.queries.judging import facts_of
from coranto.comments.queries.own import comments_of, find_twin, may_moderate, own_comments, writer_of
from coranto.comments.queries.scoring import explain_scores, score_comment, scoring
from coranto.comments.queries.settings import commenting, takes_comments
from coranto.comments.queries.threads import (
    PAGE_LENGTH,
    Stretch,
    ThreadPage,
    find_article,
    find_shown,
    page_holding,
    thread_page,
)

__all__ = [
    "PAGE_LENGTH",
    "Stretch",
    "ThreadPage",
    "commenting",
    "comments_of",
    "explain_scores",
    "facts_of",
    "find_article",
    "find_shown",
    "find_twin",
    "may_moderate",
    "own_comments",
    "page_holding",
    "score_comment",
    "scoring",
    "takes_comments",
    "thread_page",
    "writer_of",
]
