"""The headers by which an application tells a cache in front of it what to keep, for how long and under which tags.

`Surrogate-Control` and `Surrogate-Capability` are those of the Edge Architecture Specification (W3C note, 2001);
`stale-while-revalidate` and `stale-if-error` those of RFC 5861; `Surrogate-Key` is what caches that purge by tag agree
on; `No-Vary-Search` is the web's draft of the same name. Reading never fails: what is malformed says nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

CAPABILITY: Final = 'coranto="ESI/1.0"'
ESI: Final = "ESI/1.0"
# In `Cache-Control`: the answer is for one reader.
PERSONAL: Final = ("private", "no-store")
# What `Vary` may name of an answer many readers share.
SHARED_VARY: Final = frozenset({"accept-encoding", "coranto-entitlement"})
HEAVIEST: Final = 10_000  # of a variant; more would only be rounding

_DIRECTIVE = re.compile(r'\s*([a-z-]+)\s*(?:=\s*("[^"]*"|[^\s,;"]*))?\s*(?:[,;]|$)', re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,9}", re.ASCII)
_NONE_MATTERS = re.compile(r"(?:^|,)\s*params\s*(?:=\s*\?1\s*)?(?:,|$)")
_EXCEPT = re.compile(r"(?:^|,)\s*except=\(([^()]*)\)")
_NAME = re.compile(r'"([^"]*)"')
_VARIANT = re.compile(r"\s*(\d{1,9})\s*(?:;\s*w=(\d{1,9})\s*)?", re.ASCII)


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
    said = {name.lower(): given for name, given in _DIRECTIVE.findall(value)}
    life = _read_seconds(said.get("max-age"))
    if "no-store" in value.lower() or not life:
        return None
    return SurrogateControl(
        life=life,
        stale_while_revalidate=_read_seconds(said.get("stale-while-revalidate")),
        stale_if_error=_read_seconds(said.get("stale-if-error")),
        has_holes=ESI in said.get("content", ""),
    )


def has_holes(value: str) -> bool:
    """Whether this `Surrogate-Control` says that the body has holes, be it kept or not."""
    return any(name.lower() == "content" and ESI in given for name, given in _DIRECTIVE.findall(value))


def understands_esi(capability: str) -> bool:
    """Whether whoever sent this `Surrogate-Capability` puts fragments into pages itself."""
    return ESI in capability


def write_no_vary_search(parameters: tuple[str, ...]) -> str:
    """Only these query parameters matter to the answer."""
    return "key-order, params, except=({})".format(" ".join(f'"{each}"' for each in sorted(parameters)))


def read_no_vary_search(value: str) -> frozenset[str] | None:
    """The query parameters that matter; None where all may, since the header says nothing else."""
    if not _NONE_MATTERS.search(value):
        return None
    found = _EXCEPT.search(value)
    return frozenset(_NAME.findall(found[1])) if found else frozenset()


def write_variants(variants: list[tuple[int, int]]) -> str:
    """The lengths in bytes of the texts a body consists of, with their weights."""
    return ", ".join(f"{length};w={weight}" for length, weight in variants)


def read_variants(value: str, length: int) -> list[tuple[int, int]] | None:
    """Lengths and weights of the variants in a body of `length` bytes; None where they do not add up to it."""
    if not value:
        return []
    found = [_VARIANT.fullmatch(each) for each in value.split(",")]
    variants = [(int(each[1]), min(int(each[2] or 1), HEAVIEST)) for each in found if each is not None]
    if len(variants) != len(found) or sum(size for size, _weight in variants) != length:
        return None
    if not any(weight for _size, weight in variants):
        variants[0] = (variants[0][0], 1)
    return variants


def _read_seconds(value: str | None) -> timedelta:
    return timedelta(seconds=int(value)) if value and _SECONDS.fullmatch(value) else timedelta(0)


def _whole(life: timedelta) -> int:
    return max(0, int(life.total_seconds()))
