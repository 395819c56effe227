"""What a machine asks the site: are you alive, can you work."""

from __future__ import annotations

import logging

from django.db import Error as DatabaseError
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coranto.jobs.queries import has_unapplied_migrations

logger = logging.getLogger(__name__)

_TEXT = "text/plain; charset=utf-8"


@never_cache
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """200 while the process runs; asks nothing of anybody, so that a slow database restarts no process."""
    return HttpResponse("ok\n", content_type=_TEXT)


@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """200 while every database answers and has the tables of this version; 503 with one word otherwise."""
    try:
        for alias in connections:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
        behind = has_unapplied_migrations()
    except DatabaseError:
        # The cause may name hosts and users: it belongs into the log.
        logger.exception("The database does not answer")
        return HttpResponse("database\n", content_type=_TEXT, status=503)
    if behind:
        return HttpResponse("migrations\n", content_type=_TEXT, status=503)
    return HttpResponse("ready\n", content_type=_TEXT)
