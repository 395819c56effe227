"""`coranto manage recount_views`: judge past views anew by the rules for bots."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from django.core.management import BaseCommand

from coranto.audience import operations
from coranto.kit import clock

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Judges every user agent by this version's rules for bots and works out all totals of views anew from what was "
        "counted. What that changes is noted and shown at /how-we-count/. After an upgrade the site's worker does it "
        "by itself within an hour."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print what changed as one object.")

    def handle(self, *_args: Any, json: bool, **_options: Any) -> None:
        recount = operations.recount_views(now=clock.now(), tell=(lambda *_: None) if json else self._tell)
        if json:
            self.stdout.write(_as_json(recount))
            return
        self.stdout.write(
            f"{recount.agents} user agents are judged otherwise than before. "
            f"{recount.went} views no longer count, {recount.came} count now. Rules: {recount.to_version}."
        )

    def _tell(self, done: int, of: int) -> None:
        self.stdout.write(f"\r{100 * done // max(of, 1)} %", ending="\n" if done >= of else "")
        self.stdout.flush()


def _as_json(recount: operations.Recount) -> str:
    return json.dumps(dataclasses.asdict(recount))
