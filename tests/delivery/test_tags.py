"""What a change purges: after the commit, in one message, and never what was taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from coranto.delivery import operations, tags, transports
from coranto.newsroom.models import Author


@pytest.fixture(autouse=True)
def _own_registrations(monkeypatch):
    """What a test registers is gone after it, and nobody else's purges are heard."""
    for signal in (post_save, post_delete, m2m_changed):
        monkeypatch.setattr(signal, "receivers", [])
        signal.sender_receivers_cache.clear()
    yield
    monkeypatch.undo()
    for signal in (post_save, post_delete, m2m_changed):
        signal.sender_receivers_cache.clear()


def names(author):
    return [tags.tag("author", author.slug)]


# Gathering --------------------------------------------------------------------------------------------------


def test_what_is_carried_within_belongs_to_all_who_gather():
    with tags.collecting() as page:
        tags.carry("page:1")
        with tags.collecting() as part:
            tags.carry("list:latest:0")
            tags.expire_within(timedelta(seconds=30))
        tags.expire_within(timedelta(minutes=1))
        tags.vary_by_entitlement()

    assert (part.tags, part.life, part.varies_by_entitlement) == ({"list:latest:0"}, timedelta(seconds=30), False)
    assert (page.tags, page.life, page.varies_by_entitlement) == (
        {"page:1", "list:latest:0"},
        timedelta(seconds=30),
        True,
    )


def test_outside_a_gathering_nothing_is_carried():
    tags.carry("page:1")
    tags.expire_within(timedelta(0))
    with tags.collecting() as page:
        pass

    assert (page.tags, page.life) == (set(), None)


# Purging ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_one_transaction_is_one_message_after_the_commit(heard):
    with transaction.atomic():
        operations.purge_tags(tags=["page:1", "menu"])
        with transaction.atomic():
            operations.purge_tags(tags=["page:2"])
        operations.purge_tags(tags=["page:3"])
        assert heard == []

    assert heard == [{"page:1", "page:2", "page:3", "menu"}]


@pytest.mark.django_db(transaction=True)
def test_what_a_savepoint_takes_back_is_not_purged(heard):
    with transaction.atomic():
        operations.purge_tags(tags=["page:1"])
        with transaction.atomic():
            operations.purge_tags(tags=["page:2"])
            with transaction.atomic():
                operations.purge_tags(tags=["page:3"])
            transaction.set_rollback(True)
        with transaction.atomic():
            operations.purge_tags(tags=["page:4"])

    assert heard == [{"page:1", "page:4"}]


@pytest.mark.django_db(transaction=True)
def test_what_was_purged_before_a_savepoint_does_not_go_with_it(heard):
    with transaction.atomic():
        operations.purge_tags(tags=["page:1"])
        with transaction.atomic():
            operations.purge_tags(tags=["page:2"])
            transaction.set_rollback(True)

    assert heard == [{"page:1"}]


@pytest.mark.django_db(transaction=True)
def test_a_savepoint_alone_may_be_taken_back(heard):
    with transaction.atomic(), transaction.atomic():
        operations.purge_everything()
        transaction.set_rollback(True)

    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_rollback_purges_nothing_and_leaves_nothing_for_the_next(heard):
    with transaction.atomic():
        operations.purge_tags(tags=["page:1"])
        transaction.set_rollback(True)
    with transaction.atomic():
        operations.purge_tags(tags=["page:2"])

    assert heard == [{"page:2"}]


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_it_is_at_once(heard):
    operations.purge_tags(tags=iter(["page:1"]))
    operations.purge_tags(tags=[])
    operations.purge_everything()

    assert heard == [{"page:1"}, None]


@pytest.mark.django_db(transaction=True)
def test_everything_includes_whatever_else_there_was(heard):
    with transaction.atomic():
        operations.purge_tags(tags=["page:1"])
        operations.purge_everything()
        operations.purge_tags(tags=["page:2"])

    assert heard == [None]


@pytest.mark.django_db(transaction=True)
def test_a_hook_of_the_commit_may_purge_too(heard):
    with transaction.atomic():
        operations.purge_tags(tags=["page:1"])
        transaction.on_commit(lambda: operations.purge_tags(tags=["page:2"]))

    assert heard == [{"page:1"}, {"page:2"}]


@pytest.mark.django_db(transaction=True)
def test_many_purges_of_one_transaction_are_few_hooks(heard):
    from django.db import connection

    with transaction.atomic():
        for number in range(1_000):
            operations.purge_tags(tags=[f"page:{number}"])
        assert len(connection.run_on_commit) == 2

    assert [len(each) for each in heard] == [1_000]


@pytest.mark.django_db
def test_a_part_of_a_transaction_can_be_looked_at(heard, django_capture_on_commit_callbacks):
    operations.purge_tags(tags=["page:1"])
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        operations.purge_tags(tags=["page:2"])

    assert heard == [{"page:2"}]


@pytest.mark.django_db(transaction=True)
def test_a_purge_that_cannot_be_sent_harms_nothing(monkeypatch, caplog):
    def refuse(_tags):
        raise OSError("no way")

    monkeypatch.setattr(transports, "send", refuse)
    with transaction.atomic():
        Author.objects.create(name="Ada Thorne", slug="ada-thorne")
        operations.purge_tags(tags=["page:1"])
    operations.purge_tags(tags=["page:1"])

    assert Author.objects.count() == 1
    assert [record.getMessage() for record in caplog.records] == ["A purge could not be sent"] * 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tag", ["two words", "naïve:1", "x" * 300, ""])
def test_a_tag_that_cannot_be_said_purges_everything(tag, monkeypatch):
    sent = []
    monkeypatch.setattr(transports.local, "send", sent.extend)
    operations.purge_tags(tags=["page:1", tag])

    assert [message.kind.value for message in sent] == ["everything"]


# By a model's rows ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_row_saved_or_removed_purges_what_shows_it(heard):
    tags.purge_on_change(Author, names)
    author = Author.objects.create(name="Ada Thorne", slug="ada-thorne")
    author.save()
    author.delete()

    assert heard == [{"author:ada-thorne"}] * 3


@pytest.mark.django_db(transaction=True)
def test_a_save_of_what_readers_never_see_purges_nothing(heard):
    tags.purge_on_change(Author, names, unless_only={"role", "account"})
    author = Author.objects.create(name="Ada Thorne", slug="ada-thorne")
    heard.clear()
    author.save(update_fields=["role"])
    assert heard == []
    author.save(update_fields=["role", "name"])

    assert heard == [{"author:ada-thorne"}]


@pytest.mark.django_db(transaction=True)
def test_a_fixture_purges_nothing(heard):
    tags.purge_on_change(Author, names)
    Author(pk=1, name="Ada Thorne", slug="ada-thorne").save_base(raw=True)

    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_relation_to_many_purges_from_both_ends(heard):
    from django.contrib.auth.models import Group, Permission

    tags.purge_on_change(Group, lambda group: [f"group:{group.name}"])
    group = Group.objects.create(name="desk")
    permission = Permission.objects.first()
    heard.clear()

    group.permissions.add(permission)
    permission.group_set.remove(group)
    group.permissions.set([permission])
    group.permissions.clear()
    assert heard == [{"group:desk"}] * 4

    group.permissions.add(permission)
    heard.clear()
    permission.group_set.clear()
    assert heard == [None]


@pytest.mark.django_db(transaction=True)
def test_where_the_tags_cannot_be_told_everything_is_purged(heard, caplog):
    def fail(_author):
        raise LookupError("no section")

    tags.purge_on_change(Author, fail)
    Author.objects.create(name="Ada Thorne", slug="ada-thorne")

    assert (Author.objects.count(), heard) == (1, [None])
    assert "Which pages to forget could not be told" in caplog.text
