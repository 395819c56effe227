"""Fingerprints by which a changed item is told from an unchanged one."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def digest_of(parts: Any) -> str:
    """SHA-256 of plain data, the same for the same data whatever the order of its keys."""
    return hashlib.sha256(
        json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode(
            "utf-8", "surrogatepass"
        )
    ).hexdigest()


def without_ids(value: Any) -> Any:
    """Raw blocks without the ids that mean nothing."""
    if isinstance(value, dict):
        return {k: without_ids(v) for k, v in value.items() if k != "id"}
    if isinstance(value, list):
        return [without_ids(each) for each in value]
    return value
