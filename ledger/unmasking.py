"""Opening personal data for a person: never without a line that says who looked, at what, when."""

from datetime import datetime

from ledger.ledger import Ledger
from ledger.vault import unmasking


async def unmask(ledger: Ledger, case_no: str, fields: tuple[str, ...], actor: str, at: datetime) -> dict[str, str]:
    """Those of the fields that the vault has, opened; each opening is logged in the same transaction."""
    async with ledger.database.write() as session:
        opened = await ledger.vault.take(session, case_no, *fields)
        session.add_all(unmasking(case_no, field, actor, at) for field in opened)
    return opened
