"""A site's mail without the site: run as a program, it queues mails and forks senders, one command a line.

queue 200      write 200 mails, to reader0@… and on
sender         fork a sender; prints its process id
states         print what stands where: {address: [state, attempts]}
upkeep         take back what dead senders held
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from datetime import timedelta


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "coranto.config.settings"
    import django

    django.setup()
    lease = timedelta(seconds=float(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are nobody's to bury
    for line in sys.stdin:
        command, *arguments = line.split()
        answer = {"queue": _queue, "sender": _sender, "states": _states, "upkeep": _upkeep}[command](lease, *arguments)
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


def _queue(_lease: timedelta, number: str) -> int:
    from django.db import connections, transaction

    from coranto.mailroom.operations import queue_mail

    with transaction.atomic():
        for each in range(int(number)):
            queue_mail(to=f"reader{each}@reader{each % 7}.example", template="trial", context={}, kind="mailroom.site")
    connections.close_all()
    return int(number)


def _sender(lease: timedelta) -> int:
    from coranto.mailroom import worker
    from coranto.mailroom.operations import sending

    sys.stdout.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    from coranto.kit.processes import die_with_parent

    die_with_parent(parent, by=signal.SIGKILL)
    # A dead sender's mails come back as soon as it cannot be alive any more; the site waits minutes.
    sending.HANDED_LEASE = lease
    worker._UPKEEP = worker.IDLE = 0.05
    worker.Sender(carriers=4, lease=lease).start()
    while True:
        time.sleep(60)


def _states(_lease: timedelta) -> dict[str, list[object]]:
    from django.db import connections

    from coranto.mailroom.models import Mail

    states = {to: [state, attempts] for to, state, attempts in Mail.objects.values_list("to", "state", "attempts")}
    connections.close_all()
    return states


def _upkeep(_lease: timedelta) -> int:
    from django.db import connections

    from coranto.kit import clock
    from coranto.mailroom.operations import reclaim_mails

    count = reclaim_mails(now=clock.now())
    connections.close_all()
    return count


if __name__ == "__main__":
    main()
