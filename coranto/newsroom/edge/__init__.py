"""What the newsroom tells the page store: parts that pages share, and what each change makes it forget."""

from coranto.newsroom.edge import fragments, purging, stream
from coranto.newsroom.edge.fragments import check_newest, newest_articles

__all__ = ["check_newest", "connect", "newest_articles"]


def connect() -> None:
    fragments.register()
    stream.register()
    purging.connect()
