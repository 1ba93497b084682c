"""A case from its rows: its events folded under the policies that they name."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from casework.case import Case
from casework.evolve import fold, policy_versions
from catalog.policy import Policy
from ledger.chain import event_of
from ledger.errors import NoSuchCase
from ledger.policies import Policies
from ledger.tables import CaseRow, EventRow


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case with the policy it lives under now, and its rows."""

    case: Case
    policy: Policy
    row: CaseRow
    events: tuple[EventRow, ...]


async def load(session: AsyncSession, policies: Policies, row: CaseRow | None, case_no: str) -> Loaded:
    """The case of a row. Raises `NoSuchCase` where there is no row."""
    if row is None:
        raise NoSuchCase(case_no)
    rows = tuple(await session.scalars(select(EventRow).where(EventRow.case_no == case_no).order_by(EventRow.seq)))
    return await folded(session, policies, row, rows)


async def folded(session: AsyncSession, policies: Policies, row: CaseRow, rows: Sequence[EventRow]) -> Loaded:
    """Raises `UnknownPolicy` where a policy that an event names is not in the ledger."""
    events = tuple(map(event_of, rows))
    first, *moves = policy_versions(events)
    policy = await policies.get(session, first or row.policy_version)
    moved_to = {version: await policies.get(session, version) for version in moves}
    case = fold(row.case_no, events, policy, moved_to)
    return Loaded(case, moved_to[moves[-1]] if moves else policy, row, tuple(rows))
