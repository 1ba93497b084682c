"""An act as it may be recorded: its words masked, what was masked committed to, and the whole of it for the vault."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from casework.events import Act
from casework.given import Given
from casework.privacy import mask
from ledger.commitments import SHOWN, with_commitments
from ledger.vault import CaseKey, Vault
from ledger.words import by_event, has_words, masked

FIRST = 1


async def sealed(session: AsyncSession, vault: Vault, case_no: str, seq: int, act: Act) -> tuple[Act, dict[str, str]]:
    """The act at its place in its case, and the fields that `Vault.put` is to keep of it."""
    if not has_words(act):
        return act, {}
    said, original = masked(act, await vault.given(session, case_no))
    whole = by_event(seq, original)
    if not whole:
        return said, {}
    key = await vault.key_or_new(session, case_no)
    return replace(said, data=with_commitments(said.data, key.commit(whole))), whole


def sealed_request(act: Act, text: str, personal: Mapping[str, str], key: CaseKey) -> tuple[Act, str, dict[str, str]]:
    """A request's first act, which commits to all the rest; its text as it is shown; and the vault's fields."""
    given = Given.of(personal)
    said, original = masked(act, given)
    shown = mask(text, given)
    whole = {**personal, "text": text if shown.found else "", **by_event(FIRST, original)}
    committed = key.commit({**whole, SHOWN: shown.text})
    return replace(said, data=with_commitments(said.data, committed)), shown.text, whole
