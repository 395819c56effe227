from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import NoReverseMatch, reverse
from django_tasks_db.models import DBTaskResult

from coranto.jobs.models import Beat, Failure

pytestmark = pytest.mark.django_db


@pytest.fixture
def failure(noon):
    return Failure.objects.create(
        task_id="b4a3c6a2-6f0c-4f0e-9a0e-0d6f3f1c2b1a",
        task_path="jobs_errands.stumble",
        arguments={"args": [], "kwargs": {"message": "no ink"}},
        exception_class="builtins.OSError",
        message="no ink",
        traceback='File "<press>", line 7\nOSError: no ink',
        attempts=5,
        failed_at=noon,
    )


@pytest.fixture
def cora(client):
    """The administrator, signed in."""
    client.force_login(get_user_model().objects.create_superuser("cora@example.org", "correct horse"))
    return client


@pytest.fixture
def dov(client):
    """An editor with every permission there is, and still no superuser; signed in."""
    account = get_user_model().objects.create_user("dov@example.org", "battery staple", is_staff=True)
    group = Group.objects.create(name="Everything")
    group.permissions.set(Permission.objects.all())
    account.groups.add(group)
    client.force_login(account)
    return client


def test_an_administrator_finds_failed_work_among_the_reports(cora, failure):
    assert reverse("failures:index") in cora.get("/admin/").content.decode()
    page = cora.get(reverse("failures:index")).content.decode()
    assert "jobs_errands.stumble" in page
    assert "builtins.OSError" in page
    assert reverse("failures:inspect", args=[failure.pk]) in page


def test_an_administrator_reads_the_traceback_escaped(cora, failure):
    page = cora.get(reverse("failures:inspect", args=[failure.pk])).content.decode()
    assert "File &quot;&lt;press&gt;&quot;, line 7" in page
    assert "no ink" in page


def test_done_with_it(cora, failure):
    answer = cora.post(reverse("failures:resolve", args=[failure.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("failures:index"))
    failure.refresh_from_db()
    assert failure.resolved_at is not None
    page = cora.get(reverse("failures:inspect", args=[failure.pk])).content.decode()
    assert reverse("failures:resolve", args=[failure.pk]) not in page


def test_try_it_again(cora, failure):
    cora.post(reverse("failures:repeat", args=[failure.pk]))
    assert DBTaskResult.objects.get().args_kwargs == failure.arguments
    cora.post(reverse("failures:repeat", args=[failure.pk]))
    assert DBTaskResult.objects.count() == 1


def test_work_that_no_longer_exists_is_not_tried_again(cora, failure):
    Failure.objects.update(task_path="no_such_module.at_all")
    answer = cora.post(reverse("failures:repeat", args=[failure.pk]), follow=True)
    assert "no longer knows this kind of work" in answer.content.decode()
    failure.refresh_from_db()
    assert failure.resolved_at is None


def test_looking_marks_nothing(cora, failure):
    assert cora.get(reverse("failures:resolve", args=[failure.pk])).status_code == 405


@pytest.mark.parametrize("name", ["add", "edit", "delete", "copy"])
def test_nobody_adds_or_edits(name):
    with pytest.raises(NoReverseMatch):
        reverse(f"failures:{name}", args=[] if name == "add" else [1])


@pytest.mark.parametrize("name", ["index", "inspect", "resolve", "repeat"])
def test_who_is_no_superuser_is_kept_out(dov, failure, name):
    address = reverse(f"failures:{name}", args=[] if name == "index" else [failure.pk])
    answer = dov.post(address) if name in {"resolve", "repeat"} else dov.get(address)
    assert (answer.status_code, answer.headers.get("Location")) in {(302, reverse("wagtailadmin_home")), (403, None)}
    failure.refresh_from_db()
    assert failure.resolved_at is None
    assert DBTaskResult.objects.count() == 0
    assert reverse("failures:index") not in dov.get("/admin/").content.decode()


def test_regular_work_is_listed_with_its_last_error(cora, noon):
    beat = Beat.objects.create(name="tea", next_run_at=noon, last_error="Traceback\nLookupError: no kettle\n")
    page = cora.get(reverse("beats:index")).content.decode()
    assert "LookupError: no kettle" in page
    page = cora.get(reverse("beats:inspect", args=[beat.pk])).content.decode()
    assert "Traceback" in page


@pytest.mark.parametrize("failures", [1, 3])
def test_a_longer_list_costs_no_more(cora, failure, failures, django_assert_max_num_queries, noon):
    for number in range(failures - 1):
        Failure.objects.create(
            task_id=f"b4a3c6a2-6f0c-4f0e-9a0e-0d6f3f1c2b{number:02}",
            task_path="jobs_errands.stumble",
            exception_class="OSError",
            attempts=1,
            failed_at=noon,
        )
    cora.get(reverse("failures:index"))
    with django_assert_max_num_queries(12):
        cora.get(reverse("failures:index"))
