"""New cases as the rows that hold them. One at a time or many, what is written of each is the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from casework.effects import effects
from casework.events import CITIZEN, Act, Event, Kind
from casework.evolve import begin
from catalog.policy import Grade, Policy
from catalog.working_time import SHANGHAI
from ledger.chain import GENESIS, event_row
from ledger.counters import next_values
from ledger.policies import Policies
from ledger.projecting import delivery_rows, project
from ledger.sealing import sealed_request
from ledger.tables import Base, CaseRow
from ledger.vault import CaseKey, Vault


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request as the front desk or an import understood it. `sealed` goes to the vault alone."""

    district: str
    number_prefix: str
    channel: str
    text: str
    property: str
    grade: Grade
    catalogue_version: str
    has_phone: bool = False
    emergency: bool = False
    street: str | None = None
    community: str | None = None
    external_id: str | None = None
    sealed: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


async def open_cases(
    session: AsyncSession, vault: Vault, policies: Policies, requests: Sequence[NewRequest], at: datetime
) -> list[str]:
    """Open a case for each, all of one district, inside the caller's transaction; answers their numbers, in order."""
    if not requests:
        return []
    first = requests[0]
    version = await policies.latest(session, first.district)
    policy = await policies.get(session, version)
    day = at.astimezone(SHANGHAI).strftime("%Y%m%d")
    start = await next_values(session, f"{first.district}:{day}", len(requests))
    numbers = [f"{new.number_prefix}{day}{n:05d}" for n, new in enumerate(requests, start)]
    made = [_opened(vault, new, case_no, at, (version, policy)) for new, case_no in zip(requests, numbers, strict=True)]
    session.add_all(row for row, _ in made)
    await session.flush()
    session.add_all(chain.from_iterable(rest for _, rest in made))
    await session.flush()
    return numbers


async def known_cases(
    session: AsyncSession, vault: Vault, district: str, channel: str, external_ids: Sequence[str]
) -> dict[str, str]:
    """The case that each of the channel's own numbers has opened, where one has; also one that is forgotten since."""
    meant = {written: given for given in external_ids for written in (given, *vault.blinded(given))}
    wanted = select(CaseRow.external_id, CaseRow.case_no).where(
        CaseRow.district == district, CaseRow.channel == channel, CaseRow.external_id.in_(meant)
    )
    return {meant[written]: case_no for written, case_no in await session.execute(wanted) if written}


def _opened(
    vault: Vault, new: NewRequest, case_no: str, at: datetime, pinned: tuple[str, Policy]
) -> tuple[CaseRow, list[Base]]:
    """The case's row, and the rows that refer to it."""
    version, policy = pinned
    data = {
        "district": new.district,
        "channel": new.channel,
        "property": new.property,
        "grade": new.grade.value,
        "has_phone": new.has_phone,
        "emergency": new.emergency,
        "street": new.street,
        "community": new.community,
        "policy_version": version,
        "catalogue_version": new.catalogue_version,
        **new.more,
    }
    key = CaseKey.new()
    said, shown, whole = sealed_request(Act(Kind.RECEIVED, CITIZEN, at, data), new.text, new.sealed, key)
    event = Event(1, Kind.RECEIVED, CITIZEN, at, said.data)
    case = begin(case_no, event, policy)
    row = CaseRow(
        case_no=case_no,
        district=new.district,
        channel=new.channel,
        external_id=new.external_id,
        property=new.property,
        text=shown,
        received_at=at,
        policy_version=version,
        catalogue_version=new.catalogue_version,
        alarm_at=at,
    )
    project(row, case)
    stored = event_row(case_no, event, GENESIS, at)
    row.head = stored.hash
    owed = delivery_rows(case_no, effects(None, event, case), event.seq, at)
    return row, [stored, *owed, *vault.rows(case_no, key, whole)]
