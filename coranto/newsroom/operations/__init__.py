"""What the newsroom does, one function each; everything that changes articles for readers comes through here."""

from coranto.newsroom.operations.addresses import remember_address
from coranto.newsroom.operations.fronts import arrange_front
from coranto.newsroom.operations.importing import ArticleDraft, CreditDraft, store_articles
from coranto.newsroom.operations.publishing import (
    publish_due,
    record_publication,
    relist_article,
    withdraw_article,
)
from coranto.newsroom.operations.replacing import replace_article
from coranto.newsroom.operations.searching import refresh_search_weights

__all__ = [
    "ArticleDraft",
    "CreditDraft",
    "arrange_front",
    "publish_due",
    "record_publication",
    "refresh_search_weights",
    "relist_article",
    "remember_address",
    "replace_article",
    "store_articles",
    "withdraw_article",
]
