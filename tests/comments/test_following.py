"""Who follows a thread is told once a sitting of what is shown, and of nothing else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from coranto.comments import operations
from coranto.comments.models import Approval, Comment, Follow, Follower, Mute
from coranto.comments.operations import CommentDraft
from coranto.comments.queries.following import news_for, settled_until
from coranto.comments.queries.own import Writer
from coranto.comments.rules.following import LONGEST_WAIT, MOST_A_DAY, QUIET
from coranto.kit import clock
from coranto.mailroom.models import Mail
from coranto.mailroom.operations import suppress_address

pytestmark = pytest.mark.django_db
ADA, BEN = "ada@reader.example", "ben@reader.example"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def now(time_machine):
    """A function that lets so much time go by and says what time it is."""
    time_machine.move_to(clock.now(), tick=False)

    def pass_by(period=timedelta(0)):
        time_machine.move_to(clock.now() + period, tick=False)
        return clock.now()

    return pass_by


@pytest.fixture
def say(article):
    """A function: a comment of Dov's, or somebody else's, shown at once unless it is held."""

    def say(words="A tram!", *, under=article, email="dov@reader.example", name="Dov", to=None, approve=True):
        draft = CommentDraft(
            article_id=under.pk, author_name=name, html=f"<p>{words}</p>", author_email=email, reply_to=to
        )
        comment = operations.add_comments(drafts=[draft], now=clock.now())[0]
        if approve:
            operations.change_states(comments=[comment], state="approved")
        return comment

    return say


@pytest.fixture
def follow(article):
    """A function: Ada, a guest whose address is confirmed, follows."""

    def follow(what="all", *, on=article, email=ADA):
        writer = Writer(email=email, is_confirmed=True)
        return operations.follow_thread(article=on, writer=writer, what=what, now=clock.now())

    return follow


@pytest.fixture
def follow_as(article):
    """A function: somebody with an account follows."""

    def follow(account, what="all", *, on=article):
        writer = Writer(email=account.email, account=account, is_confirmed=True)
        return operations.follow_thread(article=on, writer=writer, what=what, now=clock.now())

    return follow


@pytest.fixture
def tell(now):
    """A function: after so long, the worker tells whoever is due; how many."""
    return lambda after=QUIET: operations.tell_followers(now=now(after))


# One mail a sitting -----------------------------------------------------------------------------------------


def test_follower_gets_one_mail_once_the_talk_rests(follow, say, tell, mails):
    follow()
    for number in range(3):
        say(f"Word {number}")

    assert [tell(QUIET - MINUTE), tell(MINUTE), tell(), tell(timedelta(days=1))] == [0, 1, 0, 0]
    assert [mail.to for mail in mails] == [ADA]
    assert mails[0].subject == "3 new comments: Trams return"
    assert [f"Word {number}" in part for number in range(3) for part in (mails[0].text, mails[0].html)] == [True] * 6


def test_talk_that_never_rests_is_told_in_between(follow, say, tell, mails):
    follow()
    said = 0
    while not mails:
        say(f"Word {said}")
        said += 1
        tell(QUIET / 2)

    assert said == LONGEST_WAIT / (QUIET / 2)


def test_several_threads_are_one_mail(follow, say, tell, mails, make_article):
    other = make_article("buses")
    follow()
    follow(on=other)
    say("Of trams")
    say("Of buses", under=other)

    assert tell() == 1
    assert "Of trams" in mails[0].text
    assert "Of buses" in mails[0].text


def test_nobody_is_mailed_more_often_than_a_few_times_a_day(follow, say, tell, mails, now):
    follow()
    began = now()
    while now() < began + timedelta(hours=23):
        say()
        tell(timedelta(minutes=15))
    assert len(mails) == MOST_A_DAY

    tell(timedelta(hours=2))
    assert len(mails) == MOST_A_DAY + 1
    heard = sum(int(mail.subject.split()[0]) for mail in mails)
    assert heard == Approval.objects.count()


def test_many_comments_are_counted_and_the_first_of_them_shown(follow, say, tell, mails):
    follow()
    for number in range(23):
        say(f"Word {number}.")
    tell()

    assert "Word 19." in mails[0].text
    assert "Word 20." not in mails[0].text
    assert "And 3 more comments." in mails[0].text


def test_told_of_each_comment_once_though_it_is_taken_away_and_shown_again(follow, say, tell, mails):
    follow()
    comment = say()
    tell()
    Mail.objects.update(state="sent")
    operations.change_states(comments=[comment], state="held")
    operations.change_states(comments=[comment], state="approved")
    tell(timedelta(hours=5))

    assert len(mails) == 1


def test_comment_held_again_before_anybody_heard_is_told_when_it_is_shown(follow, say, tell, mails):
    follow()
    comment = say()
    operations.change_states(comments=[comment], state="held")
    assert tell() == 0
    operations.change_states(comments=[comment], state="approved")

    assert tell() == 1


def test_news_is_what_was_approved_after_one_began_to_follow(follow, say, tell):
    say()
    follow()

    assert tell() == 0


def test_approval_that_is_committed_late_is_not_passed_over(follow, say, now):
    """Numbers are given before a commit: a lower one may turn up after a higher one was read."""
    follow()
    first, second = say(), say()
    assert settled_until(now=now()) < Approval.objects.get(comment=first).pk
    now(MINUTE * 2)
    say()

    assert settled_until(now=now()) == Approval.objects.get(comment=second).pk


# Not before approval, not after removal ---------------------------------------------------------------------


@pytest.mark.parametrize("state", ["held", "spam", "binned", "waiting"])
def test_nothing_is_sent_of_what_is_not_shown(follow, say, tell, mails, state):
    follow()
    comment = say("A secret", approve=False)
    operations.change_states(comments=[comment], state=state)

    assert tell() == 0
    assert len(mails) == 0


@pytest.mark.parametrize("state", ["binned", "spam", "held", "removed"])
def test_nothing_is_sent_of_what_was_taken_away_meanwhile(follow, say, tell, mails, state):
    follow()
    comment = say("A secret")
    say("Another word")
    operations.change_states(comments=[comment], state=state)
    tell()

    assert mails[0].subject == "1 new comment: Trams return"
    assert "A secret" not in mails[0].text + mails[0].html


@pytest.mark.parametrize("change", [{"live": False}, {"visibility": "private"}, {"comment_policy": "none"}])
def test_nothing_is_sent_of_an_article_nobody_may_read(follow, say, tell, article, change):
    follow()
    say()
    type(article).objects.filter(pk=article.pk).update(**change)

    assert tell() == 0


# To whom ----------------------------------------------------------------------------------------------------


def test_nobody_is_told_of_their_own_words(follow, follow_as, say, tell, ben, mails):
    follow()
    follow_as(ben)
    say("Mine", email=ADA)
    comment = say("Mine too", email=BEN)
    Comment.objects.filter(pk=comment.pk).update(account=ben)
    tell()

    assert {mail.to: "Mine too" in mail.text for mail in mails} == {ADA: True, BEN: False}
    assert {mail.to: mail.subject[0] for mail in mails} == {ADA: "1", BEN: "1"}


def test_replies_to_mine_are_those_and_no_other(follow, say, tell, mails):
    follow("replies")
    mine = say("My word", email=ADA)
    say("Beside it")
    answer = say("An answer", to=mine)
    say("An answer to the answer", to=answer)
    tell()

    assert mails[0].subject == "1 new comment: Trams return"
    assert "> An answer\r\n" in mails[0].text


def test_reader_is_not_told_of_whom_they_muted(follow_as, say, tell, ben, now):
    follow_as(ben)
    comment = say()
    Mute.objects.create(account=ben, commenter=comment.commenter, name="Dov", since=now())

    assert tell() == 0


def test_reader_hears_at_the_address_the_account_has_now(follow_as, say, tell, ben, mails):
    follow_as(ben)
    ben.email = "benjamin@reader.example"
    ben.save()
    say()
    tell()

    assert [mail.to for mail in mails] == ["benjamin@reader.example"]


def test_what_a_guest_followed_goes_over_to_the_account_of_the_same_address(
    follow, follow_as, say, tell, ben, mails, make_article
):
    other = make_article("buses")
    follow(email=BEN)
    follow(email=BEN, on=other)
    follow_as(ben, "replies")
    say(under=other)

    assert tell() == 1
    assert Follow.objects.get(article=other).follower.account == ben
    assert {each.article_id: each.what for each in Follow.objects.all()} == {
        other.pk: "all",
        Follow.objects.exclude(article=other).get().article_id: "replies",
    }


def test_who_follows_as_a_guest_what_the_account_follows_is_told_once(follow_as, say, tell, ben, mails, article, now):
    follow_as(ben)
    operations.ask_to_follow(article=article, address=BEN, what="replies", now=now())
    operations.confirm_follow(follow_id=Follow.objects.get(confirmed_at=None).pk, what="replies", now=now())
    assert [(each.what, each.follower.account) for each in Follow.objects.all()] == [("replies", ben)]

    operations.confirm_follow(follow_id=Follow.objects.get().pk, what="all", now=now())
    say()
    assert tell() == 1


def test_mail_from_before_the_account_still_stops_everything(follow, follow_as, say, tell, ben, article):
    guest = follow(email=BEN).follower
    follow_as(ben)
    operations.stop_following(which="all", row_id=guest.pk, now=clock.now())
    say()

    assert tell() == 0
    assert Follow.objects.count() == 0


@pytest.mark.parametrize("scope", ["all", "bulk"])
def test_follower_who_is_suppressed_hears_nothing(follow, say, tell, mails, scope):
    follow()
    suppress_address(address=ADA, reason="complaint", scope=scope)
    say()

    assert tell() == 0
    assert len(mails) == 0


def test_reader_who_is_erased_hears_nothing(follow, follow_as, say, tell, ben, mails):
    from coranto.readers.operations import erase_reader

    follow_as(ben)
    follow(email=BEN)
    follow()
    erase_reader(account=ben, leaves_words=True, now=clock.now())
    say()
    tell()

    assert [mail.to for mail in mails] == [ADA]
    assert Follower.objects.get().address == ADA


def test_erasing_somebody_without_an_address_erases_nobody_else(follow_as, ben, cora):
    follow_as(ben)
    cora.email = ""
    operations.erase_following(account=cora, leaves_words=False, now=clock.now())

    assert Follower.objects.get().account == ben


def test_suspended_reader_hears_nothing(follow_as, say, tell, ben):
    follow_as(ben)
    type(ben).objects.filter(pk=ben.pk).update(is_active=False)
    say()

    assert tell() == 0


def test_one_whose_mail_fails_keeps_nobody_else_from_theirs(follow, say, tell, mails, monkeypatch, caplog):
    from coranto.comments.operations import following

    follow()
    follow(email=BEN)
    say()
    queue_mail = following.queue_mail

    def fail_for_ada(**words):
        if words["to"] == ADA:
            raise RuntimeError("no template")
        return queue_mail(**words)

    monkeypatch.setattr(following, "queue_mail", fail_for_ada)
    assert tell() == 1
    monkeypatch.undo()

    assert tell(MINUTE) == 1
    assert [mail.to for mail in mails] == [BEN, ADA]
    assert "could not be told" in caplog.text


@pytest.mark.parametrize("many", [3, 30])
def test_news_takes_a_fixed_number_of_queries(follow, say, now, many, make_article, django_assert_num_queries):
    for number in range(many):
        article = make_article(f"article-{number}")
        follower = follow(on=article).follower
        say(under=article)
    until = settled_until(now=now(QUIET))
    with django_assert_num_queries(3):
        news = news_for(follower=follower, until=until)
    assert news.total == many


# What the mail holds ----------------------------------------------------------------------------------------


def test_mail_carries_no_foreign_link_or_picture(follow, say, tell, mails):
    follow()
    say(
        'Look at <a href="https://evil.example/a">our site</a>, https://ada:b@evil.example/b?c=evil.example or'
        ' WWW.Evil.Example/d or evil.example, write to eve@evil.example <img src="https://evil.example/e.gif"> here',
        name="Win at evil.example",
    )
    tell()
    mail = mails[0]
    origin = re.search(r'href="(https?://[^/"]+)/', mail.html)[1]

    assert "our site" in mail.html
    for words in (mail.text, mail.html):
        assert "evil.example" not in words.lower()
        assert "evil[.]example" in words
        assert all(url.startswith(origin) for url in re.findall(r"https?://[^\s\"<>]+", words))
    assert "<img" not in mail.html


def test_comment_cannot_write_markup_or_heads_into_the_mail(follow, say, tell, mails):
    follow()
    say("&lt;script&gt;alert(1)&lt;/script&gt;<br>Bcc: eve", name="Dov\r\nBcc: eve@evil.example <b>")
    tell()

    assert "<script" not in mails[0].html
    assert mails[0].source.lower().count(b"\r\nbcc:") == 0
    assert "&lt;script&gt;" in mails[0].html


def test_long_comment_is_cut(follow, say, tell, mails):
    follow()
    say("word " * 2000)
    tell()

    assert 500 < mails[0].text.count("word") * 5 < 800


def test_mail_says_who_wrote_what_and_where_it_is(follow, say, tell, mails, article):
    follow()
    comment = say("A tram!")
    tell()

    assert "Dov:\r\n> A tram!\r\n" in mails[0].text
    assert f"{article.address}comments/{comment.pk}/" in mails[0].text
    assert f"{article.address}comments/{comment.pk}/" in mails[0].html


# What is kept -----------------------------------------------------------------------------------------------


def test_who_never_says_yes_is_forgotten(article, now, mails):
    operations.ask_to_follow(article=article, address=ADA, what="all", now=now())
    operations.prune_follows(now=now(timedelta(days=1)))
    assert Follow.objects.count() == 1

    operations.prune_follows(now=now(timedelta(days=2)))
    assert Follow.objects.count() == 0
    operations.prune_follows(now=now(timedelta(days=30)))
    assert Follower.objects.count() == 0


def test_who_follows_something_is_kept(follow, now):
    follow()
    operations.prune_follows(now=now(timedelta(days=400)))

    assert Follow.objects.count() == 1


def test_what_somebody_follows_is_theirs_to_read(follow_as, follow, ben, make_article):
    from coranto.readers.operations import export_reader

    follow_as(ben)
    follow("replies", email=BEN.upper(), on=make_article("buses"))
    part = export_reader(account=ben, now=clock.now())["comments.following"]

    assert sorted(each["what"] for each in part["threads"]) == ["all", "replies"]


def test_news_is_bulk_and_the_question_is_not(follow, say, tell, article, now):
    follow()
    say()
    tell()
    operations.ask_to_follow(article=article, address=BEN, what="all", now=now())

    assert dict(Mail.objects.values_list("kind", "is_bulk")) == {"comments.news": True, "comments.follow": False}


@pytest.mark.parametrize(
    ("words", "as_mailed"),
    [
        ("see https://evil.example/a?b=evil.example#c now", "see evil[.]example now"),
        ("see HTTP://ada:secret@www.evil.example:8080/x", "see www[.]evil[.]example:8080"),
        ("see //evil.example/x and evil.example:80/x", "see //evil[.]example/x and evil[.]example:80/x"),
        ("ftp://evil and mailto:eve@evil.example", "evil and mailto:eve@evil[.]example"),
        ("evil\u3002example/x or пример.рф", "evil[.]example/x or пример[.]рф"),
        ("你好。世界。 wait... what... 3.14 e.g. Mr. Dov.", "你好。世界。 wait... what... 3.14 e.g. Mr. Dov."),
    ],
)
def test_what_programs_would_make_a_link_of_is_none(words, as_mailed):
    from coranto.comments.rules.following import words_for_mail

    assert words_for_mail(f"<p>{words}</p>") == [as_mailed]
