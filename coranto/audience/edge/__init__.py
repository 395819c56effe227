"""What the audience tells the page store: parts that pages share, and what each change makes it forget."""

from coranto.audience.edge import counted, trending


def connect() -> None:
    counted.connect()
    trending.connect()
