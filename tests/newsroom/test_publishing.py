from __future__ import annotations

import json
from datetime import timedelta

import pytest
import rfc8785
from django.db import DatabaseError, IntegrityError, connection, transaction

from coranto.kit import clock
from coranto.newsroom import operations, receivers
from coranto.newsroom.models import Article, ArticleVersion, FormerAddress, Listing, Section
from coranto.newsroom.models.version import VersionIsFinal
from coranto.newsroom.rules import ChangeKind

pytestmark = pytest.mark.django_db


def versions(article):
    return list(ArticleVersion.objects.filter(article_id=article.pk).order_by("number"))


def publish_again(article, **changes):
    for name, value in changes.items():
        setattr(article, name, value)
    article.save_revision().publish()
    return Article.objects.get(pk=article.pk)


def test_first_publication_writes_version_one_with_its_hash(write, cora):
    article = write("Trams return", by=cora)
    version = versions(article)[0]
    document = json.loads(bytes(version.document))
    assert (version.number, version.kind, version.published_by) == (1, "first", cora)
    assert document["headline"] == "Trams return"
    assert rfc8785.dumps(document) == bytes(version.document)


def test_each_publication_writes_the_next_version_with_its_kind_and_note(write):
    article = write()
    article = publish_again(article, title="Trams are back", change_kind="correction", change_note="It was five.")
    article = publish_again(article, title="Trams are back again", change_kind="typo")
    publish_again(article, standfirst="Said nothing of the kind")
    assert [(v.number, v.kind, v.note) for v in versions(article)] == [
        (1, "first", ""),
        (2, "correction", "It was five."),
        (3, "typo", ""),
        (4, "update", ""),
    ]


def test_typing_error_leaves_last_updated_alone_and_a_correction_moves_it(write):
    article = publish_again(write(), change_kind=ChangeKind.TYPO)
    assert article.updated_at is None
    article = publish_again(article, change_kind=ChangeKind.CORRECTION, change_note="Five, not six.")
    assert article.updated_at == versions(article)[-1].published_at


def test_what_was_said_of_a_change_is_not_said_again_of_the_next(write):
    article = publish_again(write(), change_kind="typo", change_note="A comma.")
    assert (article.change_kind, article.change_note) == ("", "")


def test_failure_to_write_the_version_undoes_the_publication(write, monkeypatch):
    article = write(publish=False)
    article.live = False
    article.save()

    def fail(**_kwargs):
        raise IntegrityError

    monkeypatch.setattr(receivers.operations, "record_publication", fail)
    with pytest.raises(IntegrityError):
        article.save_revision().publish()
    assert not Article.objects.get(pk=article.pk).live


def test_article_with_a_future_date_has_no_version_until_its_hour_comes(write, time_machine):
    later = clock.now() + timedelta(hours=2)
    article = write(publish=False)
    article.live = False
    article.go_live_at = later
    article.save()
    article.save_revision().publish()
    assert versions(article) == []
    assert operations.publish_due(now=clock.now()) == 0
    time_machine.move_to(later + timedelta(seconds=1))
    assert operations.publish_due(now=clock.now()) == 1
    assert [v.number for v in versions(article)] == [1]
    assert Article.objects.get(pk=article.pk).live
    assert operations.publish_due(now=clock.now()) == 0


def test_article_with_an_end_is_withdrawn_when_it_comes(write, time_machine):
    article = write(expire_at=clock.now() + timedelta(hours=1))
    time_machine.move_to(clock.now() + timedelta(hours=1, seconds=1))
    assert operations.publish_due(now=clock.now()) == 1
    assert not Article.objects.get(pk=article.pk).live
    assert not Listing.objects.filter(article=article).exists()


def test_one_article_that_cannot_be_published_holds_up_no_other(write, time_machine, monkeypatch, caplog):
    later = clock.now() + timedelta(hours=1)
    articles = [write(publish=False, live=False, go_live_at=later) for _ in range(2)]
    for article in articles:
        article.save_revision().publish()
    time_machine.move_to(later + timedelta(seconds=1))
    original = operations.publishing.record_publication

    def fail_for_the_first(*, article, **kwargs):
        if article.pk == articles[0].pk:
            raise IntegrityError
        return original(article=article, **kwargs)

    monkeypatch.setattr(receivers.operations, "record_publication", fail_for_the_first)
    assert operations.publish_due(now=clock.now()) == 1
    assert [Article.objects.get(pk=a.pk).live for a in articles] == [False, True]
    assert "it will be tried again" in caplog.text


def test_copy_that_is_live_has_a_version_of_its_own(write, city):
    article = write()
    copy = article.copy(to=city, update_attrs={"slug": "a-copy", "title": "A copy"}, keep_live=True)
    assert [v.number for v in versions(copy)] == [1]
    assert Listing.objects.filter(article=copy, kind="latest").count() == 1


def test_alias_that_is_live_has_a_version_of_its_own(write, city):
    alias = write().create_alias(update_slug="the-same")
    assert [v.number for v in versions(alias)] == [1]


def test_alias_of_an_article_in_further_sections_is_listed(write, make_section):
    article = write()
    article.further_sections = [make_section("Culture")]
    article.save()
    alias = article.create_alias(update_slug="the-same")
    assert Listing.objects.filter(article=alias, kind="latest").count() == 1


def test_moving_a_draft_takes_no_old_address_away(client, write, city, make_section):
    live = write(slug="b")
    live.slug = "c"
    live.save_revision().publish()
    culture = make_section("Culture")
    draft = write(section=culture, slug="b", publish=False, live=False)
    draft.move(city, pos="last-child")
    assert client.get("/city/b/")["Location"] == "/city/c/"


def test_scheduled_correction_is_announced_once_though_a_draft_was_begun_on_top(write, time_machine):
    article = write()
    later = clock.now() + timedelta(hours=1)
    article.change_kind, article.change_note, article.go_live_at = "correction", "Five, not six.", later
    article.save_revision().publish()
    draft = article.get_latest_revision_as_object()
    draft.title, draft.go_live_at = "Newer words", None
    newer = draft.save_revision()
    time_machine.move_to(later + timedelta(seconds=1))
    operations.publish_due(now=clock.now())
    newer.refresh_from_db()
    newer.publish()
    assert [(v.kind, v.note) for v in versions(article)] == [
        ("first", ""),
        ("correction", "Five, not six."),
        ("update", ""),
    ]


def test_version_can_neither_be_changed_nor_removed(write):
    version = versions(write())[0]
    with pytest.raises(VersionIsFinal):
        version.save()
    with pytest.raises(VersionIsFinal):
        version.delete()
    for statement in ("UPDATE newsroom_articleversion SET note = 'x'", "DELETE FROM newsroom_articleversion"):
        with pytest.raises(DatabaseError, match="final"), transaction.atomic():
            say_to_the_database(statement)


def say_to_the_database(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_versions_outlive_their_article(write):
    article = write()
    pk = article.pk
    article.delete()
    assert ArticleVersion.objects.filter(article_id=pk).count() == 1


def test_withdrawn_article_leaves_every_list_and_comes_back_when_published_again(write):
    article = write()
    assert Listing.objects.filter(article=article).count() == 3
    article.unpublish()
    assert Listing.objects.filter(article=article).count() == 0
    article.save_revision().publish()
    assert Listing.objects.filter(article=article).count() == 3


def test_moved_article_is_listed_in_its_new_section_and_remembered_in_the_old(write, city, make_section):
    article, culture = write(slug="trams"), make_section("Culture")
    article.move(culture, pos="last-child")
    assert Listing.objects.filter(article=article, kind="section").get().subject_id == culture.pk
    assert list(FormerAddress.objects.values_list("section_slug", "slug")) == [("city", "trams")]


def test_rename_writes_one_row_and_not_one_for_each_article(store, city):
    store(3)
    section = Section.objects.get(pk=city.pk)
    section.slug = "town"
    section.save_revision().publish()
    assert list(FormerAddress.objects.values_list("section_slug", "slug")) == [("city", "")]
