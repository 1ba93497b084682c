"""What an act names must be there: units of the district, below the one that passes its work on, not the one that the
request is about.
"""

from collections.abc import Iterator
from dataclasses import replace

from casework.case import Case
from casework.delegating import delegating_unit
from casework.errors import BadAct, NotAllowed
from casework.events import Act, Kind, Role
from catalog.districts import District

DISPATCHER = "dispatcher"
NAMING = {
    Kind.ASSIGNED: ("unit",),
    Kind.RULED: ("unit",),
    Kind.DECLINED: ("proposed_unit",),
    Kind.DELEGATED: ("to",),
    Kind.WHISTLED: ("units", "lead"),
}
"""The fields in which an act names units that are to have the matter."""


def checked(act: Act, district: District, case: Case) -> Act:
    """The act, where whoever it names may have the matter; a whistle call with who calls. Raises `BadAct`."""
    for field, code in _named(act):
        if not district.has_unit(code):
            raise BadAct(field, f"there is no unit {code}: see GET /api/units")
        if code in case.recused:
            raise BadAct(field, f"the request is about {code} (回避): name another unit")
    if act.kind is Kind.DELEGATED:
        _below(act, district, case)
    if act.kind is Kind.WHISTLED:
        return replace(act, data={**act.data, "caller": caller(act)})
    return act


def caller(act: Act) -> str:
    """Who calls: the unit, or the dispatcher's desk."""
    return act.actor.name if act.actor.role is Role.UNIT else str(act.data.get("caller") or DISPATCHER)


def _named(act: Act) -> Iterator[tuple[str, str]]:
    for field in NAMING.get(act.kind, ()):
        said = act.data[field]
        yield from ((field, code) for code in ([said] if isinstance(said, str) else said))


def _below(act: Act, district: District, case: Case) -> None:
    """Below the unit that speaks; by staff, below the one that has the work. Raises `BadAct`."""
    giver = act.actor.name if act.actor.role is Role.UNIT else delegating_unit(case)
    if giver is None or not district.has_unit(giver):
        raise NotAllowed(case.state, (), "no unit has the work: dispatch it first")
    below = [unit.code for unit in district.subordinates(giver)]
    if act.data["to"] not in below:
        raise BadAct("to", f"must be a unit directly under {giver}: {', '.join(below) or 'it has none'}")
