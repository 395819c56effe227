from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "coranto.newsroom"
    label = "newsroom"
    verbose_name = _("newsroom")

    def ready(self) -> None:
        from coranto.jobs.rules import periodic
        from coranto.newsroom import edge, front_panels, operations, panels, placements, receivers

        panels.attach()
        front_panels.attach()
        receivers.connect()
        edge.connect()
        placements.register(
            placements.Placement(
                kind="newest",
                label=_("Newest articles; options: a section's address, or nothing for all"),
                render=edge.newest_articles,
                check=edge.check_newest,
            )
        )
        periodic.register("newsroom.publish_due", every=timedelta(seconds=10), function=operations.publish_due)
        periodic.register("newsroom.relate_waiting", every=timedelta(seconds=5), function=operations.relate_waiting)
        periodic.register(
            "newsroom.refresh_search_index", every=timedelta(seconds=10), function=operations.refresh_search_index
        )
        periodic.register(
            "newsroom.count_search_words", every=timedelta(minutes=5), function=operations.count_search_words
        )
        periodic.register(
            "newsroom.refresh_search_weights", every=timedelta(days=1), function=operations.refresh_search_weights
        )
