"""Who has a say in a case, and what a unit may say of its work now: what webhooks, pages and staff are asked alike."""

from collections.abc import Iterator

from casework.case import Case, Task
from casework.errors import NotAllowed
from casework.events import Act, Actor, Kind, Role
from casework.life_cycle import (
    OF_A_PART,
    OF_AN_OWNERSHIP,
    OF_THE_REQUEST,
    Transition,
    ownership_transitions,
    part_transitions,
    transitions,
)
from casework.messages import MESSAGES
from casework.speaking import OF_THE_CALLER, task_spoken_for
from casework.states import State
from casework.whistling import missing
from catalog.districts import District

CALLING = frozenset({"street", "community"})


def involved(case: Case) -> frozenset[str]:
    """The units that have or had a piece of work in it, the offices of its owners among them, or have called others."""
    return frozenset({task.unit for task in case.tasks} | {call.caller for call in case.whistles})


def at_work(case: Case) -> frozenset[str]:
    """The units whose matter it is now: the handler, who passed the work on, called units, callers, owners."""
    delegator = case.given(case.delegator)
    own = {case.unit, delegator.unit if delegator else None}
    called = {part.unit for call in case.whistles for part in case.parts(call.call_id)}
    offices = {one.at.office for one in case.ownerships} | {one.above.office for one in case.ownerships if one.approver}
    return frozenset({*called, *offices, *(call.caller for call in case.whistles), *own} - {None})  # type: ignore[arg-type]


def may_whistle(district: District | None, case: Case, unit: str) -> bool:
    """Whether the unit may call others to it: a street or community in whose place it is or that has work in it, and
    the office of the leader who owns it, until he has asked for 销案.
    """
    if district is None or not district.has_unit(unit) or unit in case.recused:
        return False
    one = case.ownership
    if one is not None and one.at.office == unit and one.state is not State.AWAITING_APPROVAL:
        return True
    return district.unit(unit).kind in CALLING and (
        unit in {task.unit for task in case.tasks} or not _over(district, case).isdisjoint(_upwards(district, unit))
    )


def _over(district: District, case: Case) -> frozenset[str]:
    """The offices of the street and the community that the case is in."""
    street, community = district.roles.get("street_office"), district.roles.get("community")
    found = {
        street.streets.get(case.street or "") if street else None,
        community.communities.get(case.community or "") if community else None,
    }
    return frozenset(code for code in found if code is not None)


def _upwards(district: District, unit: str) -> Iterator[str]:
    """The unit and all that stand above it."""
    code: str | None = unit
    while code is not None:
        yield code
        code = district.unit(code).parent


def sayable(case: Case, unit: str, task_id: str | None = None, district: District | None = None) -> tuple[str, ...]:
    """The messages that the unit may send now about this piece of work, its last one where none is named; in the order
    of CONTRACT. With the `district`, whether it may call others is among them.
    """
    if task_id is None:
        task_id = next((task.task_id for task in reversed(case.tasks) if task.unit == unit), None)
    return tuple(str(kind) for kind in MESSAGES if _may_say(case, unit, kind, task_id, district))


def _may_say(case: Case, unit: str, kind: Kind, task_id: str | None, district: District | None) -> bool:
    if kind is Kind.WHISTLED:
        return may_whistle(district, case, unit) and _fits(case, kind, None)
    if kind in OF_THE_CALLER and case.whistle is None:
        return False
    try:
        task = task_spoken_for(case, Act(kind, Actor(Role.UNIT, unit), case.received_at, {"task_id": task_id}))
    except NotAllowed:
        return False
    return _fits(case, kind, task) and _in_time(case, kind)


def _fits(case: Case, kind: Kind, task: Task | None) -> bool:
    """Whether every table that knows the message has a row for it, as in `casework.admission`."""
    tables: list[tuple[Transition, ...]] = []
    if kind in OF_THE_REQUEST:
        tables.append(transitions(case, kind))
    if kind in OF_A_PART and task is not None:
        tables.append(part_transitions(case, task, kind))
    if kind in OF_AN_OWNERSHIP:
        tables.append(ownership_transitions(case, kind))
    return bool(tables) and all(any(Role.UNIT in row.who for row in rows) for rows in tables)


def _in_time(case: Case, kind: Kind) -> bool:
    """What the tables cannot say, of the messages whose time depends on others."""
    call, task = case.whistle, case.task
    match kind:
        case Kind.JOINT_RESULT:
            return call is not None and not missing(case, call)
        case Kind.SIGNED_OFF:
            return call is not None and call.filed_at is not None
        case Kind.DECLINED:
            return not case.ruled and call is None and case.delegator is None
        case Kind.COMPLETED:
            done = task is not None and task.completed_at is not None and case.stage is not State.AWAITING_RECHECK
            return call is None and not done
        case _:
            return True
