"""Until when a picture may be used."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

WARNED_DAYS = 30


class RightsState(StrEnum):
    FREE = ""  # nothing says that they end soon
    ENDING = "ending"
    EXPIRED = "expired"


def rights_state(expire_on: date | None, *, on: date) -> RightsState:
    """`expire_on` is the last day on which the picture may be used."""
    if expire_on is None or (expire_on - on).days > WARNED_DAYS:
        return RightsState.FREE
    return RightsState.EXPIRED if expire_on < on else RightsState.ENDING
