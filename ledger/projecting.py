"""What the tables say of a case beside its events: the row that lists are read by, and the messages that it owes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from casework.case import Case
from casework.owing import Effect
from casework.strands import Strand, awaited_of, clocks_of, strands
from casework.waiting import awaited_clock
from ledger.calling import child_id
from ledger.tables import CaseRow, ChildRow, DeliveryRow


def project(row: CaseRow, case: Case) -> None:
    """What lists are read by, from the case."""
    row.seq, row.state, row.grade = case.seq, str(case.state), case.grade.value
    row.outcome = str(case.outcome) if case.outcome else None
    row.item, row.unit = case.item, case.unit
    row.closed_at = case.closed_at
    awaited = awaited_clock(case)
    row.next_due_at = awaited.due_at if awaited else None
    row.rung_at = next_rung_at(case)
    row.policy_version = case.policy_version or row.policy_version
    row.catalogue_version = case.catalogue_version or row.catalogue_version
    row.merged_into = case.merged_into
    row.suspect = case.suspects[0]["case_no"] if case.suspects else None


def project_children(rows: Mapping[str, ChildRow], case: Case, at: datetime) -> list[ChildRow]:
    """The same for its parts and ownerships, whose `rows` are by strand; answers the new ones, whose alarm rings."""
    new = []
    for strand in strands(case):
        row = rows.get(strand.name)
        if row is None:
            row = _child(case, strand, at)
            new.append(row)
        row.grade, row.unit, row.role, row.state = case.grade.value, strand.unit, str(strand.role), str(strand.state)
        awaited = awaited_of(case, strand)
        row.next_due_at = awaited.due_at if awaited else None
        row.rung_at = next_rung_at(case, strand.name)
        row.ended_at = (row.ended_at or at) if strand.over else None
    return new


def _child(case: Case, strand: Strand, at: datetime) -> ChildRow:
    return ChildRow(
        child_id=child_id(case.case_no, strand.name),
        case_no=case.case_no,
        strand=strand.name,
        flow=strand.flow,
        district=case.district,
        opened_at=at,
        alarm_at=at,
        calls=0,
    )


def delivery_rows(case_no: str, owed: Sequence[Effect], seq: int, at: datetime) -> list[DeliveryRow]:
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
            strand=effect.strand,
            data=dict(effect.data),
            state="pending",
            next_try_at=at,
            due_at=effect.due_at,
            created_at=at,
        )
        for n, effect in enumerate(owed)
    ]


def next_rung_at(case: Case, strand: str | None = None) -> datetime | None:
    """When the next rung of any clock is due, or of a strand's own clocks; None for a case at its end."""
    clocks = case.clocks if strand is None else clocks_of(case, strand)
    rungs = (clock.next_rung_at() for clock in clocks) if case.open else ()
    return min((at for at in rungs if at is not None), default=None)
