"""The citizen's turn: asked, judging, coming back, withdrawing; and the end of a case."""

from dataclasses import replace

from casework.altering import CITIZEN, SYSTEM, stop
from casework.case import Case, Evaluation
from casework.clocks import ClockKind, start_clock
from casework.events import Event, Kind
from casework.handling import handed_over
from casework.instant import turned_down
from casework.life_cycle import transitions
from casework.merging import apart
from casework.states import Outcome, State
from casework.verdict import verdict
from catalog.policy import Policy


def asked(case: Case, event: Event, policy: Policy) -> Case:
    """Asked for the first time, the citizen has the whole time to answer, however late the question came."""
    first = case.asked == 0 and "rung" not in event.data
    new = start_clock(policy, ClockKind.CALLBACK, case.grade, CITIZEN, event.at)
    clocks = tuple(
        replace(new, id=clock.id) if first and clock.running and clock.kind is ClockKind.CALLBACK else clock
        for clock in case.clocks
    )
    return replace(case, asked=case.asked + 1, clocks=clocks)


def evaluated(case: Case, event: Event, policy: Policy) -> Case:
    data = event.data
    evaluation = Evaluation(data["solved"], data["satisfaction"], event.at)
    case = answered_in_time(
        stop(replace(case, evaluations=(*case.evaluations, evaluation)), event.at, ClockKind.CALLBACK), event
    )
    if verdict(event.data, policy) == "dissatisfied":
        return reopened(case, event, policy)
    outcome = Outcome.EXPLAINED if case.nature in ("question", "suggestion") else Outcome.RESOLVED
    return replace(case, outcome=Outcome.MERGED if case.merged_into else outcome)


def answered_in_time(case: Case, event: Event) -> Case:
    """Who answered before the last rung has answered in time, though the rung was processed first and closed it."""
    last = case.clock(ClockKind.CALLBACK)
    clocks = (clock.met_before_its_end(event.at) if clock is last else clock for clock in case.clocks)
    return replace(case, clocks=tuple(clocks))


def reopened(case: Case, event: Event, policy: Policy) -> Case:
    """Back to the same unit, one grade tighter. After 销案 nobody handles it again: what is left is the hearing.

    What was only answered at once goes to a unit for the first time: nothing was handled badly yet, nothing is tighter.
    """
    if case.answered_at_once:
        return turned_down(case, event, policy)
    case = replace(stop(case, event.at, ClockKind.CALLBACK), reopened=case.reopened + 1)
    if case.ownerships:
        return replace(case, heard=True, outcome=None, closed_at=None, held=case.held.to(SYSTEM))
    return handed_over(apart(case), event.at, policy, event.data["task_id"], case.unit or "")


def withdrew(case: Case, event: Event, policy: Policy) -> Case:
    """A hazard goes on without its citizen; everything else ends here."""
    closing = transitions(case, Kind.WITHDREW)[0].next is State.CLOSED
    return replace(case, withdrawn=True, outcome=Outcome.WITHDRAWN if closing else None)


def closed(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, outcome=Outcome(event.data["outcome"]))
