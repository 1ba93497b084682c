"""The work is done: what happens to the case then, whoever said so (the unit, the caller, the owner, who rechecks)."""

from dataclasses import replace
from datetime import datetime

from casework.altering import CITIZEN, SYSTEM, change_task, start, stop
from casework.case import Case
from casework.clocks import OF_THE_UNIT, ClockKind
from casework.disputing import kept
from casework.states import Outcome, State
from catalog.policy import Policy

OF_THE_WORK = (*OF_THE_UNIT, ClockKind.TRIAGE, ClockKind.PAUSE, ClockKind.RECHECK)


def answered(case: Case, at: datetime, policy: Policy) -> Case:
    """The citizen is asked. Not while an owner has the case, nor where the citizen has withdrawn.

    Whatever was asked about the work is settled by its being done: a dispute, and who looks at it again.
    """
    case = _passed(kept(stop(case, at, unmet=OF_THE_WORK), at), at)
    if case.ownership is not None:
        return replace(case, held=case.held.to(SYSTEM))
    if case.withdrawn:
        return replace(case, outcome=Outcome.WITHDRAWN)
    return replace(start(case, policy, ClockKind.CALLBACK, CITIZEN, at), held=case.held.to(CITIZEN), asked=0)


def _passed(case: Case, at: datetime) -> Case:
    """Whoever passed the work on has nothing to look at any more."""
    if case.delegator is None:
        return case
    return replace(change_task(case, case.given(case.delegator), state=State.DONE, completed_at=at), delegator=None)
