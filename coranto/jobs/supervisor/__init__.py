"""`coranto serve`: one process that owns the socket and keeps the others alive. It loads no Django."""

from coranto.jobs.supervisor.claim import ServeError
from coranto.jobs.supervisor.loop import Site, serve

__all__ = ["ServeError", "Site", "serve"]
