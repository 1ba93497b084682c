"""What is sealed of one case against what its events committed to. Pure, but for the keys."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.fernet import InvalidToken

from casework.events import Kind
from catalog.texts import text
from ledger.commitments import COMMITMENTS, SHOWN, commitment
from ledger.erasing import ERASED
from ledger.secrets import Keyring
from ledger.tables import CaseRow, EventRow
from ledger.vault import CaseKey


@dataclass(frozen=True, slots=True)
class Sealed:
    """A case's key as it is wrapped, and its vault by field."""

    wrapped: bytes | None = None
    fields: dict[str, bytes] = field(default_factory=dict)


def sealed_faults(row: CaseRow, events: Sequence[EventRow], sealed: Sealed, keyring: Keyring) -> list[str]:
    """One sentence for each thing that is wrong. What an earlier release recorded commits to nothing."""
    if any(event.kind == Kind.FORGOTTEN for event in events):
        left = sealed.wrapped is not None or sealed.fields or row.text != ERASED
        return [text("verify.not_forgotten", case_no=row.case_no)] if left else []
    committed = _committed(events)
    if sealed.wrapped is None:
        return [text("verify.key_gone", case_no=row.case_no)] if committed or sealed.fields else []
    try:
        key = CaseKey(keyring.open_sealed(sealed.wrapped))
    except InvalidToken:
        return [text("verify.key_wrong", case_no=row.case_no)]
    return list(_differing(row, committed, sealed.fields, key))


def _committed(events: Sequence[EventRow]) -> dict[str, str]:
    """Every commitment of the case, by field."""
    found: dict[str, str] = {}
    for event in events:
        try:
            found |= json.loads(event.data).get(COMMITMENTS, {})
        except (ValueError, AttributeError, TypeError):  # the chain's own check tells of it
            continue
    return found


def _differing(row: CaseRow, committed: Mapping[str, str], fields: Mapping[str, bytes], key: CaseKey) -> Iterator[str]:
    for name, expected in committed.items():
        about = {"case_no": row.case_no, "field": name}
        if name != SHOWN and name not in fields:
            yield text("verify.sealed_gone", **about)
            continue
        try:
            value = row.text if name == SHOWN else key.open_sealed(fields[name])
        except InvalidToken:
            value = None
        if value is None or commitment(key.key, name, value) != expected:
            yield text("verify.shown_changed" if name == SHOWN else "verify.sealed_changed", **about)
    if SHOWN in committed:  # of a case that has been committed to from the beginning
        for name in sorted(fields.keys() - committed.keys()):
            yield text("verify.sealed_added", case_no=row.case_no, field=name)
