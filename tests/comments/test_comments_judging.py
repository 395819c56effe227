"""What makes a comment wait, and what does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coranto.comments import operations, pipeline
from coranto.comments.models import Comment
from coranto.comments.operations import CommentDraft, add_comments
from coranto.comments.rules import words
from coranto.comments.rules.judging import Facts, Reason, Words, reasons_to_hold

NOTHING = {"pause": "", "holds_first": True, "most_links": 2, "banned_words": "", "was_approved_before": True}


def reasons(source="Well said.", name="Ada", **facts):
    return reasons_to_hold(Words(name=name, source=source, html=words.render(source)), Facts(**{**NOTHING, **facts}))


def test_plain_words_of_somebody_known_go_up():
    assert reasons() == []


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"was_approved_before": False}, Reason.FIRST),
        ({"pause": "hold"}, Reason.PAUSED),
        ({"pause": "shut"}, Reason.PAUSED),
        ({"is_open": False}, Reason.CLOSED),
        ({"source": "https://a.example https://b.example https://c.example"}, Reason.LINKS),
        ({"is_repeated": True}, Reason.REPEATED),
        ({"by_writer": 5}, Reason.WRITER),
        ({"by_range": 20}, Reason.RANGE),
        ({"under_article": 30}, Reason.RUSH),
    ],
)
def test_each_rule_says_its_reason(facts, reason):
    assert reasons(**facts) == [reason]


@pytest.mark.parametrize(
    ("banned", "source", "held"),
    [
        ("pills", "Cheap PILLS here", True),
        ("pills", "Spills and pillsbury", False),
        ("pill*", "Pillsbury", True),
        ("*pills", "spills", True),
        ("free money", "Free\n  money", True),
        ("a.b", "axb", False),
        ("*", "anything", False),
        ("straße", "STRASSE", True),
        ("co\u00adop", "coop", True),
    ],
)
def test_words_from_the_list(banned, source, held):
    assert reasons(source, banned_words=banned) == ([Reason.WORDS] if held else [])


@pytest.mark.parametrize(
    "source",
    [
        "s&#108;ur",
        "s`l`ur",
        "s**l**ur",
        "[s](https://a.example)lur",
        "s&shy;lur",
        "s\u200blur",
        "s\u00adlur",
        "&#115;&#108;&#117;&#114;",
        "[x](https://slur.example)",
    ],
)
def test_word_from_the_list_is_found_however_it_is_spelt(source):
    assert reasons(source, banned_words="slur") == [Reason.WORDS]


def test_word_from_the_list_is_found_in_a_name_that_hides_it():
    assert reasons(name="S\u200bL\u2060UR", banned_words="slur") == [Reason.WORDS]


@pytest.fixture
def judged(article, noon):
    """A function that stores a comment and says what comes of it."""

    def judge(text="Well said.", email="ada@reader.example", at=noon, **fields):
        draft = CommentDraft(article.pk, "Ada", text, "held", written_at=at, author_email=email)
        [comment] = add_comments(drafts=[draft], now=at)
        Comment.objects.filter(pk=comment.pk).update(digest=words.digest_of(text), **fields)
        comment.refresh_from_db()
        return comment, pipeline.judge(comment, now=at)

    return judge


def test_imported_comments_make_their_writers_known(judged, article, noon):
    draft = CommentDraft(article.pk, "Ada", "Long ago", "approved", noon - timedelta(days=900), "Ada@reader.example")
    add_comments(drafts=[draft], now=noon)

    assert judged()[1].state == "approved"
    assert judged(email="other@reader.example", text="Else")[1].reasons == ["first"]


def test_words_of_an_address_nobody_confirmed_count_for_nothing(judged, commenting, noon):
    """Else anybody could make a reader wait, by writing under their address."""
    commenting(holds_first=False)
    for number in range(10):
        comment, _ = judged("Well said." if number else "Other")
        Comment.objects.filter(pk=comment.pk).update(state="waiting")

    assert judged()[1].state == "approved"


def test_same_words_elsewhere_wait(judged, commenting):
    commenting(holds_first=False)
    judged("Look  at MY site", email="a@reader.example")

    assert judged("look at my site", email="b@reader.example")[1].reasons == ["repeated"]


def test_what_an_editor_writes_waits_for_nobody(judged, cora, commenting):
    commenting(pause="hold")

    assert judged(account=cora)[1].state == "approved"


def test_judging_takes_a_fixed_number_of_queries(judged, django_assert_num_queries, noon):
    comment, _ = judged()
    for _ in range(20):
        judged()
    with django_assert_num_queries(4):
        pipeline.judge(comment, now=noon)


def test_hidden_field_filled_in_is_spam(client, article, ben):
    client.force_login(ben)
    client.post(f"/-/comments/write/{article.pk}/", {"words": "Buy", "website": "https://pills.example"})

    comment = Comment.objects.get()
    assert (comment.state, comment.held_because) == ("spam", "trap")


def test_writers_state_changes_reach_nobody_who_may_not(client, cora, ben, article, noon):
    assert ben.has_perm("comments.moderate_comments") is False
    assert cora.has_perm("comments.moderate_comments") is True
    assert operations.change_states(comments=[], state="approved") == []
