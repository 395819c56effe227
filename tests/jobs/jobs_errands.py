"""Tasks to run in tests: importable by name, as a worker needs them."""

from __future__ import annotations

import threading
from datetime import timedelta

from django_tasks import TaskContext, task

from coranto.jobs.rules import GiveUp, retry

told: list[object] = []
gate = threading.Event()


@task
def tell(*words: object, **more: object) -> str:
    told.append((*words, more) if more else words)
    return "told"


@task(takes_context=True)
def tell_attempt(context: TaskContext) -> None:
    told.append((context.task_result.id, context.attempt))


@task
def stumble(message: str = "the printer is out of ink") -> None:
    told.append("stumbled")
    raise OSError(message)


@task
def stumble_oddly() -> None:
    """Fails with what PostgreSQL takes in no text: NUL and half a surrogate."""
    raise OSError("no\x00ink \udc80 left")


@task
@retry(attempts=2, first_delay=timedelta(minutes=3), longest_delay=timedelta(minutes=3))
def stumble_twice() -> None:
    raise OSError("the paper is torn")


@task
@retry(attempts=1)
def stumble_once() -> None:
    raise OSError("the door is shut")


@task
def know_better() -> None:
    try:
        {}["address"]
    except LookupError as error:
        raise GiveUp("the letter cannot be delivered") from error


@task
def leave() -> None:
    raise SystemExit(3)


@task
def answer_nonsense() -> object:
    told.append("answered")
    return object()


@task
async def tell_asynchronously(word: str) -> None:
    told.append(word)


@task
@retry(longest_run=timedelta(milliseconds=20))
def hang() -> None:
    assert gate.wait(30)


@task
def wait_at_the_gate() -> None:
    told.append("arrived")
    assert gate.wait(30)
    told.append("left")
