"""What is published and withdrawn, for whoever asked to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coranto.kit import events
from coranto.masthead.models import Discovery
from coranto.newsroom.events import ArticlePublished, ArticleWithdrawn

if TYPE_CHECKING:
    from collections.abc import Callable


class Announcer:
    """Queues the tasks in the transaction that publishes: a publication nobody is told of is none to subscribers."""

    def __init__(self, *, hub: Callable[[int, str], Any], indexnow: Callable[[int], Any]) -> None:
        self.hub = hub
        self.indexnow = indexnow

    def connect(self) -> None:
        events.subscribe(ArticlePublished, self.on_published, when=events.WITHIN)
        events.subscribe(ArticleWithdrawn, self.on_withdrawn, when=events.WITHIN)

    def on_published(self, event: ArticlePublished) -> None:
        if not event.is_moved_in:
            self._tell(event.article_id, event.kind)

    def on_withdrawn(self, event: ArticleWithdrawn) -> None:
        self._tell(event.article_id, "")

    def _tell(self, article_id: int, kind: str) -> None:
        told = Discovery.objects.values_list("hub_url", "indexnow_key").first()
        hub, key = told or ("", "")
        if hub:
            self.hub(article_id, kind)
        if key:
            self.indexnow(article_id)
