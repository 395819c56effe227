"""The headers by which an application tells a cache in front of it what to keep, for how long and under which tags.

`Surrogate-Control` and `Surrogate-Capability` are those of the Edge Architecture Specification (W3C note, 2001);
`stale-while-revalidate` and `stale-if-error` those of RFC 5861; `Surrogate-Key` is what caches that purge by tag agree on;
`No-Vary-Search` is the web's draft of the same name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

CAPABILITY: Final = 'coranto="ESI/1.0"'
ESI: Final = "ESI/1.0"

_SECONDS = re.compile(r"(max-age|stale-while-revalidate|stale-if-error)\s*=\s*(\d{1,9})", re.IGNORECASE)
_EXCEPT = re.compile(r"except=\(([^)]*)\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class SurrogateControl:
    """What the edge may do with an answer. Lives in whole seconds."""

    life: timedelta
    stale_while_revalidate: timedelta = timedelta(0)
    stale_if_error: timedelta = timedelta(0)
    has_holes: bool = False

    def __str__(self) -> str:
        words = [f"max-age={_whole(self.life)}"]
        if self.stale_while_revalidate:
            words.append(f"stale-while-revalidate={_whole(self.stale_while_revalidate)}")
        if self.stale_if_error:
            words.append(f"stale-if-error={_whole(self.stale_if_error)}")
        if self.has_holes:
            words.append(f'content="{ESI}"')
        return ", ".join(words)


def read_control(value: str) -> SurrogateControl | None:
    """What a `Surrogate-Control` header says; None where the answer is not to be kept."""
    if "no-store" in value:
        return None
    said = {name.lower(): timedelta(seconds=int(number)) for name, number in _SECONDS.findall(value)}
    life = said.get("max-age")
    if not life:
        return None
    return SurrogateControl(
        life=life,
        stale_while_revalidate=said.get("stale-while-revalidate", timedelta(0)),
        stale_if_error=said.get("stale-if-error", timedelta(0)),
        has_holes=ESI in value,
    )


def understands_esi(capability: str) -> bool:
    """Whether whoever sent this `Surrogate-Capability` puts fragments into pages itself."""
    return ESI in capability


def write_no_vary_search(parameters: tuple[str, ...]) -> str:
    """Only these query parameters matter to the answer."""
    return "key-order, params, except=({})".format(" ".join(f'"{each}"' for each in sorted(parameters)))


def read_no_vary_search(value: str) -> frozenset[str]:
    """The query parameters that matter."""
    found = _EXCEPT.search(value)
    return frozenset(each.strip('"') for each in found[1].split()) if found else frozenset()


def _whole(life: timedelta) -> int:
    return max(0, int(life.total_seconds()))
