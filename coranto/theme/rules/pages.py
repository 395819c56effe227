"""What is written into pages for programs: addresses that change with their content, data."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# JSON may write any character as an escape. With these no parser of HTML can see the end of the element, or
# the beginning of a comment, inside it; the last two end lines in older readers of JSON.
_UNSAFE_IN_HTML: Final = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def json_for_html(data: Mapping[str, Any]) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE_IN_HTML)
