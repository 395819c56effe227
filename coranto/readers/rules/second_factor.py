"""When a session counts as one whose holder has shown more than one thing.

A session remembers how its holder proved who they are: `[{"method": "password", "at": 1795413600.0}, …]`, as
django-allauth writes it (`account_authentication_methods`). A link made on the server counts for as long again as it
could have been used: long enough to set up a factor, and no way past one for weeks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import timedelta

# An authenticator app, a passkey, a recovery code; or a link made by whoever owns the server.
FACTOR: Final = "mfa"
ENTRY_LINK: Final = "entry-link"


def has_second_factor(records: Iterable[Mapping[str, Any]], *, now: float) -> bool:
    """A factor counts for as long as the session lives, a link until a time of its own; `now` in Unix seconds."""
    return any(
        each.get("method") == FACTOR or (each.get("method") == ENTRY_LINK and now < each.get("until", 0))
        for each in records
    )


def is_recent(records: Iterable[Mapping[str, Any]], *, now: float, within: timedelta) -> bool:
    """Whether its holder has proved anything of late; `now` in Unix seconds. What lies ahead is no proof."""
    return any(0 <= now - each.get("at", 0) <= within.total_seconds() for each in records)
