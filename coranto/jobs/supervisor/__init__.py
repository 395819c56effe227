"""`coranto serve`: one process that owns the sockets and keeps the others alive. It loads no Django.

supervisor ─┬─ edge    the public socket, the page store
            └─ app     Django, loaded once; its forks are
                 ├─ web      gunicorn with its workers
                 └─ worker   deferred and regular work
"""

from coranto.jobs.supervisor.claim import ServeError
from coranto.jobs.supervisor.loop import serve
from coranto.jobs.supervisor.site import THREADS, Site

__all__ = ["THREADS", "ServeError", "Site", "serve"]
