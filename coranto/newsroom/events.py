"""What happens in the newsroom, told upward: ids only (see `kit.events`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArticlePublished:
    """An article was published; `version` is the number of the immutable version that was written.

    `is_moved_in`: with many others, by an import, which is news to nobody.
    """

    article_id: int
    version: int
    kind: str
    is_moved_in: bool = False


@dataclass(frozen=True, slots=True)
class ArticleWithdrawn:
    """An article is no longer to be read by the public."""

    article_id: int
