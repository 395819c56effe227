"""WordPress's dates. The export does not say in which time zone `post_date` is: it is taken for UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from coranto.importers.wordpress.reading import Item

# A change on the day of publication is nothing readers are told of: most are typing errors.
NOTICED: Final = timedelta(days=1)


def parse_date(text: str) -> datetime | None:
    """`2024-05-01 12:30:00` in UTC; nothing for WordPress's zero date and for nonsense."""
    text = text.strip()
    if not text or text.startswith("0000"):
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def of_item(item: Item) -> datetime | None:
    return parse_date(item.post_date_gmt) or parse_date(item.post_date) or _parse_rfc(item.pub_date)


def updated(item: Item, published: datetime | None) -> datetime | None:
    """When readers would say it was changed: more than a day after it was published."""
    changed = parse_date(item.post_modified_gmt) or parse_date(item.post_modified)
    return changed if changed and published and changed - published > NOTICED else None


def _parse_rfc(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return when.astimezone(UTC) if when.year > 1 else None
