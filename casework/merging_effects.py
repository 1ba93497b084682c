"""The messages owed by a merge: whose work is taken away, who has it now, what the citizen is told at each step."""

from collections.abc import Iterator

from casework.case import Case
from casework.events import Event, Kind
from casework.owing import Effect, to_citizen, to_staff, to_unit
from casework.states import State
from casework.strands import clocks_of
from casework.view import clocks_ahead


def merging(before: Case, event: Event, after: Case) -> Iterator[Effect]:
    """What a merge, its end, a step that was followed, or a graver grade owes."""
    match event.kind:
        case Kind.MERGED:
            yield from _handed_over(before, event, after, "merged")
            yield to_citizen(event, after, "merged")
        case Kind.UNMERGED:
            yield from _handed_over(before, event, after, "unmerged")
            yield to_staff(event, after, "dispatcher", "triage")
            yield to_citizen(event, after, "unmerged")
        case Kind.FOLLOWED:
            yield from _followed(before, event, after)
        case Kind.GRADED if before.stage is not State.RECEIVED:
            yield from _graver(before, event, after)


def _handed_over(before: Case, event: Event, after: Case, reason: str) -> Iterator[Effect]:
    """The work that was given is taken away; whoever has the other case has it here too."""
    former = before.task
    if former is not None and former.state is not State.CLOSED:
        yield to_unit(event, after, "task.withdrawn", former, reason=reason)
    task = after.task
    if task is not None and (former is None or task.task_id != former.task_id):
        yield to_unit(event, after, "task.assigned", task, reason=reason, merged_into=after.merged_into)


def _followed(before: Case, event: Event, after: Case) -> Iterator[Effect]:
    data = event.data
    match data["kind"]:
        case Kind.ASSIGNED:
            yield from _handed_over(before, event, after, "merged")
            yield to_citizen(event, after, "assigned")
        case Kind.ACKNOWLEDGED:
            yield to_citizen(event, after, "acknowledged", feedback=data["feedback"])
        case Kind.FIRST_ROUND if data.get("note"):
            yield to_citizen(event, after, "followed", note=data["note"])


def _graver(before: Case, event: Event, after: Case) -> Iterator[Effect]:
    """Who works on it is told of the limits, the citizen of the date."""
    task = after.task
    if after.stage is State.TRIAGE or task is None or task.completed_at is not None:
        return
    clocks = clocks_ahead([clock for clock in clocks_of(after, "") if not clock.of])
    yield to_unit(
        event, after, "task.decided", task, request="grade", granted=True, grade=str(after.grade), clocks=clocks
    )
    yield to_citizen(event, after, "graver")
