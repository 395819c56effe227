from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AudienceConfig(AppConfig):
    name = "coranto.audience"
    label = "audience"
    verbose_name = _("audience")

    def ready(self) -> None:
        from coranto.audience import edge, operations
        from coranto.audience.edge import trending
        from coranto.jobs.events import WebProcessBegan, WebProcessEnds
        from coranto.jobs.rules import periodic
        from coranto.kit import events
        from coranto.newsroom import placements

        edge.connect()
        placements.register(
            placements.Placement(
                kind="trending",
                label=_("Trending; options: how many articles, or nothing for five"),
                render=trending.where_an_editor_put_it,
                check=trending.check_options,
            )
        )
        events.subscribe(WebProcessBegan, lambda _event: operations.start_flushing(), when=events.WITHIN)
        events.subscribe(WebProcessEnds, lambda _event: operations.stop_flushing(), when=events.WITHIN)
        periodic.register("audience.close_hours", every=timedelta(minutes=1), function=operations.close_hours)
        periodic.register("audience.forget_days", every=timedelta(minutes=10), function=operations.forget_days)
        periodic.register(
            "audience.recount_if_rules_changed",
            every=timedelta(hours=1),
            function=operations.recount_if_rules_changed,
        )
