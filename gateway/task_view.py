"""What a unit's page shows of its one piece of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.case import Case
from casework.clocks import Clock, ClockKind
from casework.states import ENDED, PARTS, State, TaskRole
from casework.waiting import spoken
from casework.whistling import lead, missing
from catalog.districts import District
from catalog.policy import Policy
from catalog.texts import text
from gateway.citizen_view import Line
from gateway.pages import day_and_time, text_or_none
from gateway.task_forms import Asking, Form, forms
from gateway.task_piece import CALLER, DELEGATOR, Piece, piece_of
from ledger.links import TaskLink


@dataclass(frozen=True, slots=True)
class TaskPage:
    """`mode` is open, over, or a kind of waiting; only an open one shows the request. `beside` says what else is open,
    `missing` whose parts a joint result waits for, `called` where every called unit stands.
    """

    mode: str
    task_id: str
    desk: str
    unit: str
    grade: str
    headline: str
    due: Line | None
    beside: str
    missing: str
    words: str
    place: str
    facts: list[Line]
    called: list[Line]
    clocks: list[Line]
    may_phone: bool
    has_phone: bool
    requested: bool
    first: list[Form]
    more: list[Form]


@dataclass(frozen=True, slots=True)
class Work:
    """What the page is made from. `evidence`: what a 销案 that waits is asked for with."""

    case: Case
    policy: Policy
    words: str
    place: str
    desk: str
    item: str | None
    units: Mapping[str, str]
    now: datetime
    district: District | None = None
    evidence: tuple[str, ...] = ()


def present(case: Case, link: TaskLink) -> bool:
    """Whether the link's piece of work is still to be done."""
    return piece_of(case, link).open


def task_page(work: Work, link: TaskLink) -> TaskPage:
    case, now = work.case, work.now
    piece = piece_of(case, link)
    mine = piece.open
    first, more = forms(Asking(case, piece, link.unit, link.task_id, work.policy, work.district, now))
    asked = case.extension_requested is not None or case.pause_requested is not None or case.disputed is not None
    return TaskPage(
        mode=piece.mode,
        task_id=link.task_id,
        desk=work.desk,
        unit=work.units.get(link.unit, link.unit),
        grade=str(case.grade),
        headline=_headline(case, piece) if mine else "",
        due=_due(piece.due, now) if mine else None,
        beside=_beside(case, piece) if mine else "",
        missing=_missing(work, piece) if mine else "",
        words=work.words if mine else "",
        place=work.place if mine else "",
        facts=[*_of_the_piece(work, piece), *_facts(work)] if mine else [],
        called=_called(work) if mine else [],
        clocks=[_clock(clock, now) for clock in piece.clocks] if mine else [],
        may_phone=piece.may_phone,
        has_phone=case.has_phone,
        requested=mine and piece.role == TaskRole.HANDLER and asked,
        first=first,
        more=more,
    )


def _headline(case: Case, piece: Piece) -> str:
    """What is asked of the unit now."""
    task, call = piece.task, case.whistle
    if piece.role == CALLER:
        return text(f"task_page.headline_caller.{'filed' if call and call.filed_at else 'called'}")
    if piece.role == DELEGATOR:
        word = "awaiting_recheck" if case.stage is State.AWAITING_RECHECK else "working"
        return text(f"task_page.headline_delegator.{word}")
    if task is None or task.role is TaskRole.HANDLER:
        return text_or_none(f"task_page.headline.{case.stage}") or ""
    return text(f"task_page.headline_{task.role}.{task.state}")


def _due(clock: Clock | None, now: datetime) -> Line | None:
    if clock is None or clock.due_at is None:
        return None
    late, when = clock.breached(now), spoken(clock.due_at, now)
    if clock.kind is ClockKind.PAUSE:
        return Line(text("state.paused"), text("task_page.paused_until", when=when))
    return Line(_name(clock), text(f"task_page.{'overdue' if late else 'due'}", when=when), "bad" * late)


def _beside(case: Case, piece: Piece) -> str:
    """What else is open, told to the handler, whose work it changes."""
    if piece.role != TaskRole.HANDLER:
        return ""
    return text_or_none(f"task_page.beside.{case.state}") or ""


def _missing(work: Work, piece: Piece) -> str:
    """To whoever waits for them: whose parts are neither done nor excused."""
    call = work.case.whistle
    if call is None or piece.role not in (TaskRole.LEAD, CALLER) or call.filed_at is not None:
        return ""
    left = missing(work.case, call)
    return text("task_page.missing", units=_names(work, left)) if left else ""


def _of_the_piece(work: Work, piece: Piece) -> list[Line]:
    """What is particular to it: the call's reason and result, the owner's 销案, the answer that is to be rechecked."""
    case, call, one = work.case, work.case.whistle, work.case.ownership
    facts: dict[str, str] = {}
    if call is not None and (piece.role == CALLER or piece.role in PARTS):
        leading = lead(case, call)
        facts |= {"call_reason": call.reason, "lead": _names(work, [leading.unit] if leading else [])}
    if call is not None and call.filed_at is not None:
        facts["joint_result"] = call.joint_result
    if one is not None and piece.role in (TaskRole.OWNER, TaskRole.APPROVER):
        facts |= {"tier": text(f"tier.{one.at.tier}"), "trigger": text(f"trigger.{one.trigger}")}
    if one is not None and piece.role == TaskRole.APPROVER:
        facts |= {
            "disposition": text(f"disposition.{one.disposition}"),
            "opinion": one.opinion,
            "dissolution_result": one.result,
            "evidence": "\n".join(work.evidence),
        }
    if piece.role == DELEGATOR and case.stage is State.AWAITING_RECHECK and case.task is not None:
        facts |= {"worked": _names(work, [case.task.unit]), "work_result": case.task.result}
    return [Line(text(f"task_page.{name}"), words) for name, words in facts.items() if words]


def _called(work: Work) -> list[Line]:
    """Where every called unit stands."""
    call = work.case.whistle
    parts = work.case.parts(call.call_id) if call else ()
    return [
        Line(
            f"{_names(work, [part.unit])}（{text(f'task_role.{part.role}')}）",
            text(f"state.{part.state}"),
            "good" if part.state in ENDED else "",
        )
        for part in parts
    ]


def _facts(work: Work) -> list[Line]:
    facts = {
        "item": work.item,
        "property": text(f"property.{work.case.nature}"),
        "grade": text(f"grade.{work.case.grade}"),
        "received": day_and_time(work.case.received_at, work.now),
    }
    return [Line(text(f"task_page.{name}"), words) for name, words in facts.items() if words]


def _name(clock: Clock) -> str:
    """A caller signs off, the tier above approves: one clock, two words."""
    signing = clock.kind is ClockKind.APPROVAL and clock.of.startswith("W")
    return text("task_page.signing" if signing else f"clock.{clock.kind}")


def _clock(clock: Clock, now: datetime) -> Line:
    name, late = _name(clock), clock.breached(now)
    if clock.met_at is not None:
        words = text(f"task_page.{'met_late' if late else 'met'}", when=spoken(clock.met_at, now))
        return Line(name, words, "bad" if late else "good")
    if clock.due_at is None:
        return Line(name, text("task_page.paused"))
    words = text(f"task_page.{'overdue' if late else 'due'}", when=spoken(clock.due_at, now))
    return Line(name, words, "bad" if late else "")


def _names(work: Work, codes: "list[str] | tuple[str, ...]") -> str:
    return "、".join(work.units.get(code, code) for code in codes)
