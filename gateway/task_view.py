"""What a unit's page shows of its one task."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.case import Case
from casework.clocks import OF_THE_UNIT, Clock, ClockKind
from casework.waiting import awaited_clock, spoken
from catalog.policy import Policy
from catalog.texts import text
from gateway.citizen_view import Line
from gateway.pages import day_and_time, text_or_none
from gateway.task_forms import Form, forms
from ledger.links import TaskLink


@dataclass(frozen=True, slots=True)
class TaskPage:
    """`mode` is open, waiting (for the citizen's word) or over; only an open one shows the request."""

    mode: str
    task_id: str
    desk: str
    unit: str
    grade: str
    headline: str
    due: Line | None
    words: str
    place: str
    facts: list[Line]
    clocks: list[Line]
    has_phone: bool
    requested: bool
    first: list[Form]
    more: list[Form]


@dataclass(frozen=True, slots=True)
class Work:
    """What the page is made from."""

    case: Case
    policy: Policy
    words: str
    place: str
    desk: str
    item: str | None
    units: Mapping[str, str]
    now: datetime


def present(case: Case, link: TaskLink) -> bool:
    """Whether the link's task is the present one and still to be done."""
    task = case.task
    return (
        case.open
        and task is not None
        and (task.task_id, task.unit) == (link.task_id, link.unit)
        and task.completed_at is None
    )


def task_page(work: Work, link: TaskLink) -> TaskPage:
    case, now = work.case, work.now
    task = case.task
    mine = present(case, link)
    waiting = case.open and task is not None and task.task_id == link.task_id and task.unit == link.unit
    first, more = forms(case, work.policy) if mine else ([], [])
    return TaskPage(
        mode="open" if mine else "waiting" if waiting else "over",
        task_id=link.task_id,
        desk=work.desk,
        unit=work.units.get(link.unit, link.unit),
        grade=str(case.grade),
        headline=(text_or_none(f"task_page.headline.{case.state}") or "") if mine else "",
        due=_due(case, now) if mine else None,
        words=work.words if mine else "",
        place=work.place if mine else "",
        facts=_facts(work) if mine else [],
        clocks=[_clock(clock, now) for clock in _of_the_task(case)] if mine else [],
        has_phone=case.has_phone,
        requested=mine and (case.extension_requested is not None or case.pause_requested is not None),
        first=first,
        more=more,
    )


def _of_the_task(case: Case) -> list[Clock]:
    """The unit's clocks that run, or ended in this piece of work rather than in one before it."""
    since = case.task.assigned_at if case.task else case.received_at
    units = (clock for clock in case.clocks if clock.kind in OF_THE_UNIT)
    return [clock for clock in units if clock.stopped_at is None or clock.stopped_at > since]


def _due(case: Case, now: datetime) -> Line | None:
    clock = awaited_clock(case)
    if clock is None or clock.due_at is None:
        return None
    late, when = clock.breached(now), spoken(clock.due_at, now)
    if clock.kind is ClockKind.REVIEW:
        return Line(text("state.paused"), text("task_page.paused_until", when=when))
    return Line(text(f"clock.{clock.kind}"), text(f"task_page.{'overdue' if late else 'due'}", when=when), "bad" * late)


def _facts(work: Work) -> list[Line]:
    facts = {
        "item": work.item,
        "property": text(f"property.{work.case.nature}"),
        "grade": text(f"grade.{work.case.grade}"),
        "received": day_and_time(work.case.received_at, work.now),
    }
    return [Line(text(f"task_page.{name}"), words) for name, words in facts.items() if words]


def _clock(clock: Clock, now: datetime) -> Line:
    name, late = text(f"clock.{clock.kind}"), clock.breached(now)
    if clock.met_at is not None:
        words = text(f"task_page.{'met_late' if late else 'met'}", when=spoken(clock.met_at, now))
        return Line(name, words, "bad" if late else "good")
    if clock.due_at is None:
        return Line(name, text("task_page.paused"))
    words = text(f"task_page.{'overdue' if late else 'due'}", when=spoken(clock.due_at, now))
    return Line(name, words, "bad" if late else "")
