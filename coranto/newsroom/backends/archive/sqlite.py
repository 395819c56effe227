"""The readers' index in SQLite: FTS5 without the texts themselves (https://www.sqlite.org/fts5.html#contentless_tables).

Terms come ready made, in letters and marks alone: the tokenizer `ascii` parts them at blanks and leaves the rest as it
is, and no word of a reader can be one of FTS5's operators, for all stand in quotes. What begins with one character is
asked for by who types a single one in a script without blanks: that has an index of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection

from coranto.newsroom.backends.archive.documents import between

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.kit.terms import Wanted
    from coranto.newsroom.backends.archive.documents import Document, Question

# A row of `SearchEntry` takes its words along, however it goes. Whoever alters that table by a migration makes the
# trigger anew: SQLite alters a table by making another.
CREATE: Final = (
    """
    CREATE VIRTUAL TABLE newsroom_searchtext USING fts5(
        headline, standfirst, names, body, facets, content='', contentless_delete=1, tokenize='ascii', prefix='1'
    )
    """,
    """
    CREATE TRIGGER newsroom_searchtext_gone AFTER DELETE ON newsroom_searchentry
    BEGIN DELETE FROM newsroom_searchtext WHERE rowid = old.key; END
    """,
)
DROP: Final = ("DROP TRIGGER newsroom_searchtext_gone", "DROP TABLE newsroom_searchtext")
# How much a word says by where it stands, in the order of the columns.
_RANK: Final = "bm25(newsroom_searchtext, 10, 4, 6, 1, 0)"


def write(documents: Iterable[Document]) -> None:
    rows: list[list[int | str]] = [
        [each.key, *map(" ".join, (each.headline, each.standfirst, each.names, each.body, each.facets))]
        for each in documents
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR REPLACE INTO newsroom_searchtext (rowid, headline, standfirst, names, body, facets)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            rows,
        )


def newest(question: Question, *, length: int) -> list[int]:
    return _ask(question, "rowid DESC LIMIT %s", length)


def best(question: Question, *, start: int, length: int) -> list[int]:
    return _ask(question, f"{_RANK}, rowid DESC LIMIT %s OFFSET %s", length, start)


def _ask(question: Question, ending: str, *numbers: int) -> list[int]:
    bounds, keys = between(question, "rowid")
    expression = _expression(question)
    fits = "newsroom_searchtext MATCH %s" if expression else "TRUE"
    sql = f"SELECT rowid FROM newsroom_searchtext WHERE {fits}{bounds} ORDER BY {ending}"  # noqa: S608 - of our own words
    with connection.cursor() as cursor:
        cursor.execute(sql, [*filter(None, [expression]), *keys, *numbers])
        return [row[0] for row in cursor.fetchall()]


def _expression(question: Question) -> str:
    words = " AND ".join(_word(each) for each in question.wanted)
    parts = [f"{{headline standfirst names body}} : ({words})"] if words else []
    return " AND ".join([*parts, *(f'facets : "{each}"' for each in question.facets)])


def _word(wanted: Wanted) -> str:
    quoted = [f'"{each}"' for each in wanted.terms]
    if wanted.begins:
        return f"{quoted[0]} *"
    return "(" + (" + " if wanted.in_a_row else " OR ").join(quoted) + ")"
