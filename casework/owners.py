"""Who owns a case at which tier, and who is told of a rung, by the district's file (分片包联)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from casework.beside import Ownership, Tier
from casework.case import Case
from casework.errors import BadAct, NotAllowed
from casework.events import Act, Kind
from catalog.districts import District, Leader
from catalog.policy import Action

UNIT, DISTRICT, HEAD, GROUP = "unit", "district", "head", "group"
RANK = {UNIT: 0, DISTRICT: 1, HEAD: 2, GROUP: 3}


def tiers(district: District, case: Case) -> tuple[Tier, ...]:
    """From the leader of the responsible unit up to the leading group; a tier that the district has nobody for is left
    out. The unit's own leader is reached through the unit, unless the file says otherwise.
    """
    unit = case.unit
    own = _linked(district, UNIT, unit, case.street)
    found = [Tier(UNIT, own.code if own else f"{unit}-leader", own.office if own else unit)] if unit else []
    for tier in (DISTRICT, HEAD, GROUP):
        leader = _linked(district, tier, unit, case.street)
        if leader is not None:
            found.append(Tier(tier, leader.code, leader.office))
    below = [tier for tier in found if tier.tier != GROUP]
    return tuple(replace(tier, top=tier is below[-1]) if below else tier for tier in found)


def with_owner(act: Act, district: District, case: Case) -> Act:
    """An act that opens or raises an ownership, with who is to own it and who is above. Any other rung of supervision,
    with whose leader is told.
    """
    found = tiers(district, case)
    if act.kind is Kind.ROSE and case.ownership is not None:
        return _with(act, _risen(found, case.ownership))
    if act.kind is Kind.OWNED:
        return _with(act, owned_at(found, _first(found, act, case)))
    if act.data.get("action") == Action.SUPERVISE and case.unit is not None and case.merged_into is None:
        leader = _told(district, case, act)
        return _with(act, {"tell": [{"owner": leader.owner, "office": leader.office}]} if leader else {})
    return act


def _told(district: District, case: Case, act: Act) -> Tier | None:
    """Whose supervision it is: over an owner the tier above, over a unit the leader who is in charge of it."""
    clock = next((clock for clock in case.clocks if clock.id == act.data["clock"]), None)
    if clock is not None and clock.of.startswith("O"):
        return case.ownership.above if case.ownership else None
    late = clock.holder.removeprefix("department:") if clock and clock.holder.startswith("department:") else case.unit
    found = (_linked(district, tier, late, case.street) for tier in (DISTRICT, HEAD))
    leader = next((leader for leader in found if leader is not None), None)
    return Tier(leader.tier, leader.code, leader.office) if leader else None


def owned_at(found: tuple[Tier, ...], n: int) -> Mapping[str, Any]:
    """The data of an ownership by the `n`-th tier: its owner, and who is above him (himself where nobody is)."""
    owner, above = found[n], found[min(n + 1, len(found) - 1)]
    return {**_tier(owner), "above": _tier(above)}


def _first(found: tuple[Tier, ...], act: Act, case: Case) -> int:
    """Where an ownership begins: at the tier that was ordered, with the highest after 销案, else with the lowest. The
    leading group only approves.
    """
    below = [tier.tier for tier in found if tier.tier != GROUP]
    if not below:
        raise NotAllowed(case.state, (), "nobody could own it: dispatch it first, or name leaders in the district file")
    wanted = act.data.get("tier")
    if wanted is not None and wanted not in below:
        raise BadAct("tier", f"must be one of {', '.join(below)}: the district file names nobody else")
    if act.data.get("trigger") == "hearing":
        return len(below) - 1
    return below.index(wanted) if wanted is not None else 0


def _risen(found: tuple[Tier, ...], one: Ownership) -> Mapping[str, Any]:
    """The next tier that the district's file knows; where it knows none any more, the one that was above before."""
    higher = [n for n, tier in enumerate(found) if tier.tier != GROUP and RANK[tier.tier] > RANK[one.at.tier]]
    if higher:
        return owned_at(found, higher[0])
    return {**_tier(replace(one.above, top=True)), "above": _tier(found[-1] if found else one.above)}


def _tier(tier: Tier) -> dict[str, Any]:
    return {"tier": tier.tier, "owner": tier.owner, "office": tier.office, "top": tier.top}


def _with(act: Act, more: Mapping[str, Any]) -> Act:
    return replace(act, data={**act.data, **more})


def _linked(district: District, tier: str, unit: str | None, street: str | None) -> Leader | None:
    """The leader of a tier who is linked to the unit, else to the street, else the first; of a unit only its own."""
    leaders = [leader for leader in district.leaders if leader.tier == tier]
    of_the_unit = next((leader for leader in leaders if unit in leader.units), None)
    if of_the_unit is not None or tier == UNIT:
        return of_the_unit
    return next((leader for leader in leaders if street in leader.streets), leaders[0] if leaders else None)
