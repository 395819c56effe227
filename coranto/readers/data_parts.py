"""The registry of what the site knows about somebody: each room registers its part in `AppConfig.ready()`.

    data_parts.register(DataPart(name="comments", label=_("Comments"), export=…, erase=…))

`export(account)` returns what JSON can hold (dates and times included), for whoever the account is to read.
`erase(account=…, leaves_words=…, now=…)` removes the part, within the transaction in which all of them go. With
`leaves_words`, what others have read and answered may stay, under no name; what the law wants kept stays without
the name where it may. The account itself goes last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from coranto.masthead.models import Account


class Erase(Protocol):
    def __call__(self, *, account: Account, leaves_words: bool, now: datetime) -> object: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class DataPart:
    name: str
    label: str | _StrPromise
    export: Callable[[Account], Mapping[str, Any]]
    erase: Erase
    # What others have read, of which a reader says whether it goes or stays under no name.
    is_words: bool = False


_registered: dict[str, DataPart] = {}


def register(part: DataPart) -> None:
    """Make a part known; raises `ValueError` when two rooms claim the same name."""
    if part.name in _registered:
        raise ValueError(f"The data part {part.name!r} is registered already.")
    _registered[part.name] = part


def registered() -> tuple[DataPart, ...]:
    """All parts, in the order of registration."""
    return tuple(_registered.values())
