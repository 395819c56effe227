"""`coranto manage break_glass ADDRESS`: a link by which somebody gets in who has lost every other way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from coranto.kit import clock
from coranto.masthead.models import Account
from coranto.masthead.models.account import normalise_email
from coranto.readers import operations

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

LIFE = timedelta(minutes=30)


class Command(BaseCommand):
    help = (
        "Prints a link that signs one account in, once, within half an hour, without password, code or second factor. "
        "Whoever can run this owns the server; the site history says that it was done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="The e-mail address of the account.")

    def handle(self, *_args: Any, address: str, **_options: Any) -> None:
        account = Account.objects.filter(email=normalise_email(address)).first()
        if account is None:
            raise CommandError(f"There is no account with the address {address}.")
        if not account.is_active:
            raise CommandError(f"The account {address} is switched off; switch it on first.")
        path = operations.create_entry_link(account=account, life=LIFE, now=clock.now())
        self.stdout.write(f"{settings.ORIGIN}{path}")
