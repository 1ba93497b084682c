"""What a rung amounts to, where it is more than a word to somebody."""

from collections.abc import Mapping

from casework.case import Case
from casework.clocks import Clock
from casework.events import Kind
from casework.life_cycle import OWNABLE
from casework.states import State
from catalog.policy import Action

DOING: Mapping[Action, Kind] = {
    Action.ASK_CITIZEN: Kind.ASKED,
    Action.CLOSE_UNRATED: Kind.CLOSED,
    Action.RESUME: Kind.RESUMED,
}


def rung_kind(case: Case, clock: Clock, action: Action) -> Kind:
    """The kind of event that a rung of this clock becomes now.

    A ladder's end opens an ownership, once; the end of an owner's own ladder brings it to the tier above, once a tier.
    A clock that was met after the rung's instant orders nothing: it is told of.
    """
    if action is not Action.OWN or clock.met_at is not None:
        return DOING.get(action, Kind.RUNG)
    if case.ownership is None:
        ownable = case.stage in OWNABLE and case.unit is not None and case.merged_into is None and not case.heard
        return Kind.OWNED if ownable else Kind.RUNG
    rises = (
        clock.of == case.ownership.call_id.rpartition("-")[2]
        and not case.ownership.at.top
        and case.ownership.state is not State.AWAITING_APPROVAL
    )
    return Kind.ROSE if rises else Kind.RUNG
