"""Cases: received, moved on by admitted acts, read back. One transaction each, under the case's row lock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from casework.admission import admit
from casework.case import Case
from casework.charging import interrupted
from casework.effects import effects
from casework.events import SYSTEM, Act, Event, Kind
from casework.evolve import evolve, fold
from casework.owing import Effect
from casework.strands import MAIN, strands
from ledger.calling import call, called, child_id
from ledger.chain import event_of, event_row
from ledger.choices import chosen
from ledger.database import Database
from ledger.erasing import erase
from ledger.errors import ClaimLost, DeliveryReused, NoSuchCase
from ledger.folding import Loaded, load
from ledger.outages import unnoted
from ledger.policies import Policies
from ledger.precedents import remembered
from ledger.projecting import delivery_rows, project, project_children
from ledger.receiving import NewRequest, known_cases, open_cases
from ledger.sealing import sealed
from ledger.tables import CaseRow, ChildRow, InboxRow
from ledger.vault import Vault

__all__ = ["Cases", "Inbound", "NewRequest"]


@dataclass(frozen=True, slots=True)
class Inbound:
    """The identity of a department's delivery: the same id is accepted once, and only with the same body."""

    district: str
    unit: str
    delivery_id: str
    body_hash: str


class Cases:
    """The register of cases."""

    def __init__(self, database: Database, vault: Vault, policies: Policies) -> None:
        self._database, self._vault, self._policies = database, vault, policies

    async def receive(self, new: NewRequest, at: datetime) -> tuple[str, bool]:
        """Open a case. Answers its number, and whether it is new: the same channel's `external_id` opens one case."""
        try:
            async with self._database.write() as session:
                return await self._receive(session, new, at)
        except IntegrityError:  # the same external_id came at the same moment, and was first
            async with self._database.read() as session:
                known = await self._known(session, new)
                if known is None:
                    raise
                return known, False

    async def _receive(self, session: AsyncSession, new: NewRequest, at: datetime) -> tuple[str, bool]:
        known = await self._known(session, new)
        if known is not None:
            return known, False
        (case_no,) = await open_cases(session, self._vault, self._policies, [new], at)
        return case_no, True

    async def _known(self, session: AsyncSession, new: NewRequest) -> str | None:
        if new.external_id is None:
            return None
        known = await known_cases(session, self._vault, new.district, new.channel, [new.external_id])
        return known.get(new.external_id)

    async def record(
        self,
        case_no: str,
        act: Act,
        *,
        epoch: int | None = None,
        child: str | None = None,
        inbound: Inbound | None = None,
    ) -> tuple[Case, bool]:
        """Admit an act and append it with the messages it owes; answers the case and whether it was new.

        Rung are the strands that must look again (`ledger.calling`), and the open cases that are merged into this one.
        A run names its claim's `epoch`; the run of a part or an ownership also its `child` id, whose claim it is.
        Raises `NoSuchCase`, `ClaimLost`, `DeliveryReused`, and casework's `Refused`: nothing has changed then.
        """
        try:
            return await self._record(case_no, act, epoch, child, inbound)
        except IntegrityError:  # the same delivery id came at the same moment for another case, and was first
            async with self._database.read() as session:
                if inbound is None or not await self._repeated(session, inbound):
                    raise
            return (await self.load(case_no)).case, False

    async def _record(
        self, case_no: str, act: Act, epoch: int | None, child: str | None, inbound: Inbound | None
    ) -> tuple[Case, bool]:
        now = await self._database.now()
        async with self._database.write() as session:
            loaded, followers = await self._locked(session, case_no)
            if inbound is not None and await self._repeated(session, inbound):
                return loaded.case, False
            children = await self._children(session, loaded.case)
            _fence(loaded.row, children, epoch, child)
            before, own = loaded.case, _own(case_no, epoch, child)
            loaded = await self._noted(session, loaded, now)
            loaded, owed = await self._append(session, loaded, act, now)
            session.add_all(project_children(children, loaded.case, now))
            if act.kind is not Kind.FORGOTTEN:  # which leaves nothing to be done
                looking = called(before, act.kind, {effect.strand for effect in owed}, loaded.case, own)
                _ring(loaded.row, children, looking, now)
            for follower in followers:
                call(follower, now)
            if inbound is not None:
                session.add(InboxRow(**_fields(inbound), case_no=case_no, at=now))
            return loaded.case, True

    async def _noted(self, session: AsyncSession, loaded: Loaded, now: datetime) -> Loaded:
        """The case with the outages on record that it has lived through since its last event."""
        for away in await unnoted(session, loaded, now):
            act = Act(Kind.INTERRUPTED, SYSTEM, away.until, {"since": away.since.isoformat()})
            loaded, _ = await self._append(session, loaded, act, now)
        return loaded

    async def _append(
        self, session: AsyncSession, loaded: Loaded, act: Act, now: datetime
    ) -> tuple[Loaded, Sequence[Effect]]:
        said, whole = await sealed(session, self._vault, loaded.case.case_no, loaded.case.seq + 1, act)
        event = admit(loaded.case, said, loaded.policy)
        case = await self._evolved(session, loaded, event)
        stored = event_row(case.case_no, event, loaded.row.head, now)
        session.add(stored)
        loaded.row.head = stored.hash
        project(loaded.row, case)
        owed = effects(loaded.case, event, case)
        session.add_all(delivery_rows(case.case_no, owed, event.seq, now))
        session.add_all([*remembered(event, case), *chosen(event, loaded.case, case)])
        await self._vault.put(session, case.case_no, whole)
        if event.kind is Kind.FORGOTTEN:
            await erase(session, self._vault, loaded.row)
        return replace(loaded, case=case, events=(*loaded.events, stored)), owed

    async def _evolved(self, session: AsyncSession, loaded: Loaded, event: Event) -> Case:
        version = event.data.get("policy_version")
        policy = await self._policies.get(session, version) if version else loaded.policy
        if event.kind is Kind.PINNED:  # a case has been under the policy it pins from receipt
            return fold(loaded.case.case_no, [*map(event_of, loaded.events), event], policy)
        return evolve(loaded.case, event, policy, loaded.policy)

    async def _repeated(self, session: AsyncSession, inbound: Inbound) -> bool:
        known = await session.get(InboxRow, (inbound.district, inbound.unit, inbound.delivery_id))
        if known is not None and known.body_hash != inbound.body_hash:
            raise DeliveryReused(f"delivery {inbound.delivery_id} came before with another body: use a new webhook-id")
        return known is not None

    async def load(self, case_no: str) -> Loaded:
        """The case as it stands, outages that its next event will note included. Raises `NoSuchCase`."""
        async with self._database.read() as session:
            loaded = await load(session, self._policies, await session.get(CaseRow, case_no), case_no)
            away = await unnoted(session, loaded, await self._database.now(session))
            return replace(loaded, case=reduce(interrupted, away, loaded.case))

    async def row(self, case_no: str) -> CaseRow:
        """The case's row alone: also of a case whose events cannot be folded. Raises `NoSuchCase`."""
        async with self._database.read() as session:
            row = await session.get(CaseRow, case_no)
            if row is None:
                raise NoSuchCase(case_no)
            return row

    async def words(self, case_no: str) -> dict[str, str]:
        """The citizen's own text and place, for whoever handles the case now."""
        async with self._database.read() as session:
            row = await session.get(CaseRow, case_no)
            if row is None:
                raise NoSuchCase(case_no)
            return {"text": row.text, "place": "", **await self._vault.take(session, case_no, "text", "place")}

    async def _locked(self, session: AsyncSession, case_no: str) -> tuple[Loaded, list[CaseRow]]:
        """The case, and the rows of the open ones that are merged into it: locked in the order in which all are."""
        follows = and_(CaseRow.merged_into == case_no, CaseRow.closed_at.is_(None))
        wanted = select(CaseRow).where(or_(CaseRow.case_no == case_no, follows))
        rows = list(await session.scalars(wanted.order_by(CaseRow.case_no).with_for_update()))
        row = next((row for row in rows if row.case_no == case_no), None)
        return await load(session, self._policies, row, case_no), [other for other in rows if other is not row]

    async def _children(self, session: AsyncSession, case: Case) -> dict[str, ChildRow]:
        """By strand, locked; most cases have none."""
        if not strands(case):
            return {}
        wanted = select(ChildRow).where(ChildRow.case_no == case.case_no).order_by(ChildRow.child_id)
        return {row.strand: row for row in await session.scalars(wanted.with_for_update())}


def _fence(row: CaseRow, children: Mapping[str, ChildRow], epoch: int | None, child: str | None) -> None:
    """Only who holds the claim writes: the case's, or the child's own. Raises `ClaimLost`."""
    held = row if child is None else next((one for one in children.values() if one.child_id == child), None)
    if epoch is not None and (held is None or held.lease_epoch != epoch):
        raise ClaimLost(child or row.case_no)


def _own(case_no: str, epoch: int | None, child: str | None) -> str | None:
    """The strand whose run acts; None where somebody outside does."""
    if epoch is None:
        return None
    return child.removeprefix(child_id(case_no, "")) if child else MAIN


def _ring(row: CaseRow, children: Mapping[str, ChildRow], strands: Collection[str], now: datetime) -> None:
    """New children ring from the start."""
    if MAIN in strands:
        call(row, now)
    for name, child in children.items():
        if name in strands:
            call(child, now)


def _fields(inbound: Inbound) -> dict[str, str]:
    return {
        "district": inbound.district,
        "unit": inbound.unit,
        "delivery_id": inbound.delivery_id,
        "body_hash": inbound.body_hash,
    }
