from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReadersConfig(AppConfig):
    name = "coranto.readers"
    label = "readers"
    verbose_name = _("readers")

    def ready(self) -> None:
        from coranto.jobs.rules import periodic
        from coranto.mailroom import kinds
        from coranto.readers import adapter, data_parts, operations, queries, receivers
        from coranto.readers.operations.data import erase_own_data
        from coranto.readers.rules.letters import CODES, NOTICES

        adapter.count_in_our_table()
        receivers.connect()
        kinds.register(
            kinds.Kind(
                name=CODES,
                label=_("Codes to sign in"),
                expires_after=timedelta(minutes=15),
                ignores_unsubscribe=True,
                is_secret=True,
            )
        )
        kinds.register(kinds.Kind(name=NOTICES, label=_("What happened to an account"), ignores_unsubscribe=True))
        data_parts.register(
            data_parts.DataPart(
                name="account",
                label=_("Your account: address, name, sign-ins"),
                export=queries.own_data,
                erase=erase_own_data,
            )
        )
        periodic.register("readers.prune_sign_ins", every=timedelta(hours=1), function=operations.prune_sign_ins)
