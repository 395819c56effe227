"""Which views make public pages, what the store is told of them, and what they may look at."""

from coranto.delivery.pages.asking import entitlement, has_edge, is_behind_edge, is_personal, keeps_pages
from coranto.delivery.pages.offering import (
    FOR_ONE,
    FOR_STORES,
    LIFE,
    STALE_IF_ERROR,
    is_offered,
    keep_private,
    offer,
    withdraw,
)
from coranto.delivery.pages.public import page_of, public
from coranto.delivery.pages.refusing import reason_to_refuse, refuse

__all__ = [
    "FOR_ONE",
    "FOR_STORES",
    "LIFE",
    "STALE_IF_ERROR",
    "entitlement",
    "has_edge",
    "is_behind_edge",
    "is_offered",
    "is_personal",
    "keep_private",
    "keeps_pages",
    "offer",
    "page_of",
    "public",
    "reason_to_refuse",
    "refuse",
    "withdraw",
]
