"""A word to whoever asked to be told: the hub of our feeds, and search engines that take part in IndexNow."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from coranto.feeds.documents import WRITERS
from coranto.feeds.queries import places_of
from coranto.jobs.rules import GiveUp
from coranto.kit.fetch import FetchError
from coranto.masthead.queries import discovery
from coranto.newsroom.rules import NOTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from coranto.kit.fetch import Fetcher

INDEXNOW: Final = "https://api.indexnow.org/indexnow"
# Asked again later, these may be answered otherwise; whatever else is refused stays so.
_WORTH_ANOTHER_TRY: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_SERVER_ERRORS: Final = 500


def ping_hub(*, article_id: int, kind: str, fetcher: Callable[[], Fetcher]) -> None:
    """Tell the hub (WebSub) which feeds a publication has changed; nothing without a hub, or of what is locked.

    `kind` is that of the change: a correction stands in a feed more. Raises `FetchError` where trying again may help,
    `GiveUp` where not.
    """
    hub, place = discovery().hub_url, places_of(article_id)
    if not hub or place is None or not place.is_open:
        return
    pages = [*place.pages, *(["/corrections/"] if kind in NOTED else [])]
    feeds = [settings.ORIGIN + iri_to_uri(page) + file for page in pages for file in WRITERS]
    body = urlencode([("hub.mode", "publish"), *(("hub.url", each) for each in feeds)])
    _post(hub, body.encode(), content_type="application/x-www-form-urlencoded", fetcher=fetcher)


def tell_indexnow(*, article_id: int, fetcher: Callable[[], Fetcher]) -> None:
    """Tell search engines that an article was published, changed or withdrawn; nothing without a key. Raises as above.

    What is locked is nobody's business, its address included.
    """
    key, place = discovery().indexnow_key, places_of(article_id)
    if not key or place is None or not place.is_open:
        return
    data = {
        "host": urlsplit(settings.ORIGIN).netloc,
        "key": key,
        "keyLocation": f"{settings.ORIGIN}/{key}.txt",
        "urlList": [iri_to_uri(settings.ORIGIN + place.address)],
    }
    _post(INDEXNOW, json.dumps(data).encode(), content_type="application/json; charset=utf-8", fetcher=fetcher)


def _post(url: str, body: bytes, *, content_type: str, fetcher: Callable[[], Fetcher]) -> None:
    try:
        with fetcher() as each:
            each.post(url, body, content_type=content_type)
    except FetchError as error:
        if error.kind in {"scheme", "redirects"} or (error.status and not _is_worth_another_try(error.status)):
            raise GiveUp(str(error)) from error
        raise


def _is_worth_another_try(status: int) -> bool:
    return status >= _SERVER_ERRORS or status in _WORTH_ANOTHER_TRY
