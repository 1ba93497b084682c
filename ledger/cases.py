"""Cases: received, moved on by admitted acts, read back. One transaction each, under the case's row lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from casework.admission import admit
from casework.case import Case
from casework.effects import Effect, effects
from casework.events import CITIZEN, Act, Event, Kind
from casework.evolve import begin, evolve, fold
from casework.privacy import mask
from casework.waiting import awaited_clock
from catalog.policy import Grade, Policy
from catalog.working_time import SHANGHAI
from ledger.chain import GENESIS, event_of, event_row
from ledger.counters import next_value
from ledger.database import Database
from ledger.errors import ClaimLost, DeliveryReused, NoSuchCase
from ledger.policies import Policies
from ledger.tables import CaseRow, DeliveryRow, EventRow, InboxRow
from ledger.vault import Vault

# Fields of an event in which people write freely: kept masked, whole only in the vault.
WORDS = frozenset(
    {"feedback", "note", "reason", "result", "comment", "handler", "responsible_person", "appointment", "addressee"}
)


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


@dataclass(frozen=True, slots=True)
class Inbound:
    """The identity of a department's delivery: the same id is accepted once, and only with the same body."""

    district: str
    unit: str
    delivery_id: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case with the policy it lives under and its row."""

    case: Case
    policy: Policy
    row: CaseRow
    events: tuple[EventRow, ...]


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
        version = await self._policies.latest(session, new.district)
        policy = await self._policies.get(session, version)
        day = at.astimezone(SHANGHAI).strftime("%Y%m%d")
        case_no = f"{new.number_prefix}{day}{await next_value(session, f'{new.district}:{day}'):05d}"
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
        said, original = _masked(Act(Kind.RECEIVED, CITIZEN, at, data))
        event = Event(1, Kind.RECEIVED, CITIZEN, at, said.data)
        case = begin(case_no, event, policy)
        masked = mask(new.text)
        row = CaseRow(
            case_no=case_no,
            district=new.district,
            channel=new.channel,
            external_id=new.external_id,
            property=new.property,
            text=masked.text,
            received_at=at,
            policy_version=version,
            catalogue_version=new.catalogue_version,
            alarm_at=at,
        )
        project(row, case)
        stored = event_row(case_no, event, GENESIS, at)
        row.head = stored.hash
        session.add(row)
        await session.flush()
        session.add(stored)
        session.add_all(_deliveries(case_no, effects(None, event, case), event.seq, at))
        whole = {"text": new.text if masked.found else "", **_by_event(1, original)}
        await self._vault.put(session, case_no, {**new.sealed, **whole})
        return case_no, True

    async def _known(self, session: AsyncSession, new: NewRequest) -> str | None:
        if new.external_id is None:
            return None
        same = (
            CaseRow.district == new.district,
            CaseRow.channel == new.channel,
            CaseRow.external_id == new.external_id,
        )
        found: str | None = await session.scalar(select(CaseRow.case_no).where(*same))
        return found

    async def record(
        self, case_no: str, act: Act, *, epoch: int | None = None, inbound: Inbound | None = None
    ) -> tuple[Case, bool]:
        """Admit an act and append it with the messages it owes; answers the case and whether it was new.

        From outside (`epoch` None) it also rings the case's alarm. A run names its claim's `epoch`.
        Raises `NoSuchCase`, `ClaimLost`, `DeliveryReused`, and casework's `Refused`: nothing has changed then.
        """
        try:
            return await self._record(case_no, act, epoch, inbound)
        except IntegrityError:  # the same delivery id came at the same moment for another case, and was first
            async with self._database.read() as session:
                if inbound is None or not await self._repeated(session, inbound):
                    raise
            return (await self.load(case_no)).case, False

    async def _record(self, case_no: str, act: Act, epoch: int | None, inbound: Inbound | None) -> tuple[Case, bool]:
        now = await self._database.now()
        async with self._database.write() as session:
            loaded = await self._locked(session, case_no)
            if inbound is not None and await self._repeated(session, inbound):
                return loaded.case, False
            if epoch is not None and loaded.row.lease_epoch != epoch:
                raise ClaimLost(case_no)
            case = await self._append(session, loaded, act, now)
            if epoch is None:
                loaded.row.alarm_at = now
            if inbound is not None:
                session.add(InboxRow(**_fields(inbound), case_no=case_no, at=now))
            return case, True

    async def _append(self, session: AsyncSession, loaded: Loaded, act: Act, now: datetime) -> Case:
        masked, original = _masked(act)
        event = admit(loaded.case, masked, loaded.policy)
        case = evolve(loaded.case, event, loaded.policy)
        if case.policy_version != loaded.row.policy_version:  # a case has been under the policy it pins from receipt
            policy = await self._policies.get(session, str(case.policy_version))
            case = fold(case.case_no, [*map(event_of, loaded.events), event], policy)
        stored = event_row(case.case_no, event, loaded.row.head, now)
        session.add(stored)
        loaded.row.head = stored.hash
        project(loaded.row, case)
        session.add_all(_deliveries(case.case_no, effects(loaded.case, event, case), event.seq, now))
        await self._vault.put(session, case.case_no, _by_event(event.seq, original))
        return case

    async def _repeated(self, session: AsyncSession, inbound: Inbound) -> bool:
        known = await session.get(InboxRow, (inbound.district, inbound.unit, inbound.delivery_id))
        if known is not None and known.body_hash != inbound.body_hash:
            raise DeliveryReused(f"delivery {inbound.delivery_id} came before with another body: use a new webhook-id")
        return known is not None

    async def load(self, case_no: str) -> Loaded:
        """The case as it stands. Raises `NoSuchCase`."""
        async with self._database.read() as session:
            return await self._loaded(session, await session.get(CaseRow, case_no), case_no)

    async def words(self, case_no: str) -> dict[str, str]:
        """The citizen's own text and place, for whoever handles the case now."""
        async with self._database.read() as session:
            row = await session.get(CaseRow, case_no)
            if row is None:
                raise NoSuchCase(case_no)
            return {"text": row.text, "place": "", **await self._vault.take(session, case_no, "text", "place")}

    async def _locked(self, session: AsyncSession, case_no: str) -> Loaded:
        row = await session.get(CaseRow, case_no, with_for_update=True)
        return await self._loaded(session, row, case_no)

    async def _loaded(self, session: AsyncSession, row: CaseRow | None, case_no: str) -> Loaded:
        if row is None:
            raise NoSuchCase(case_no)
        policy = await self._policies.get(session, row.policy_version)
        rows = tuple(await session.scalars(select(EventRow).where(EventRow.case_no == case_no).order_by(EventRow.seq)))
        return Loaded(fold(case_no, map(event_of, rows), policy), policy, row, rows)


def _masked(act: Act) -> tuple[Act, dict[str, str]]:
    """The act with personal data masked in its free words, and the words that were changed, whole."""
    kept, original = dict(act.data), {}
    for name in WORDS & kept.keys():
        if isinstance(kept[name], str):
            masked = mask(kept[name])
            if masked.found:
                original[name], kept[name] = kept[name], masked.text
    return replace(act, data=kept), original


def _by_event(seq: int, words: Mapping[str, str]) -> dict[str, str]:
    """Under which fields the vault keeps the words of an event."""
    return {f"{seq}.{name}": whole for name, whole in words.items()}


def project(row: CaseRow, case: Case) -> None:
    """What lists are read by, from the case."""
    row.seq, row.state, row.grade = case.seq, str(case.state), case.grade.value
    row.outcome = str(case.outcome) if case.outcome else None
    row.item, row.unit = case.item, case.unit
    row.closed_at = case.closed_at
    awaited = awaited_clock(case)
    row.next_due_at = awaited.due_at if awaited else None
    row.policy_version = case.policy_version or row.policy_version
    row.catalogue_version = case.catalogue_version or row.catalogue_version


def _deliveries(case_no: str, owed: Sequence[Effect], seq: int, at: datetime) -> list[DeliveryRow]:
    return [
        DeliveryRow(
            key=effect.key,
            case_no=case_no,
            case_seq=seq,
            n=n,
            door=str(effect.door),
            addressee=effect.addressee,
            type=effect.type,
            task_id=effect.task_id,
            data=dict(effect.data),
            state="pending",
            next_try_at=at,
            created_at=at,
        )
        for n, effect in enumerate(owed)
    ]


def _fields(inbound: Inbound) -> dict[str, str]:
    return {
        "district": inbound.district,
        "unit": inbound.unit,
        "delivery_id": inbound.delivery_id,
        "body_hash": inbound.body_hash,
    }
