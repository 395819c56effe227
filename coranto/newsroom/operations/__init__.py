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
from coranto.newsroom.operations.relating import await_relating, relate_anew, relate_waiting
from coranto.newsroom.operations.replacing import replace_article
from coranto.newsroom.operations.searching import (
    Findable,
    index_anew,
    index_articles,
    refresh_search_index,
    refresh_search_weights,
)
from coranto.newsroom.operations.suggesting import count_search_words

__all__ = [
    "ArticleDraft",
    "CreditDraft",
    "Findable",
    "arrange_front",
    "await_relating",
    "count_search_words",
    "index_anew",
    "index_articles",
    "publish_due",
    "record_publication",
    "refresh_search_index",
    "refresh_search_weights",
    "relate_anew",
    "relate_waiting",
    "relist_article",
    "remember_address",
    "replace_article",
    "store_articles",
    "withdraw_article",
]
