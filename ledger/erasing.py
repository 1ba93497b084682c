"""What goes from a case's rows when its people are forgotten, in the transaction of the event that says so."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from ledger.tables import CaseRow, InboxRow
from ledger.vault import Vault

ERASED = ""
"""The text of a case whose people have been forgotten; no request comes without a text."""


async def erase(session: AsyncSession, vault: Vault, row: CaseRow) -> None:
    """The vault's fields and key, the masked text, the number by which the channel knows the person, and what tests a
    guess at words: the plain hashes of the bodies that were taken.

    The channel's number stays recognisable to this ledger alone, so that an old batch opens no case twice.
    """
    await vault.empty(session, row.case_no)
    await session.execute(delete(InboxRow).where(InboxRow.case_no == row.case_no))
    row.text = ERASED
    row.external_id = vault.blinded(row.external_id)[0] if row.external_id else None
