"""What the running of the system does to a case: its policy, an outage, a quarantine, what is forgotten."""

from dataclasses import replace
from datetime import datetime

from casework.altering import SYSTEM
from casework.case import Case, Interruption
from casework.events import Event
from catalog.policy import Policy


def pinned(case: Case, event: Event, policy: Policy) -> Case:
    data = event.data
    return replace(
        case, policy_version=data["policy_version"], catalogue_version=data["catalogue_version"], pinned=True
    )


def policy_moved(case: Case, event: Event, policy: Policy) -> Case:
    """What this does to the clocks, `evolve` has done, which knows the policy that is left."""
    return replace(case, policy_version=event.data["policy_version"])


def quarantined(case: Case, event: Event, policy: Policy) -> Case:
    """Nobody but the system is charged while the case cannot be carried on."""
    return replace(case, quarantined=True, held=case.held.stood_in_by(SYSTEM))


def recovered(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, quarantined=False, held=case.held.stood_in_by(None))


def interrupted(case: Case, event: Event, policy: Policy) -> Case:
    """The account of holders has been kept by `evolve`: here the stretch is remembered, for the clocks' account."""
    away = Interruption(datetime.fromisoformat(event.data["since"]), event.at)
    return replace(case, interruptions=(*case.interruptions, away))


def forgotten(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, forgotten=True, has_phone=False)
