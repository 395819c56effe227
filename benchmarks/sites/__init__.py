"""Two sites side by side: each is a process of its own, so that neither warms or disturbs the other."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from coranto.masthead.models import Account


class Site:
    """A process with a site of so many articles, which answers what it is asked for on standard input.

    It is `script` itself, started with `--answer COUNT`; for each line it gets it prints one line of JSON.
    Its database is SQLite, or the one whose address is given.
    """

    def __init__(self, script: str, folder: Path, count: int, *, first: str, database_url: str = "") -> None:
        environment = {"CORANTO_DATA": str(folder), "PATH": "/usr/bin:/bin"}
        if database_url:
            environment["DATABASE_URL"] = database_url
        command = [sys.executable, script, "--answer", str(count)]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ask(first)  # waits until it is filled

    def ask(self, address: str) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(address + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def options(description: str | None, *, few: int, many: int, rounds: int) -> argparse.ArgumentParser:
    """What every comparison of two sites can be told, and `--answer`, by which `Site` starts it."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=few)
    parser.add_argument("--many", type=int, default=many)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--answer", type=int, help=argparse.SUPPRESS)
    return parser


def sign_in(client: Client, account: Account) -> None:
    """With the second factor, without which staff enter nothing."""
    from allauth.account.internal.flows.login import record_authentication
    from django.http import HttpRequest

    client.force_login(account)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, account, "mfa", type="totp")
    request.session.save()


def begin_site() -> None:
    """Load Django over the data folder of this process and bring its databases up to date."""
    from coranto.config import folder
    from coranto.config.env import environment

    folder.prepare(environment().coranto_data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "coranto.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    for alias in connections:
        call_command("migrate", database=alias, verbosity=0)
