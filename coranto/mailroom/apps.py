from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailroomConfig(AppConfig):
    name = "coranto.mailroom"
    label = "mailroom"
    verbose_name = _("mail")

    def ready(self) -> None:
        from django.conf import settings

        from coranto.jobs.events import WorkerProcessBegan, WorkerProcessEnds
        from coranto.jobs.rules import periodic
        from coranto.kit import events
        from coranto.mailroom import kinds, operations, receivers
        from coranto.mailroom.rules.servers import ANYMAIL

        kinds.register(kinds.Kind(name=kinds.SITE, label=_("From the site"), keep=timedelta(days=30)))
        kinds.register(kinds.Kind(name=kinds.ACCOUNT, label=_("Ways into an account"), is_secret=True))
        if settings.MAIL_SERVER.kind == ANYMAIL:
            receivers.connect()
        events.subscribe(WorkerProcessBegan, _start_sending, when=events.WITHIN)
        events.subscribe(WorkerProcessEnds, _stop_sending, when=events.WITHIN)
        periodic.register("mailroom.expire_mails", every=timedelta(minutes=1), function=operations.expire_mails)
        periodic.register("mailroom.prune_mails", every=timedelta(minutes=10), function=operations.prune_mails)


def _start_sending(_event: object) -> None:
    from coranto.mailroom.worker import start_sending

    start_sending()


def _stop_sending(_event: object) -> None:
    from coranto.mailroom.worker import stop_sending

    stop_sending()
