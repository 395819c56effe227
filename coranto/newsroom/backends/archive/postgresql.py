"""The readers' index in PostgreSQL: a table beside `newsroom_searchentry` that Django's models know nothing of.

What is marked in a row there would else write each of its words into the index anew.

Its vectors are written term by term, so that no parser of PostgreSQL's parts the words of a script it does not know
(https://www.postgresql.org/docs/current/datatype-textsearch.html).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from django.db import connection

from coranto.newsroom.backends.archive.documents import between

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.kit.terms import Wanted
    from coranto.newsroom.backends.archive.documents import Document, Question

# A row of `SearchEntry` takes its words along, however it goes. A foreign key would forbid to empty that table alone.
CREATE: Final = (
    "CREATE TABLE newsroom_searchtext (key bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX newsroom_searchtext_words ON newsroom_searchtext USING gin (words)",
    """
    CREATE FUNCTION newsroom_searchtext_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            TRUNCATE newsroom_searchtext;
        ELSE
            DELETE FROM newsroom_searchtext WHERE key = old.key;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER newsroom_searchtext_gone AFTER DELETE ON newsroom_searchentry
    FOR EACH ROW EXECUTE FUNCTION newsroom_searchtext_follow()
    """,
    """
    CREATE TRIGGER newsroom_searchtext_emptied AFTER TRUNCATE ON newsroom_searchentry
    FOR EACH STATEMENT EXECUTE FUNCTION newsroom_searchtext_follow()
    """,
)
DROP: Final = (
    "DROP TRIGGER newsroom_searchtext_emptied ON newsroom_searchentry",
    "DROP TRIGGER newsroom_searchtext_gone ON newsroom_searchentry",
    "DROP FUNCTION newsroom_searchtext_follow",
    "DROP TABLE newsroom_searchtext",
)
# For D, C, B, A: how much a word says by where it stands, as on SQLite. 1 counts the length of the text against it.
_RANK: Final = "ts_rank('{0.1, 0.4, 0.6, 1.0}', words, %s::tsquery, 1)"
_LAST_PLACE: Final = 16_383  # a vector counts no further, and no more than 255 places of one term
_MOST_PLACES: Final = 255
# A vector holds a megabyte; what comes after so many bytes of terms is the end of a very long read.
_MOST_BYTES: Final = 600_000


def write(documents: Iterable[Document]) -> None:
    rows = [(_vector(each), each.key) for each in documents]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO newsroom_searchtext (key, words)"
            " SELECT key, %s::tsvector FROM newsroom_searchentry WHERE key = %s"
            " ON CONFLICT (key) DO UPDATE SET words = excluded.words",
            rows,
        )


def newest(question: Question, *, length: int) -> list[int]:
    return _ask(question, "key DESC LIMIT %s", [length])


def best(question: Question, *, start: int, length: int) -> list[int]:
    # The words alone: facets say nothing of how well an article fits.
    return _ask(question, f"{_RANK} DESC, key DESC LIMIT %s OFFSET %s", [_words(question), length, start])


def _ask(question: Question, ending: str, numbers: list[int | str]) -> list[int]:
    bounds, keys = between(question, "key")
    expression = _expression(question)
    fits = "words @@ %s::tsquery" if expression else "TRUE"
    sql = f"SELECT key FROM newsroom_searchtext WHERE {fits}{bounds} ORDER BY {ending}"  # noqa: S608 - of our own words
    with connection.cursor() as cursor:
        cursor.execute(sql, [*filter(None, [expression]), *keys, *numbers])
        return [row[0] for row in cursor.fetchall()]


def _expression(question: Question) -> str:
    return " & ".join([*filter(None, [_words(question)]), *(f"'{each}'" for each in question.facets)])


def _words(question: Question) -> str:
    return " & ".join(map(_word, question.wanted))


def _word(wanted: Wanted) -> str:
    quoted = [f"'{each}'" for each in wanted.terms]
    if wanted.begins:
        return f"{quoted[0]}:*"
    return "(" + (" <-> " if wanted.in_a_row else " | ").join(quoted) + ")"


def _vector(document: Document) -> str:
    places: dict[str, list[str]] = defaultdict(list)
    place, size = 0, 0
    for terms, weight in (
        (document.headline, "A"),
        (document.names, "B"),
        (document.standfirst, "C"),
        (document.body, "D"),
    ):
        for term in terms:
            place += 1
            seen = places[term]
            size += 0 if seen else len(term.encode()) + 4
            if len(seen) < _MOST_PLACES:
                seen.append(f"{min(place, _LAST_PLACE)}{weight}")
            if size > _MOST_BYTES:
                break
        place += 1  # no row of terms reaches from one field into the next
    return " ".join(
        [*(f"'{term}':{','.join(at)}" for term, at in places.items()), *(f"'{f}'" for f in document.facets)]
    )
