"""The search index over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.search.backends import get_search_backend

from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from datetime import datetime


def refresh_search_weights(*, now: datetime) -> None:  # noqa: ARG001 - as all regular work is called
    """Weigh titles by how long they are on average today, where that has moved since an entry was written."""
    get_search_backend().get_index_for_model(Article).refresh_weights()
