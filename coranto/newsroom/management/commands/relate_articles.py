"""`coranto manage relate_articles`: relate every article of the archive anew."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand
from django.db.models import Count, Sum

from coranto.kit import clock
from coranto.newsroom import operations
from coranto.newsroom.models import ArticleToRelate


class Command(BaseCommand):
    help = (
        "Finds out anew which articles speak of the same, for the whole archive: after a large import, or when related "
        "stories seem off. Readers see the old ones meanwhile. Stopped midway, the site's worker goes on with it."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        articles = operations.relate_anew()
        steps = articles * len(ArticleToRelate.Step)
        while operations.relate_waiting(now=clock.now()):
            self.stdout.write(f"\r{100 - 100 * min(steps, self._steps_left()) // max(steps, 1)} %", ending="")
            self.stdout.flush()
        self.stdout.write(f"\r{articles} articles related.")

    @staticmethod
    def _steps_left() -> int:
        left = ArticleToRelate.objects.aggregate(rows=Count("pk"), done=Sum("step"))
        return len(ArticleToRelate.Step) * left["rows"] - (left["done"] or 0)
