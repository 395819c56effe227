"""The worker's part in pictures: what it does with those it cannot read, and how imported ones get their turn."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult
from PIL import Image

from coranto.jobs import operations as jobs
from coranto.jobs.models import Failure
from coranto.jobs.rules import periodic
from coranto.kit import clock
from coranto.masthead import operations, tasks
from coranto.masthead.models import Picture
from coranto.masthead.operations import PictureDraft
from coranto.masthead.rules.pictures import PictureProblem

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def png(width, height):
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 40, 40)).save(out, "PNG")
    return out.getvalue()


def stored(width=700, height=350):
    drafts = [PictureDraft(source=png(width, height), file_name="a", title="Harbour")]
    (picture,) = operations.store_pictures(drafts=drafts, by=None, now=NOW)
    return picture


# Failures -------------------------------------------------------------------------------------------------


def broken():
    """A picture whose file was whole when it came and is not any more."""
    picture = stored()
    path = Path(picture.file.path)
    path.write_bytes(path.read_bytes()[:60])
    return picture


def work(*, attempts=1):
    """Let a worker run the tasks that are due, as `coranto.jobs` does."""
    for _ in range(attempts):
        while claim := jobs.claim_task(worker="w", now=clock.now()):
            jobs.run_task(claim=claim)


def test_a_picture_that_cannot_be_read_says_so_and_waits_no_longer(db):
    picture = broken()

    with pytest.raises(PictureProblem):
        operations.make_renditions(picture=picture, now=LATER)

    assert Picture.objects.get().renditions_failed_at == LATER
    assert list(Picture.objects.awaiting_renditions()) == []


def test_an_administrator_sees_which_picture_failed(db):
    picture = broken()
    tasks.make_renditions_task.enqueue(picture.pk)

    work()

    failure = Failure.objects.get()
    assert failure.message == (
        f"Harbour (picture {picture.pk}): The picture is damaged or incomplete. Save it anew from the original."
    )
    assert failure.attempts == 1


def test_a_failed_picture_recovers_when_its_task_is_repeated(db):
    picture = broken()
    tasks.make_renditions_task.enqueue(picture.pk)
    work()
    Path(picture.file.path).write_bytes(png(700, 350))

    jobs.repeat_failure(failure=Failure.objects.get(), now=NOW)
    work()

    picture.refresh_from_db()
    assert (picture.renditions.count(), picture.renditions_failed_at) == (4, None)
    assert picture.renditions_made_at is not None


def test_a_missing_file_is_tried_again_before_it_is_given_up(db):
    picture = stored()
    picture.file.storage.delete(picture.file.name)
    tasks.make_renditions_task.enqueue(picture.pk)

    work()

    assert (DBTaskResult.objects.get().status, Failure.objects.count()) == ("READY", 0)
    assert Picture.objects.get().renditions_failed_at is not None


# The sweep ------------------------------------------------------------------------------------------------


def test_imported_pictures_are_queued_newest_first_and_once(db, monkeypatch, run_tasks):
    monkeypatch.setattr(tasks, "QUEUE_LENGTH", 2)
    pictures = [stored(100, 100) for _ in range(3)]

    assert [tasks.queue_renditions(now=NOW) for _ in range(2)] == [2, 0]
    queued = DBTaskResult.objects.order_by("enqueued_at").values_list("args_kwargs", "priority")
    assert [(each["args"], priority) for each, priority in queued] == [
        ([pictures[2].pk], -10),
        ([pictures[1].pk], -10),
    ]

    run_tasks()
    assert tasks.queue_renditions(now=NOW) == 1
    run_tasks()
    assert tasks.queue_renditions(now=NOW) == 0
    assert list(Picture.objects.awaiting_renditions()) == []


def test_a_picture_that_killed_its_worker_is_not_queued_for_ever(db):
    picture = stored()
    Failure.objects.create(
        task_id="00000000-0000-0000-0000-000000000001",
        task_path=tasks.make_renditions_task.module_path,
        arguments={"args": [picture.pk], "kwargs": {}},
        exception_class="WorkerLost",
        attempts=3,
        failed_at=NOW,
    )

    assert tasks.queue_renditions(now=NOW) == 0

    jobs.resolve_failure(failure=Failure.objects.get(), now=LATER)
    assert tasks.queue_renditions(now=NOW) == 1


def test_the_sweep_is_regular_work():
    (work,) = [each for each in periodic.registered() if each.name == "masthead.queue_renditions"]
    assert (work.function, work.every.total_seconds()) == (tasks.queue_renditions, 30)


def test_a_picture_deleted_before_its_turn_is_no_failure(db, run_tasks):
    tasks.make_renditions_task.enqueue(999)

    assert run_tasks() == 1
