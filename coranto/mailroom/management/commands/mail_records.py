"""What to write into the DNS so that our mail is believed to be ours."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coranto.mailroom.operations.signing import BadKey, signing_keys
from coranto.mailroom.rules.addresses import domain_of


class Command(BaseCommand):
    help = "Print the DNS records that belong to the keys in CORANTO_DKIM_KEYS, and a first DMARC record."

    def handle(self, *_args: Any, **_options: Any) -> None:
        domain = domain_of(settings.MAIL_FROM)
        try:
            keys = signing_keys(key_files=settings.DKIM_KEYS)
        except BadKey as error:
            raise CommandError(str(error)) from error
        if not keys:
            self.stderr.write("CORANTO_DKIM_KEYS names no key: mails are not signed by Coranto.")
        for key in keys:
            self.stdout.write(f"{key.selector}._domainkey.{domain}. TXT {_in_strings(key.record)}")
        self.stdout.write(f'_dmarc.{domain}. TXT "v=DMARC1; p=none"')


def _in_strings(record: str) -> str:
    """A TXT record is made of strings of at most 255 bytes (RFC 1035, 3.3)."""
    return " ".join(f'"{record[start : start + 250]}"' for start in range(0, len(record), 250))
