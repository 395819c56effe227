"""What readers meet at the edges: articles that go, addresses typed by hand, links that are old, signing in halfway."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from coranto.comments import operations
from coranto.comments.models import Comment
from coranto.comments.operations import CommentDraft, add_comments
from coranto.comments.rules.tokens import OWN, write_token
from coranto.masthead.models import Publication
from coranto.newsroom.models import Article
from coranto.readers.operations import erase_reader, export_reader

DIGITS = "9" * 5000  # Python reads no number of as many


@pytest.fixture
def comment(article, noon):
    return add_comments(drafts=[CommentDraft(article.pk, "Dov", "<p>A tram</p>", "approved")], now=noon)[0]


@pytest.fixture
def editor(cora):
    client = Client()
    client.force_login(cora)
    return client


# Articles -----------------------------------------------------------------------------------------------------


def test_article_goes_with_its_threads(article, comment, editor, noon):
    answer = CommentDraft(article.pk, "Ada", "<p>An answer</p>", "approved", reply_to=comment)
    deeper = CommentDraft(article.pk, "Dov", "<p>And another</p>", "approved", reply_to=answer)
    add_comments(drafts=[answer, deeper], now=noon)

    assert editor.post(f"/admin/pages/{article.pk}/delete/").status_code == 302
    assert not Article.objects.exists()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("path", ["", "report/"])
def test_comment_of_an_article_without_comments_is_nowhere(client, article, comment, path):
    assert client.get(f"/-/comments/{comment.pk}/{path}").status_code == 200
    Article.objects.update(comment_policy="none")

    assert client.get(f"/-/comments/{comment.pk}/{path}").status_code == 404


# Addresses ----------------------------------------------------------------------------------------------------


def test_number_nobody_can_read_is_none(client, article, write, editor):
    address = f"/-/comments/write/{article.pk}/"
    assert client.get(address, {"parent": DIGITS}).status_code == 200
    kept = write("Kept words", parent=DIGITS)
    assert (kept.status_code, "Kept words" in kept.text) == (403, True)
    assert client.get(f"/-/comments/{DIGITS}/").status_code == 404

    assert editor.get("/admin/comments/trail/", {"before": DIGITS}).status_code == 200
    assert editor.get("/admin/comments/", {"article": DIGITS, "after": DIGITS}).status_code == 200
    for form in (
        {"one": f"approve:{DIGITS}"},
        {"bulk": "approve", "comment": DIGITS},
        {"bulk": "bin", "all": 1, "up_to": DIGITS},
    ):
        assert editor.post("/admin/comments/decide/", form).status_code == 302


# Writing ------------------------------------------------------------------------------------------------------


def wrong_fields(page):
    return re.findall(r'<p class="field__error"', page)


def test_words_are_previewed_before_a_name_is_given(client, article, write):
    page = write("A *tram*", name="", email="", preview="1")

    assert page.status_code == 200
    assert "<p>A <em>tram</em></p>" in page.text
    assert wrong_fields(page.text) == []
    for address in (f"/-/comments/write/{article.pk}/", article.address):
        assert re.search(r'name="preview"[^>]*\sformnovalidate', client.get(address).text), address
    assert not Comment.objects.exists()


def test_preview_of_no_words_says_so(write):
    page = write(" ", name="", preview="1")
    assert (page.status_code, len(wrong_fields(page.text))) == (422, 1)


@pytest.mark.parametrize(
    ("fields", "first"),
    [({"words": ""}, "words"), ({"email": "nobody"}, "email"), ({"name": "", "email": "nobody"}, "name")],
)
def test_first_field_that_is_wrong_has_the_focus(write, fields, first):
    focused = re.findall(r"<(?:input|textarea)[^>]*\sautofocus[^>]*>", write(**fields).text)
    assert [re.search(r'name="(\w+)"', each)[1] for each in focused] == [first]


def test_nothing_that_is_right_has_the_focus(client, article, write):
    for page in (client.get(f"/-/comments/write/{article.pk}/"), write(preview="1"), client.get(article.address)):
        assert "autofocus" not in page.text


def test_samples_of_what_works_keep_their_order_in_arabic(client, article):
    Publication.objects.create(name="The Lantern", language="ar")

    page = client.get(f"/-/comments/write/{article.pk}/").text

    said = re.search(r'id="id_words_helptext">(.*?)</p>', page)[1]
    samples = re.findall("\u2066(.*?)\u2069", said)
    assert [each.strip("\u0600-\u06ff ")[:1] for each in samples] == ["*", "*", "&", "["]
    # Nothing that turns is left outside.
    assert not re.search(r"[*\[(]|&gt;", re.sub("\u2066.*?\u2069", "", said))


# Their own ----------------------------------------------------------------------------------------------------


@pytest.fixture
def own(client, write, confirm_link, open_house):
    """Ada's, who is a guest and not remembered; what she holds of it is its link."""
    write()
    client.post(confirm_link())
    comment = Comment.objects.get()
    return comment, f"/-/comments/own/{write_token(comment.pk, purpose=OWN)}/"


def test_guest_is_told_to_keep_the_address(client, own):
    _comment, address = own
    assert "Keep the address of this page" in client.get(address).text
    client.post(f"{address}remove/")
    assert "Keep the address of this page" not in client.get(address).text


@pytest.mark.parametrize("method", ["get", "post"])
def test_removed_comment_is_not_edited(client, own, method):
    _comment, address = own
    client.post(f"{address}remove/")

    answer = getattr(client, method)(f"{address}edit/", {"words": "Again"})

    assert (answer.status_code, answer.url) == (302, address)


@pytest.fixture
def ada(own, noon):
    """The same Ada, who has an account by now: her address is confirmed."""
    from coranto.masthead.models import Account
    from coranto.readers.operations import register_reader

    account = Account.objects.create_user("Ada@reader.example")
    register_reader(account=account, now=noon)
    return account


@pytest.fixture
def of_others(article, own, noon):
    """Of somebody else, and of somebody of whom nothing is known."""
    drafts = [CommentDraft(article.pk, "Dov", "<p>Mine</p>", "approved", author_email="dov@reader.example")]
    return add_comments(drafts=[*drafts, CommentDraft(article.pk, "", "<p>Nobody's</p>", "approved")], now=noon)


def test_what_was_written_as_a_guest_is_downloaded(own, ada, of_others, noon):
    told = export_reader(account=ada, now=noon)["comments"]["comments"]
    assert [(each["words"], each["email"]) for each in told] == [("A tram *at last*.", "ada@reader.example")]


@pytest.mark.parametrize("leaves_words", [True, False])
def test_what_was_written_as_a_guest_goes_with_the_account(own, ada, of_others, page, article, noon, leaves_words):
    erase_reader(account=ada, leaves_words=leaves_words, now=noon)

    comment = Comment.objects.get(pk=own[0].pk)
    assert (comment.author_name, comment.author_email, comment.commenter, comment.avatar_seed) == ("", "", "", "")
    html = page(article)
    assert ("at last" in html, "Mine" in html, "Nobody" in html) == (leaves_words, True, True)


def test_decisions_about_what_was_written_as_a_guest_are_the_accounts_too(own, ada, of_others, editor, noon):
    from coranto.comments.models import Decision

    for each in Comment.objects.all():
        Decision.objects.create(comment=each, what="appeal", reason=f"Of {each.author_name}", at=noon)

    told = export_reader(account=ada, now=noon)["comments.decisions"]["decisions"]
    assert [each["words"] for each in told] == ["Of Ada"]
    operations.erase_appeals(account=ada, leaves_words=True, now=noon)
    assert sorted(Decision.objects.values_list("reason", flat=True)) == ["", "Of ", "Of Dov"]


def test_account_without_an_address_has_no_comments_of_nobodys(of_others, noon, cora):
    cora.email = ""
    told = export_reader(account=cora, now=noon)["comments"]["comments"]
    assert told == []


# About others' ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["mute", "hear"])
def test_sign_in_on_the_way_to_muting_leads_back_to_the_button(client, comment, what, ben):
    to_sign_in = client.post(f"/-/comments/{comment.pk}/{what}/").url
    assert to_sign_in == f"/account/login/?next=/-/comments/{comment.pk}/"

    client.force_login(ben)
    assert client.get(to_sign_in, follow=True).redirect_chain[-1][0] == f"/-/comments/{comment.pk}/"


def test_page_speaks_of_muting(client, comment, ben, noon):
    Comment.objects.update(commenter="0123456789abcdef")
    client.force_login(ben)
    page = client.get(f"/-/comments/{comment.pk}/").text
    assert ("Mute this person" in page, "Block" in page) == (True, False)

    client.post(f"/-/comments/{comment.pk}/mute/")
    page = client.get(f"/-/comments/{comment.pk}/").text
    assert ("You have muted this person" in page, "blocked" in page) == (True, False)


def test_cause_of_a_rejection_is_in_the_language_of_the_publication(article, editor, cora, noon):
    from wagtail.users.models import UserProfile

    from coranto.comments.models import Decision
    from coranto.comments.rules.deciding import stamp_of

    Publication.objects.create(name="The Lantern", language="de")
    UserProfile.objects.create(user=cora, preferred_language="es")
    [held] = add_comments(drafts=[CommentDraft(article.pk, "Dov", "<p>A tram</p>")], now=noon)

    editor.post(
        "/admin/comments/decide/",
        {"one": f"reject:{held.pk}", f"stamp-{held.pk}": stamp_of(held.html), f"cause-{held.pk}": "advert"},
    )

    assert Decision.objects.get().reason == "Er macht Werbung."


def test_sentence_about_all_that_match_is_whole(article, editor, noon):
    from coranto.comments.queries import moderation

    more = moderation.PAGE_LENGTH + 1
    add_comments(drafts=[CommentDraft(article.pk, "Dov", f"<p>{n}</p>") for n in range(more)], now=noon)

    page = re.sub(r"\s+", " ", editor.get("/admin/comments/").text)
    assert f"All that match ({more}) </label>" in page


def test_sentence_about_more_than_are_counted_is_whole(article, editor, noon, monkeypatch):
    from coranto.comments.queries import moderation

    monkeypatch.setattr(moderation, "COUNTED_UP_TO", moderation.PAGE_LENGTH + 1)
    drafts = [CommentDraft(article.pk, "Dov", f"<p>{n}</p>") for n in range(moderation.PAGE_LENGTH + 5)]
    add_comments(drafts=drafts, now=noon)

    page = re.sub(r"\s+", " ", editor.get("/admin/comments/").text)
    assert f"All that match ({moderation.PAGE_LENGTH + 1} or more) </label>" in page
