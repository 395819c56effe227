"""Editors decide about comments: from the queue to the page and into the writer's mailbox."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from coranto.comments import operations
from coranto.comments.models import Block, Comment, Decision, Report
from coranto.comments.operations import CommentDraft, add_comments
from coranto.comments.operations.moderating import NoReasonError
from coranto.comments.queries.moderation import Choice, View, moderation_page
from coranto.comments.rules.deciding import APPEALING, stamp_of
from coranto.comments.rules.judging import Reason
from coranto.comments.rules.tokens import write_token

SCREEN = "/admin/comments/"


@pytest.fixture
def held(article, ben, noon):
    """A comment by Ben that waits."""
    from django.conf import settings

    from coranto.comments.rules.marks import mark_of_account

    [comment] = add_comments(
        drafts=[CommentDraft(article.pk, "Ben", "<p>A tram <em>at last</em></p>", author_email=ben.email)], now=noon
    )
    Comment.objects.filter(pk=comment.pk).update(
        account=ben,
        confirmed_at=noon,
        source="A tram *at last*",
        held_because="first links",
        commenter=mark_of_account(ben.pk, secret=settings.SECRET_KEY),
    )
    comment.refresh_from_db()
    return comment


@pytest.fixture
def many(article, noon):
    """A function: that many comments that wait, the first of them first."""

    def many(number, **fields):
        drafts = [CommentDraft(article.pk, f"Dov {n}", f"<p>Words {n}</p>", **fields) for n in range(number)]
        return add_comments(drafts=drafts, now=noon)

    return many


@pytest.fixture
def editor(cora):
    client = Client()
    client.force_login(cora)
    return client


def decide(client, act, *comments, follow=True, **fields):
    """What the form sends: one button of one comment, or one for those that are ticked."""
    data = {f"stamp-{each.pk}": stamp_of(each.html) for each in comments}
    if len(comments) == 1:
        data["one"] = f"{act}:{comments[0].pk}"
    else:
        data |= {"bulk": act, "comment": [each.pk for each in comments]}
    return client.post(f"{SCREEN}decide/", data | {"query": "state=held"} | fields, follow=follow)


def state(comment):
    return Comment.objects.get(pk=comment.pk).state


def test_approved_comment_is_on_the_page_and_rejected_one_is_gone_from_it(held, editor, article, page):
    assert "at last" not in page(article)

    decide(editor, "approve", held)
    assert "at last" in page(article)

    decide(editor, "reject", held, **{f"cause-{held.pk}": "apart"})
    assert "at last" not in page(article)
    assert state(held) == "binned"


def test_decision_leaves_a_row_that_says_who_and_why_it_had_waited(held, cora, editor):
    decide(editor, "spam", held)

    row = Decision.objects.get()
    assert (row.comment_id, row.what, row.before, row.held_because, row.by) == (
        held.pk,
        "spam",
        "held",
        "first links",
        cora,
    )
    trail = editor.get(f"{SCREEN}trail/").text
    assert "taken for spam, by cora@lantern.example" in re.sub(r"\s+", " ", trail)


def test_writer_is_told_the_reason_by_mail_with_a_link_to_appeal(held, editor, mails):
    decide(
        editor, "reject", held, **{f"cause-{held.pk}": "private", f"words-{held.pk}": "See https://elsewhere.example/"}
    )

    [mail] = mails
    assert (mail.to, mail.kind) == ("ben@reader.example", "comments.rejected")
    assert "It tells what is private." in mail.text
    assert "/-/comments/appeal/" in mail.text
    # None of what the comment said: a link in it would go out under our name.
    assert "at last" not in mail.text + mail.html
    assert "elsewhere.example" not in re.sub(r"<[^>]*>", "", mail.html) or 'href="https://elsewhere' not in mail.html


def test_rejection_takes_a_reason(held, editor, mails):
    answer = decide(editor, "reject", held)

    assert "Say why" in answer.text
    assert (state(held), len(mails), Decision.objects.count()) == ("held", 0, 0)


@pytest.mark.parametrize("act", ["spam", "bin"])
def test_nobody_is_written_to_about_spam_or_what_is_binned(held, editor, mails, act):
    decide(editor, act, held)

    assert state(held) == {"spam": "spam", "bin": "binned"}[act]
    assert len(mails) == 0


def test_address_nobody_confirmed_is_not_written_to(many, editor, mails):
    [moved_in] = many(1, author_email="old@reader.example")

    decide(editor, "reject", moved_in, **{f"cause-{moved_in.pk}": "apart"})

    assert (state(moved_in), len(mails), Decision.objects.get().was_told) == ("binned", 0, False)


def test_same_form_sent_twice_decides_once(held, editor, mails):
    for _ in range(2):
        answer = decide(editor, "reject", held, **{f"cause-{held.pk}": "rude"})

    assert "decided already" in answer.text
    assert (Decision.objects.count(), len(mails)) == (1, 1)


def test_words_changed_while_the_editor_looked_are_not_approved(held, editor, noon):
    """The writer has ten minutes to edit: what nobody has seen does not go up, a link behind the same words neither."""
    seen = Comment.objects.get(pk=held.pk)
    with time_machine.travel(noon + timedelta(minutes=5), tick=False):
        operations.edit_comment(comment=held, source="A tram *[at last](https://evil.example/)*", now=noon)
        answer = decide(editor, "approve", seen)

    assert "has changed it since you opened this page" in answer.text
    assert (state(held), Decision.objects.count()) == ("held", 0)


def test_ticked_comments_are_decided_together_and_those_without_a_tick_are_left(many, editor, page, article):
    first, second, third = many(3)

    answer = decide(editor, "approve", first, third)

    assert "Approve: 2 comments." in answer.text
    assert [state(each) for each in (first, second, third)] == ["approved", "held", "approved"]
    assert "Words 2" in page(article)


def test_nothing_ticked_and_nothing_understood_do_nothing(many, editor):
    [comment] = many(1)
    posts = [
        {},
        {"bulk": "approve"},
        {"bulk": "approve", "comment": ["x", "9" * 30, "-1", "²"]},
        {"one": "approve:"},
        {"one": f"delete:{comment.pk}"},
        {"one": "approve:99999"},
        {"one": f"approve:{comment.pk}"},  # without the stamp of what was seen
        {"bulk": "approve", "all": "1", "up_to": "x", "query": "%00&after=\x00&state=\x00"},
    ]

    answers = [editor.post(f"{SCREEN}decide/", each, follow=True) for each in posts]

    assert [each.status_code for each in answers] == [200] * len(posts)
    assert state(comment) == "held"


def test_unconfirmed_and_removed_comments_are_decided_by_nobody(article, many, editor, cora, noon):
    waiting, removed = many(2)
    Comment.objects.filter(pk=waiting.pk).update(state="waiting")
    operations.remove_comment(comment=removed, now=noon)
    removed.refresh_from_db()

    for each in (waiting, removed):
        decide(editor, "approve", each)

    assert (state(waiting), state(removed), Decision.objects.count()) == ("waiting", "binned", 0)
    shown = editor.get(f"{SCREEN}?state=all").text
    assert f'id="entry-{waiting.pk}"' not in shown
    assert f'id="entry-{removed.pk}"' not in shown


def test_letting_a_reported_comment_be_settles_the_reports(many, editor, noon):
    [comment] = many(1, state="approved")
    Report.objects.create(comment=comment, reason="insult", words="So rude", reporter="x", reported_at=noon)
    assert "So rude" in editor.get(f"{SCREEN}?state=reported").text

    decide(editor, "approve", comment)

    assert Report.objects.get().settled_at is not None
    assert (state(comment), Decision.objects.get().before) == ("approved", "approved")
    assert "So rude" not in editor.get(f"{SCREEN}?state=reported").text


def test_comment_put_back_waits_again_and_its_reports_stay_open(many, editor, noon):
    [comment] = many(1, state="approved")
    Report.objects.create(comment=comment, reason="insult", reporter="x", reported_at=noon)

    decide(editor, "hold", comment)

    assert (state(comment), Report.objects.get().settled_at) == ("held", None)


# Who may ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("contributor", False),
        ("reporter", False),
        ("section-editor", True),
        ("editor-in-chief", True),
        ("administrator", True),
    ],
)
def test_section_editors_and_whoever_is_above_them_decide(held, role, may):
    from coranto.desk.operations.roles import assign_position
    from coranto.masthead.models import Account

    noa = Account.objects.create_user("noa@lantern.example")
    section = None if role in {"editor-in-chief", "administrator"} else held.article.get_parent().specific
    assign_position(account=noa, role=role, section=section, by=None)
    client = Client()
    client.force_login(noa)

    seen = "at last" in client.get(SCREEN).text
    decide(client, "approve", held, follow=False)

    assert (seen, state(held)) == ((True, "approved") if may else (False, "held"))


@pytest.mark.parametrize("path", ["", "trail/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_may_not_decide_gets_nothing_over_http(held, ben, path, method):
    staff = Client()
    ben.user_permissions.add(Permission.objects.get(codename="access_admin"))
    staff.force_login(ben)
    nobody = Client()

    answers = [getattr(each, method)(f"{SCREEN}{path}") for each in (staff, nobody)]

    # Sent away, as everywhere in the admin.
    assert [each.status_code for each in answers] in ([302, 302], [405, 302])
    assert all("Ben" not in each.text for each in answers)


def test_decisions_of_whoever_may_not_decide_change_nothing(held, ben):
    ben.user_permissions.add(Permission.objects.get(codename="access_admin"))
    for client in (Client(), Client()):
        decide(client, "approve", held, follow=False)
        client.post(f"{SCREEN}{held.pk}/block/")
        client.force_login(ben)
        decide(client, "approve", held, follow=False)
        client.post(f"{SCREEN}{held.pk}/block/")

    assert (state(held), Decision.objects.count(), Block.objects.count()) == ("held", 0, 0)


def test_editor_without_the_permission_is_refused_by_every_operation(held, ben, noon):
    calls = [
        lambda: operations.approve_comment(comment=held, by=ben, now=noon),
        lambda: operations.reject_comment(comment=held, reason="No.", by=ben, now=noon),
        lambda: operations.moderate_comments(comments={held.pk: stamp_of(held.html)}, act="spam", by=ben, now=noon),
        lambda: operations.sweep_comments(comments=[held.pk], act="spam", by=ben, now=noon),
    ]
    for call in calls:
        with pytest.raises(PermissionDenied):
            call()

    assert state(held) == "held"


def test_decision_from_another_site_is_refused(held, cora):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cora)

    answer = client.post(f"{SCREEN}decide/", {"one": f"approve:{held.pk}", f"stamp-{held.pk}": stamp_of(held.html)})

    assert (answer.status_code, state(held)) == (403, "held")


def test_operations_by_themselves(held, cora, noon):
    assert [each.what for each in operations.approve_comment(comment=held, by=cora, now=noon).decided] == ["approve"]
    with pytest.raises(NoReasonError):
        operations.reject_comment(comment=held, reason="  ", by=cora, now=noon)
    operations.reject_comment(comment=held, reason="Not here.", by=cora, now=noon)

    assert state(held) == "binned"


# What is shown ------------------------------------------------------------------------------------------------


def found(client, query):
    return re.findall(r'id="name-\d+"><bdi>(.*?)</bdi>', client.get(f"{SCREEN}?{query}").text)


def test_filters_find_by_state_article_section_reader_and_reason(held, many, make_article, editor, noon):
    many(1, author_email="dov@reader.example")
    other = make_article("ferries")
    add_comments(drafts=[CommentDraft(other.pk, "Eva", "<p>Ahoy</p>", state="spam")], now=noon)
    section = held.article.get_parent().slug

    assert found(editor, "") == ["Ben", "Dov 0"]
    assert found(editor, "order=newest") == ["Dov 0", "Ben"]
    assert found(editor, "state=spam") == ["Eva"]
    assert found(editor, "state=all") == ["Eva", "Dov 0", "Ben"]
    assert found(editor, f"state=all&article={other.pk}") == ["Eva"]
    assert found(editor, "state=all&headline=nothing+such") == []
    assert found(editor, f"section={section}") == ["Ben", "Dov 0"]
    assert found(editor, "who=ov") == ["Dov 0"]
    assert found(editor, "who=Dov@reader.example") == ["Dov 0"]
    assert found(editor, "who=BEN@reader.example") == ["Ben"]
    assert found(editor, f"state=all&reader={held.commenter}") == ["Ben"]
    assert found(editor, "reason=links") == ["Ben"]
    assert found(editor, "reason=score") == []


@pytest.mark.parametrize(
    "query", ["state=x", "article=²&after=-1", "section=%00&who=%00&reader=%00", "reason=x&headline=%"]
)
def test_address_we_did_not_write_is_understood_as_far_as_it_can_be(held, editor, query):
    assert editor.get(f"{SCREEN}?{query}").status_code == 200


def test_no_reason_is_found_within_another():
    # The filter looks for it in all that a comment was held for.
    assert [(a, b) for a in Reason.values for b in Reason.values if a != b and a in b] == []


def test_entry_says_why_it_waits_and_how_its_writer_fared(held, article, editor, noon):
    earlier = add_comments(
        drafts=[CommentDraft(article.pk, "Ben", f"<p>{n}</p>", state="approved") for n in range(2)], now=noon
    )
    Comment.objects.filter(pk__in=[each.pk for each in earlier]).update(commenter=held.commenter)

    shown = editor.get(SCREEN).text

    assert "Held: the first comment of this person" in shown
    assert "Held: many links" in shown
    assert "(approved: 2, held: 1)" in re.sub(r"\s+", " ", shown)


def test_hostile_words_stay_words(article, editor, noon):
    [row] = add_comments(
        drafts=[CommentDraft(article.pk, "<script>x</script>", "<p>y<script>z</script></p>")], now=noon
    )
    Comment.objects.filter(pk=row.pk).update(held_because="first <b>", author_url="javascript:alert(1)")

    shown = editor.get(SCREEN).text

    assert "<script>x" not in shown
    assert "<script>z" not in shown
    assert "first <b>" not in shown
    assert 'href="javascript' not in shown


def test_pages_follow_each_other_without_gap_or_repetition(many, editor):
    many(60)
    names, query = [], ""
    while query is not None:
        text = editor.get(f"{SCREEN}?{query}").text
        names += re.findall(r'id="name-\d+"><bdi>(.*?)</bdi>', text)
        link = re.search(r'href="\?([^"]*)" rel="next"', text)
        query = link[1].replace("&amp;", "&") if link else None

    assert names == [f"Dov {n}" for n in range(60)]


@pytest.mark.parametrize("number", [3, 60])
def test_queue_takes_as_many_queries_for_three_as_for_sixty(many, editor, noon, number, django_assert_num_queries):
    rows = many(number, author_email="dov@reader.example")
    Report.objects.bulk_create(
        [Report(comment=each, reason="other", reporter=str(each.pk), reported_at=noon) for each in rows]
    )

    with django_assert_num_queries(12):
        moderation_page(Choice(), now=noon)


@pytest.mark.parametrize("number", [3, 25])
def test_bulk_takes_as_many_queries_for_three_as_for_a_page(many, cora, noon, number, django_assert_num_queries):
    rows = many(number)
    seen = {each.pk: stamp_of(each.html) for each in rows}

    # Three more lock, where the database has locks of rows: which threads, these, and these again.
    with django_assert_num_queries(16 + 3 * connection.features.has_select_for_update):
        operations.moderate_comments(comments=seen, act="spam", by=cora, now=noon)


def test_fifty_thousand_that_wait_are_counted_and_paged(article, noon, cora, django_assert_num_queries):
    total = 50_000
    drafts = [
        CommentDraft(article.pk, "Dov", "<p>x</p>", author_email=f"d{n % 50}@reader.example") for n in range(total)
    ]
    rows = add_comments(drafts=drafts, now=noon)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # else PostgreSQL may check each row against a table it remembers as empty

    with django_assert_num_queries(12):
        page = moderation_page(Choice(after=rows[total // 2].pk), now=noon)

    assert (page.waiting, page.matching, len(page.entries)) == (total, total, 25)
    assert page.entries[0].history == [("held", 1000)]


# All that match -----------------------------------------------------------------------------------------------


def test_flood_is_swept_away_after_a_second_question(many, editor, run_tasks, mails, noon, article):
    flood = many(70)
    asked = {"bulk": "spam", "all": "1", "query": "state=held&who=Dov", "up_to": str(flood[-1].pk)}

    question = editor.post(f"{SCREEN}decide/", asked)
    assert "this concerns 70 comments" in question.text
    assert Comment.objects.filter(state="spam").count() == 0
    [later] = many(1)

    editor.post(f"{SCREEN}decide/", asked | {"confirmed": "1"})
    run_tasks()

    assert Comment.objects.filter(state="spam").count() == 70
    assert state(later) == "held"
    assert Decision.objects.filter(in_a_sweep=True).count() == 70
    assert len(mails) == 0


def test_nobody_is_rejected_by_the_thousand(many, editor, run_tasks):
    rows = many(30)

    answer = editor.post(
        f"{SCREEN}decide/",
        {"bulk": "reject", "all": "1", "confirmed": "1", "up_to": rows[-1].pk, "cause-ticked": "rude"},
        follow=True,
    )
    run_tasks()

    assert "each writer is told why" in answer.text
    assert not Decision.objects.exists()


# Blocking -----------------------------------------------------------------------------------------------------


def test_commenter_is_blocked_and_taken_again(held, editor, ben, article):
    query = f"state=all&reader={held.commenter}"

    editor.post(f"{SCREEN}{held.pk}/block/", {"query": query, "reason": "Third warning"})
    assert "Third warning" in editor.get(f"{SCREEN}?{query}").text
    reader = Client()
    reader.force_login(ben)
    assert "take no more comments from you" in reader.get(f"/-/comments/write/{article.pk}/").text

    editor.post(f"{SCREEN}{held.pk}/block/", {"query": query, "unblock": "1"})
    assert not Block.objects.exists()


def test_nobody_can_be_blocked_who_is_not_known(many, editor):
    [comment] = many(1)

    answer = editor.post(f"{SCREEN}{comment.pk}/block/", {}, follow=True)

    assert "Nobody knows who wrote this comment" in answer.text
    assert editor.post(f"{SCREEN}{comment.pk + 9}/block/").status_code == 404


# Appeals ------------------------------------------------------------------------------------------------------


@pytest.fixture
def reject(held, editor, noon):
    """A function: rejects Ben's comment, at noon."""

    def reject(at=noon):
        with time_machine.travel(at, tick=False):
            decide(editor, "reject", held, **{f"words-{held.pk}": "Please mind your tone."})

    return reject


def appeal_link(mail):
    return re.search(r"/-/comments/appeal/\S+/", mail.text)[0]


def test_writer_appeals_by_a_button_and_the_comment_waits_again(held, reject, mails, editor, noon):
    reject()
    link = appeal_link(mails[-1])
    with time_machine.travel(noon + timedelta(days=1), tick=False):
        # Whatever looks at mail opens links: that alone does nothing.
        for method in (Client().get, Client().head, Client().get):
            assert method(link).status_code == 200
        assert "Please mind your tone." in Client().get(link).text
        assert state(held) == "binned"

        answer = Client().post(link, {"words": "It was a joke. \x00"})

    assert "once more" in answer.text
    assert (state(held), Comment.objects.get().held_because) == ("held", "appeal")
    queue = editor.get(f"{SCREEN}?reason=appeal").text
    assert "It was a joke." in queue
    assert "Held: its writer asks to look again" in queue


def test_appeal_works_once_and_a_second_rejection_is_final(held, reject, mails, noon):
    reject()
    link = appeal_link(mails[-1])
    with time_machine.travel(noon + timedelta(days=1), tick=False):
        Client().post(link, {"words": "Please."})
        assert Client().post(link, {"words": "Please!"}).status_code == 410
    reject(noon + timedelta(days=2))

    assert "/appeal/" not in mails[-1].text
    assert "final" in mails[-1].text
    # Nor by a link nobody was sent.
    again = write_token(Decision.objects.latest("pk").pk, purpose=APPEALING)
    with time_machine.travel(noon + timedelta(days=2), tick=False):
        assert Client().post(f"/-/comments/appeal/{again}/").status_code == 410
    assert Decision.objects.filter(what="appeal").count() == 1


def test_appeal_is_over_after_a_month_or_once_somebody_decided_anew(held, reject, mails, editor, noon):
    reject()
    link = appeal_link(mails[-1])
    with time_machine.travel(noon + timedelta(days=31), tick=False):
        assert [Client().get(link).status_code, Client().post(link).status_code] == [410, 410]
    with time_machine.travel(noon + timedelta(days=1), tick=False):
        decide(editor, "approve", held)
        assert Client().post(link).status_code == 410

    assert state(held) == "approved"


def test_link_to_appeal_that_is_not_ours_leads_nowhere(held, reject, mails):
    reject()
    link = appeal_link(mails[-1])

    assert [Client().get(f"/-/comments/appeal/{each}/").status_code for each in ("x", "1:2:3", "²")] == [410] * 3
    # Nor does one that was made for something else.
    own = re.search(r"/-/comments/own/(\S+)/", mails[-1].text)[1]
    assert Client().get(f"/-/comments/appeal/{own}/").status_code == 410
    assert Client().get(link.replace("appeal", "own")).status_code == 404


def test_appeal_from_another_site_is_refused(held, reject, mails):
    reject()

    answer = Client(headers={"Sec-Fetch-Site": "cross-site"}).post(appeal_link(mails[-1]))

    assert (answer.status_code, state(held)) == (403, "binned")


def test_removed_comment_cannot_come_back_by_an_appeal(held, reject, mails, noon):
    reject()
    operations.remove_comment(comment=held, now=noon)

    assert Client().post(appeal_link(mails[-1])).status_code == 410
    assert state(held) == "binned"


def test_what_the_editors_decided_is_part_of_the_readers_data_and_goes_with_it(held, reject, mails, ben, noon):
    from coranto.comments.queries.moderation import decisions_about

    reject()
    with time_machine.travel(noon + timedelta(days=1), tick=False):
        Client().post(appeal_link(mails[-1]), {"words": "It was a joke."})
    assert [each["words"] for each in decisions_about(ben)["decisions"]] == ["Please mind your tone.", "It was a joke."]

    operations.erase_appeals(account=ben, leaves_words=True, now=noon)

    assert list(Decision.objects.order_by("pk").values_list("reason", flat=True)) == ["Please mind your tone.", ""]


def test_view_of_everything_offers_no_state_that_is_not_ours():
    assert {*View} - {"all", "reported"} <= {*Comment.State.values}
