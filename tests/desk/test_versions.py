"""Who may hide what was published, and who may show it again."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import PageLogEntry

from coranto.desk.operations import versions as operations
from coranto.kit import clock
from coranto.newsroom.models import Article, ArticleVersion, VersionWithdrawal

pytestmark = pytest.mark.django_db
NEEDLE = "Zyzzyva"


@pytest.fixture
def article(cast):
    """Out in its second version; the first one named somebody."""
    article = cast.write(f"{NEEDLE} accused", by=cast.noa, publish=True)
    article.title, article.change_kind = "Somebody accused", "update"
    article.save_revision().publish()
    return Article.objects.get(pk=article.pk)


def sent(client, article, name, number=1, **data):
    return client.post(reverse(name, args=[article.pk, number]), data)


OUTSIDE = [("ada", "no such page"), ("dov", "no such page"), ("kai", "no such page")]


def outcome(answer) -> str:
    if answer.status_code == 404:
        return "no such page"
    return "refused" if answer["Location"] == "/admin/" else "done"


@pytest.mark.parametrize(
    ("who", "status"), [*OUTSIDE, ("rui", "refused"), ("noa", "refused"), ("cora", "done"), ("abe", "done")]
)
def test_editor_in_chief_and_administrator_withdraw_a_version(client, cast, article, who, status):
    client.force_login(cast.people[who])
    assert outcome(sent(client, article, "desk_withdraw_version", reason="A court said so.")) == status
    client.logout()
    is_hidden = NEEDLE not in client.get(f"{article.address}history/").text
    assert is_hidden is (who in {"cora", "abe"})
    assert is_hidden is ("A court said so." in client.get(f"{article.address}history/1/").text)


@pytest.mark.parametrize(
    ("who", "status"), [*OUTSIDE, ("rui", "refused"), ("noa", "refused"), ("cora", "refused"), ("abe", "done")]
)
def test_administrator_alone_shows_it_again(client, cast, article, who, status):
    version = ArticleVersion.objects.get(article=article, number=1)
    operations.withdraw_version(version=version, by=cast.cora, reason="Because.", now=clock.now())
    client.force_login(cast.people[who])
    assert outcome(sent(client, article, "desk_restore_version")) == status
    client.logout()
    assert (NEEDLE in client.get(f"{article.address}history/").text) is (who == "abe")
    row = VersionWithdrawal.objects.get()
    assert (row.restored_by == cast.abe) is (who == "abe")


def test_operations_ask_for_themselves(cast, article):
    version = ArticleVersion.objects.get(article=article, number=1)
    for who in (cast.noa, cast.rui, cast.ada):
        with pytest.raises(PermissionDenied):
            operations.withdraw_version(version=version, by=who, reason="x", now=clock.now())
    with pytest.raises(PermissionDenied):
        operations.restore_version(version=version, by=cast.cora, now=clock.now())
    assert not VersionWithdrawal.objects.exists()


def test_reason_is_asked_for_with_a_sentence(client, cast, article):
    client.force_login(cast.cora)
    page = sent(client, article, "desk_withdraw_version", reason="  ")
    assert "Write a sentence for them." in page.text
    assert not VersionWithdrawal.objects.exists()


def test_version_readers_have_is_not_withdrawn_and_the_reason_is_kept(client, cast, article):
    client.force_login(cast.cora)
    page = sent(client, article, "desk_withdraw_version", number=2, reason="A court said so.")
    assert page.status_code == 200
    assert "This is the version readers have" in page.text
    assert "A court said so." in page.text
    assert not VersionWithdrawal.objects.exists()
    article.unpublish()
    assert sent(client, article, "desk_withdraw_version", number=2, reason="A court said so.").status_code == 302


def test_version_is_withdrawn_once_and_each_act_stands_in_the_trail(client, cast, article):
    client.force_login(cast.abe)
    for reason in ("First.", "Second."):
        sent(client, article, "desk_withdraw_version", reason=reason)
    assert [each.reason for each in VersionWithdrawal.objects.all()] == ["First."]
    for _ in range(2):
        sent(client, article, "desk_restore_version")
    sent(client, article, "desk_withdraw_version", reason="Third.")
    trail = PageLogEntry.objects.filter(page_id=article.pk, action__startswith="desk.version").order_by(
        "timestamp", "pk"
    )
    assert [(each.action, each.user) for each in trail] == [
        ("desk.version_withdrawn", cast.abe),
        ("desk.version_restored", cast.abe),
        ("desk.version_withdrawn", cast.abe),
    ]
    history = client.get(reverse("wagtailadmin_pages:history", args=[article.pk])).text
    assert "Withdrew the words of version 1: Third." in history


def test_screen_lists_the_versions_and_is_offered_in_the_editor(client, cast, article):
    client.force_login(cast.noa)
    page = client.get(reverse("desk_versions", args=[article.pk]))
    assert "What readers have now" in page.text
    assert "Withdraw version" not in page.text  # not hers to do
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk]))
    assert reverse("desk_versions", args=[article.pk]) in editor.text
    client.force_login(cast.cora)
    assert "Withdraw version 1" in client.get(reverse("desk_versions", args=[article.pk])).text


@pytest.mark.parametrize("path", ["9/withdraw/", f"{'9' * 30}/withdraw/", "?before=x", f"?before={'9' * 30}"])
def test_version_that_is_not_there_is_not_found(client, cast, article, path):
    client.force_login(cast.abe)
    assert client.get(f"/admin/desk/versions/{article.pk}/{path}").status_code == 404


@pytest.mark.parametrize("count", [3, 60])
def test_screen_takes_a_fixed_number_of_queries(cast, article, count, django_assert_num_queries):
    from coranto.desk.queries.versions import published_versions

    for number in range(3, count + 1):
        article.title, article.change_kind = f"Title {number}", "typo"
        article.save_revision(user=cast.noa).publish()
    with django_assert_num_queries(2):
        listing = published_versions(article)
        assert [str(each.published_by) for each in listing.versions]
