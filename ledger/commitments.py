"""Salted commitments: an event's data says what was sealed with it, in a way that only the case's key can test.

The salt is derived from the case's own key. Whoever drops the key drops the salt: then nobody can test a guess, and the
chain, which covers the commitments, stays whole.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

COMMITMENTS = "commitments"
"""Under this name an event's data holds them, by the vault's field."""

SHOWN = "shown"
"""The name of the commitment to the text that is shown, masked (`cases.text`): no event holds the text itself."""


def commitment(key: bytes, field: str, value: str) -> str:
    """HMAC-SHA256 over the field's name and its whole value, hexadecimal."""
    salt = hmac.new(key, b"commitment", hashlib.sha256).digest()
    return hmac.new(salt, f"{field}\x1f{value}".encode(), hashlib.sha256).hexdigest()


def with_commitments(data: Mapping[str, Any], commitments: Mapping[str, str]) -> dict[str, Any]:
    """An event's data that commits to what was sealed with it."""
    return {**data, COMMITMENTS: dict(commitments)} if commitments else dict(data)
