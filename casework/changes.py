"""What each kind of event does to a case, its state apart (that is the life cycle's table)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from casework import owning
from casework.altering import stop
from casework.case import Case
from casework.clocks import ClockKind
from casework.delegating import delegated, rechecked, sent_back
from casework.disputing import declined
from casework.events import Event, Kind
from casework.handling import (
    assigned,
    completed,
    extension_given,
    extension_requested,
    fact,
    handed_over,
    notified,
    pause_requested,
    paused,
    refused,
    resumed,
    ruling_given,
    triaged,
)
from casework.instant import answered_at_once, looked_up
from casework.judging import asked, closed, evaluated, reopened, withdrew
from casework.merging import followed, merged, unmerged, without_a_unit
from casework.record_changes import forgotten, interrupted, pinned, policy_moved, quarantined, recovered
from casework.referring import confirmed, not_accepted, referred, returned
from casework.sorting import classified, grade_given, with_grade
from casework.states import State
from casework.suspecting import suspected
from casework.whistling import called, excused, filed, part_moved, signed_off
from catalog.policy import Grade, Policy

ORDER = (State.AWAITING_REPORT_IN, State.AWAITING_ARRIVAL, State.IN_PROGRESS, State.DONE, State.EXCUSED)


def unchanged(case: Case, event: Event, policy: Policy) -> Case:
    return case


def _merged(case: Case, event: Event, policy: Policy) -> Case:
    """Whoever has the other case has this one too, and is graver about it where the other is."""
    data, at = event.data, event.at
    case = with_grade(merged(case, event), Grade(data.get("grade", case.grade)), policy, at)
    if "unit" not in data:
        return without_a_unit(case, event, policy)
    return handed_over(stop(case, at, ClockKind.TRIAGE), at, policy, data["task_id"], data["unit"])


def _followed(case: Case, event: Event, policy: Policy) -> Case:
    case = followed(case, event, policy)
    if "unit" not in event.data:
        return case
    case = replace(case, merged_unit=event.data["unit"])
    return handed_over(case, event.at, policy, event.data["task_id"], event.data["unit"])


def _part(reached: State | None) -> Callable[[Case, Event, Policy], Case]:
    """A fact of a called unit: its part is never moved back by a late copy of an earlier one."""

    def apply(case: Case, event: Event, policy: Policy) -> Case:
        part = case.given(event.data["task_id"])
        assert part is not None, "admitted: the part is there"
        ahead = reached is not None and ORDER.index(reached) > ORDER.index(part.state)
        return part_moved(case, event, policy, reached if reached and ahead else part.state)

    return apply


CHANGES: Mapping[Kind, Callable[[Case, Event, Policy], Case]] = {
    Kind.PINNED: pinned,
    Kind.MOVED: policy_moved,
    Kind.QUARANTINED: quarantined,
    Kind.RECOVERED: recovered,
    Kind.INTERRUPTED: interrupted,
    Kind.FORGOTTEN: forgotten,
    Kind.CLASSIFIED: classified,
    Kind.GRADED: grade_given,
    Kind.SUSPECTED: suspected,
    Kind.ANSWERED: answered_at_once,
    Kind.NO_ANSWER: looked_up,
    Kind.TRIAGED: triaged,
    Kind.ASSIGNED: assigned,
    Kind.NOTIFIED: notified,
    Kind.ACKNOWLEDGED: fact(),
    Kind.CONTACTED: fact(ClockKind.CONTACT),
    Kind.VISITED: fact(),
    Kind.FIRST_ROUND: fact(ClockKind.FIRST_ROUND),
    Kind.PROGRESS: fact(),
    Kind.COMPLETED: completed,
    Kind.DECLINED: declined,
    Kind.RULED: ruling_given,
    Kind.DELEGATED: delegated,
    Kind.RECHECKED: rechecked,
    Kind.SENT_BACK: sent_back,
    Kind.REFERRED: referred,
    Kind.REFERRAL_CONFIRMED: confirmed,
    Kind.REFERRAL_RETURNED: returned,
    Kind.NOT_ACCEPTED: not_accepted,
    Kind.MERGED: _merged,
    Kind.FOLLOWED: _followed,
    Kind.UNMERGED: unmerged,
    Kind.WHISTLED: called,
    Kind.EXCUSED: excused,
    Kind.JOINT_RESULT: filed,
    Kind.SIGNED_OFF: signed_off,
    Kind.REPORTED_IN: _part(State.AWAITING_ARRIVAL),
    Kind.ARRIVED: _part(State.IN_PROGRESS),
    Kind.PART_COMPLETED: _part(State.DONE),
    Kind.PART_DECLINED: _part(None),
    Kind.OWNED: owning.opened,
    Kind.ROSE: owning.rose,
    Kind.ACCEPTED: owning.acted,
    Kind.HOME_VISITED: owning.acted,
    Kind.PLANNED: owning.acted,
    Kind.REVIEWED: owning.acted,
    Kind.DISSOLUTION: owning.asked,
    Kind.APPROVED: owning.approved,
    Kind.NOT_APPROVED: owning.refused,
    Kind.EXTENSION_REQUESTED: extension_requested,
    Kind.PAUSE_REQUESTED: pause_requested,
    Kind.REFUSED: refused,
    Kind.EXTENDED: extension_given,
    Kind.PAUSED: paused,
    Kind.RESUMED: resumed,
    Kind.TASK_RESUMED: resumed,
    Kind.ASKED: asked,
    Kind.EVALUATED: evaluated,
    Kind.REOPENED: reopened,
    Kind.WITHDREW: withdrew,
    Kind.CLOSED: closed,
}
