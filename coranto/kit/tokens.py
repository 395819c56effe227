"""Tokens of links that work once: the link holds the token, the database only its digest."""

from __future__ import annotations

import secrets
from hashlib import sha256


def new_token() -> str:
    """As nobody can guess it, in letters an address may hold."""
    return secrets.token_urlsafe(24)


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()
