"""Arranging a front without the editor's form."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.masthead.models import Account
    from coranto.newsroom.models import FrontPage, Section


@transaction.atomic
def arrange_front(*, front: FrontPage | Section, blocks: Iterable[dict[str, Any]], by: Account | None) -> None:
    """Publish a front as arranged by `blocks`, dictionaries with `type` and `value`; none, and it arranges itself.

    Articles, sections and topics are named by their ids, and what is left out has its usual value. Wagtail's
    permission to publish the page is asked of `by`; nobody is the program itself. Raises `ValidationError` for
    what the editor's form would refuse.
    """
    stream = front.arrangement.stream_block
    front.arrangement = stream.clean(stream.to_python([{**each, "id": str(uuid.uuid4())} for each in blocks]))
    front.save_revision(user=by).publish(user=by)
