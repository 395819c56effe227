"""What the score learns, from whom, and what it may do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from coranto.comments import operations
from coranto.comments.models import Comment, Decision, Lesson, Scoring, WordCount
from coranto.comments.operations import CommentDraft, add_comments
from coranto.comments.pipeline import judge
from coranto.comments.queries.scoring import LESSONS, explain_scores, learned, score_comment
from coranto.comments.rules.score import (
    FEWEST_LESSONS,
    MOST_WORDS,
    Counts,
    digest_of_words,
    score_of,
    weight_of,
    words_of,
)

SPAM = "<p>Casino bonus number {n}: win money fast at the casino</p>"
TALK = "<p>Tram line {n} should stop at the harbour again</p>"


@pytest.fixture
def scoring(db):
    def change(mode, hold_from=90):
        return Scoring.objects.update_or_create(pk=1, defaults={"mode": mode, "hold_from": hold_from})[0]

    return change


@pytest.fixture
def add(article, noon):
    """A function: comments with this HTML, in a state."""

    def add(*htmls, state="held", **fields):
        drafts = [
            CommentDraft(article_id=article.pk, author_name="Dov", html=each, state=state, **fields) for each in htmls
        ]
        return add_comments(drafts=drafts, now=noon)

    return add


@pytest.fixture
def taught(add, cora, noon):
    """A site on which an editor has decided often enough for the score to speak."""
    for act, words in (("spam", SPAM), ("approve", TALK)):
        rows = add(*(words.format(n=f"n{n}") for n in range(FEWEST_LESSONS)))
        decide(rows, act, cora, noon)


def decide(comments, act, by, now, **fields):
    stamps = {each.pk: operations.moderating.stamp_of(each.html) for each in comments}
    return operations.moderate_comments(comments=stamps, act=act, by=by, now=now, **fields)


def counts(word):
    return WordCount.objects.filter(word=word).values_list("wanted", "unwanted").first()


def test_words_are_folded_once_each_with_the_sites_that_links_lead_to():
    html = '<p>Caf\u00e9 CAFE\u0301 <b>don\u2019t</b> 2026 a</p><p><a href="https://www.pills.example/?a=1&amp;b=2" rel="x">Buy</a></p>'

    assert words_of(html, website="http://Dov.example/x") == (
        "site:dov.example",
        "site:pills.example",
        "caf\u00e9",
        "don't",
        "buy",
    )


def test_scripts_without_spaces_are_learned_two_characters_at_a_time():
    assert words_of("<p>路面電車が戻る</p>") == ("路面", "面電", "電車", "車が", "が戻", "戻る")


@pytest.mark.parametrize("html", ["", "<p></p>", '<a href="http://[">x</a>', "<p>\u202e\u0301</p>"])
def test_words_of_what_has_none(html):
    assert words_of(html) == ()


def test_a_wall_of_words_is_learned_up_to_a_measure():
    assert len(words_of(f"<p>{' '.join(f'word{n}' for n in range(5000))}</p>")) == MOST_WORDS


def test_digest_is_of_the_words_and_not_of_their_order():
    assert digest_of_words(["a", "b"]) == digest_of_words(["b", "a"]) != digest_of_words(["a"])


def test_nothing_is_said_before_there_were_enough_lessons_of_either_verdict():
    known = {"casino": Counts(0, 19)}

    assert score_of(["casino"], known, Counts(FEWEST_LESSONS, FEWEST_LESSONS - 1)) is None
    assert score_of(["casino"], known, Counts(FEWEST_LESSONS, FEWEST_LESSONS)).value > 0.9


def test_word_weighs_by_its_share_of_either_verdict_however_many_lessons_there_were():
    even = Counts(2000, 20)

    assert weight_of(Counts(1000, 10), even) == pytest.approx(0)
    assert weight_of(Counts(0, 10), even) > weight_of(Counts(0, 2), even) > 0
    assert weight_of(Counts(10, 0), even) == pytest.approx(-weight_of(Counts(0, 10), even))


def test_word_seen_once_and_word_never_seen_weigh_nothing():
    score = score_of(["once", "never"], {"once": Counts(0, 1)}, Counts(20, 20))

    assert (score.value, list(score.weights)) == (0.5, [])


def test_wall_of_harmless_words_does_not_outweigh_what_is_telling():
    known = {f"bad{n}": Counts(0, 40) for n in range(24)} | {f"good{n}": Counts(8, 2) for n in range(500)}

    assert score_of(known, known, Counts(50, 50)).value > 0.99


def test_editors_decisions_teach_and_the_screen_can_say_which_words_weighed(taught, add):
    [comment] = add("<p>Casino money at the harbour</p>")

    score = explain_scores([comment])[comment.pk]

    assert counts(LESSONS) == (FEWEST_LESSONS, FEWEST_LESSONS)
    assert (counts("casino"), counts("tram"), counts("the")) == ((0, 20), (20, 0), (20, 20))
    assert {each.word: each.is_against for each in score.weights if abs(each.weight) > 0.01} == {
        "casino": True,
        "money": True,
        "harbour": False,
    }


@pytest.mark.parametrize(("act", "reason"), [("bin", ""), ("hold", "")])
def test_to_bin_and_to_put_back_teach_nothing(add, cora, noon, act, reason):
    decide(add("<p>Twice the same</p>", state="approved"), act, cora, noon, reason=reason)

    assert Decision.objects.get().what == act
    assert (WordCount.objects.exclude(word=LESSONS).exists(), Lesson.objects.exists()) == (False, False)


def test_what_no_editor_decided_teaches_nothing(write, confirm_link, client, add, open_house, page, article):
    """A flood of comments that rules let through or hold moves no count: it cannot poison what was learned."""
    add(*(SPAM.format(n=n) for n in range(50)), state="spam")
    write("A tram at last")
    client.post(confirm_link())

    assert Comment.objects.get(source="A tram at last").state == "approved"
    assert not WordCount.objects.exists()


def test_what_is_swept_away_unseen_teaches_nothing(taught, add, cora, noon):
    before = list(WordCount.objects.order_by("word").values())
    flood = add(*(f"<p>tram harbour line stop {n}</p>" for n in range(60)))

    operations.sweep_comments(comments=[each.pk for each in flood], act="spam", by=cora, now=noon)

    assert Comment.objects.filter(state="spam", pk__in=[each.pk for each in flood]).count() == 60
    assert list(WordCount.objects.order_by("word").values()) == before


def test_same_words_teach_once_however_often_they_come(add, cora, noon):
    decide(add(*["<p>Win money fast</p>"] * 30), "spam", cora, noon)
    decide(add("<p>fast <b>money</b>, win!</p>"), "spam", cora, noon)

    assert (counts("money"), counts(LESSONS)) == ((0, 1), (0, 1))


def test_other_verdict_takes_the_first_lesson_back(add, cora, noon):
    [comment] = add("<p>Win money fast</p>")

    decide([comment], "spam", cora, noon)
    decide([comment], "approve", cora, noon)

    assert (counts("money"), counts(LESSONS)) == ((1, 0), (1, 0))
    assert Lesson.objects.get().verdict == "wanted"


def test_counts_never_fall_below_nothing(add, cora, noon):
    [comment] = add("<p>Win money fast</p>")
    decide([comment], "spam", cora, noon)
    later = noon + timedelta(days=200)

    assert operations.forget_rare_words(now=later) == 3
    decide([comment], "approve", cora, later)

    assert counts("money") == (1, 0)


def test_words_that_were_taught_often_or_lately_are_not_forgotten(taught, add, cora, noon):
    later = noon + timedelta(days=200)
    decide(add("<p>lately</p>"), "spam", cora, later)

    operations.forget_rare_words(now=later)

    assert (counts("casino"), counts("lately"), counts("n1")) == ((0, 20), (0, 1), None)
    assert counts(LESSONS) == (20, 21)


def new(article, html, at):
    return Comment(article=article, author_name="Ada", html=html, source="x", commenter="a", written_at=at)


@pytest.fixture
def later(noon):
    return noon + timedelta(hours=1)  # of all those comments at once another rule would speak


def test_score_that_is_on_holds_and_says_so(taught, article, scoring, open_house, later):
    scoring("on")

    bad = judge(new(article, "<p>Win money at the casino</p>", later), now=later)
    good = judge(new(article, "<p>A tram to the harbour</p>", later), now=later)

    # It holds, and never does more: an editor decides.
    assert (bad.state, list(bad.reasons)) == ("held", ["score"])
    assert (good.state, list(good.reasons)) == ("approved", [])
    assert bad.score > 0.9
    assert good.score < 0.1


def test_score_in_the_shadow_is_kept_and_holds_nothing(taught, article, scoring, open_house, later):
    scoring("shadow")

    judgement = judge(new(article, "<p>Win money at the casino</p>", later), now=later)

    assert (judgement.state, list(judgement.reasons)) == ("approved", [])
    assert judgement.score > 0.9


def test_score_that_is_off_is_not_made(taught, article, scoring, noon, django_assert_num_queries):
    scoring("off")

    with django_assert_num_queries(1):
        assert score_comment(new(article, "<p>Win money at the casino</p>", noon)) == (None, False)


def test_score_costs_two_queries_for_any_number_of_words(taught, article, noon, django_assert_num_queries):
    for words in ("casino", " ".join(f"word{n}" for n in range(1000))):
        with django_assert_num_queries(2):
            score_comment(new(article, f"<p>{words}</p>", noon))


def test_teaching_costs_as_many_statements_for_one_comment_as_for_many(add, noon):
    statements = []
    for number in (1, 60):
        rows = add(*(f"<p>of{number} words w{n} x{n} y{n}</p>" for n in range(number)))
        made = []

        def count(execute, sql, params, many, context, made=made):
            made.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            assert operations.teach_score(comments=rows, verdict="unwanted", now=noon) == number
        statements.append(len([each for each in made if "SAVEPOINT" not in each]))

    assert statements[0] == statements[1] <= 4


def test_what_was_learned_is_read_as_it_was_counted(taught):
    known, lessons = learned(["casino", "tram", "never"])

    assert known == {"casino": Counts(0, 20), "tram": Counts(20, 0)}
    assert lessons == Counts(20, 20)
