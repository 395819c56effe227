"""Wagtail's search on SQLite, kept from asking too much.

It ranks what was found by looking every single find up in the index anew: a hundred thousand articles with a common
word in them would keep a server busy for minutes, for a reader's search as for an editor's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from modelsearch.backends.database.sqlite.query import MatchExpression, normalize
from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteFTSIndexEntry,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.query import MatchAll, Not

from coranto.newsroom.backends.lengths import KeepsLengths

if TYPE_CHECKING:
    from django.db.models import QuerySet

# So many are put in order by how well they fit. A word that more have in common says little of each: of these the
# newest come first.
MOST_RANKED: Final = 300


class RanksFew:
    query: Any
    queryset: QuerySet[Any]
    fields: Any
    order_by_relevance: bool
    FTS_TABLE_FIELDS: list[str]

    def search(self, config: Any, *stretch: Any, **kwargs: Any) -> QuerySet[Any]:
        if self.order_by_relevance and self._finds_many(config):
            # For the count and further stretches as well: they ask this same object.
            self.order_by_relevance = False
            self.queryset = self.queryset.order_by("-pk")
        found: QuerySet[Any] = super().search(config, *stretch, **kwargs)  # type: ignore[misc]
        return found

    def _finds_many(self, config: Any) -> bool:
        """Whether more fit than are ranked. One query, which stops at their number."""
        query = normalize(self.query)
        if isinstance(query, MatchAll | Not):
            return False
        words = self.build_search_query(query, config=config)  # type: ignore[attr-defined]
        fitting = SQLiteFTSIndexEntry.objects.filter(MatchExpression(self.fields or self.FTS_TABLE_FIELDS, words))
        return len(fitting.values_list("pk", flat=True)[: MOST_RANKED + 1]) > MOST_RANKED


class QueryCompiler(RanksFew, SQLiteSearchQueryCompiler):
    pass


class AutocompleteCompiler(RanksFew, SQLiteAutocompleteQueryCompiler):
    pass


class Index(KeepsLengths, SQLiteIndex):
    pass


class RankingFew(SQLiteSearchBackend):
    index_class = Index
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteCompiler
