"""A form that is sent twice by an impatient finger counts once: each carries a word of its own."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from ledger.cases import Inbound

FIELD = "once"


def new_once() -> str:
    return secrets.token_urlsafe(12)


def inbound(district: str, sender: str, action: str, fields: Mapping[str, Any]) -> Inbound | None:
    """The identity of a posted form, as a webhook has one; None where none was sent, as by a program."""
    once = fields.get(FIELD)
    if not isinstance(once, str) or not 8 <= len(once) <= 64:
        return None
    said = json.dumps({name: str(value) for name, value in fields.items()}, sort_keys=True)
    return Inbound(district, sender, f"page:{action}:{once}", hashlib.sha256(said.encode()).hexdigest())
