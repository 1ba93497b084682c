"""What a unit can do on its page: one form an action, its fields those of the webhook message it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from casework.case import Case
from casework.clocks import ClockKind
from casework.events import Kind
from casework.owning import DISPOSITIONS
from casework.states import ENDED, State, TaskRole
from casework.whistling import short
from catalog.districts import District
from catalog.policy import Policy
from catalog.texts import text
from catalog.working_time import SHANGHAI
from gateway.pages import text_or_none
from gateway.standing import sayable
from gateway.task_piece import CALLER, DELEGATOR, Piece

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `kind` is line, words, number, moment, urls, choice, units or ratings; the last three have `options`,
    each a value and its name.
    """

    name: str
    kind: str = "words"
    required: bool = True
    options: Options = ()

    @property
    def label(self) -> str:
        return text(f"field.{self.name}")

    @property
    def hint(self) -> str:
        return text_or_none(f"task_page.hint.{self.name}") or ""


@dataclass(frozen=True, slots=True)
class Form:
    """One action of the page and the message it becomes."""

    action: str
    kind: Kind
    fields: tuple[Field, ...]
    words: str = ""

    @property
    def title(self) -> str:
        return text(f"task_page.action.{self.action}.title")

    @property
    def button(self) -> str:
        return text(f"task_page.action.{self.action}.button")

    @property
    def tone(self) -> str:
        """A refusal stands back beside what is hoped for."""
        return "quiet" if self.action in ("refuse", "return_referral") else ""


@dataclass(frozen=True, slots=True)
class Asking:
    """For whom the forms are: whose link it is, and what they are chosen by."""

    case: Case
    piece: Piece
    unit: str
    task_id: str
    policy: Policy
    district: District | None
    now: datetime


NOTE, REASON = Field("note"), Field("reason")
MAYBE_NOTE = Field("note", required=False)
OWNERS = (NOTE, Field("review_at", "moment", required=False))
FORMS = (
    Form("acknowledge", Kind.ACKNOWLEDGED, (Field("handler", "line"), Field("feedback"))),
    Form("contacted", Kind.CONTACTED, (NOTE, Field("appointment", "line", required=False))),
    Form("first_round", Kind.FIRST_ROUND, (Field("responsible_person", "line"), NOTE)),
    Form("completed", Kind.COMPLETED, (Field("result"), Field("evidence", "urls", required=False))),
    Form("confirm", Kind.REFERRAL_CONFIRMED, (Field("reference", "line"),)),
    Form("return_referral", Kind.REFERRAL_RETURNED, (REASON,)),
    Form("report_in", Kind.REPORTED_IN, (MAYBE_NOTE,)),
    Form("arrive", Kind.ARRIVED, (MAYBE_NOTE,)),
    Form("joint_result", Kind.JOINT_RESULT, (Field("result"),)),
    Form("part_completed", Kind.PART_COMPLETED, (NOTE,)),
    Form("not_needed", Kind.PART_DECLINED, (REASON,)),
    Form("sign_off", Kind.SIGNED_OFF, (Field("ratings", "ratings"),)),
    Form("excuse", Kind.EXCUSED, (Field("unit", "choice"), REASON)),
    Form("accept", Kind.ACCEPTED, (MAYBE_NOTE,)),
    Form("visit_home", Kind.HOME_VISITED, OWNERS),
    Form("plan", Kind.PLANNED, OWNERS),
    Form("review", Kind.REVIEWED, OWNERS),
    Form(
        "dissolve",
        Kind.DISSOLUTION,
        (
            Field("disposition", "choice"),
            Field("evidence", "urls"),
            Field("opinion"),
            Field("result", required=False),
        ),
    ),
    Form("approve", Kind.APPROVED, (MAYBE_NOTE,)),
    Form("refuse", Kind.NOT_APPROVED, (REASON,)),
    Form("visited", Kind.VISITED, (NOTE,)),
    Form("progress", Kind.PROGRESS, (NOTE,)),
    Form("resume", Kind.TASK_RESUMED, (Field("reason", required=False),)),
    Form("extension", Kind.EXTENSION_REQUESTED, (Field("days", "number"), REASON)),
    Form("pause", Kind.PAUSE_REQUESTED, (Field("review_at", "moment"), REASON)),
    Form("delegate", Kind.DELEGATED, (Field("to", "choice"), Field("reason", required=False))),
    Form("whistle", Kind.WHISTLED, (Field("units", "units"), Field("lead", "choice"), REASON)),
    Form("decline", Kind.DECLINED, (Field("proposed_unit", "choice"), REASON)),
)
BY_ACTION: Mapping[str, Form] = {form.action: form for form in FORMS}
OF_A_PART = {
    State.AWAITING_REPORT_IN: {"report_in"},
    State.AWAITING_ARRIVAL: {"arrive"},
    State.IN_PROGRESS: {"part_completed"},
}


def forms(asking: Asking) -> tuple[list[Form], list[Form]]:
    """The forms of what comes next, and those of what else may be done now."""
    if not asking.piece.open:
        return [], []
    may = {Kind(name) for name in sayable(asking.case, asking.unit, asking.task_id, asking.district)}
    may -= _useless(asking)
    offered = [_filled(form, asking) for form in FORMS if form.kind in may]
    first = _first(asking)
    return [form for form in offered if form.action in first], [form for form in offered if form.action not in first]


def message_data(form: Form, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the message has them: lines of addresses apart, days a number, a wall time in Shanghai, what was
    ticked or rated unit by unit together.
    """
    data = {name: value for name, value in fields.items() if "." not in name}
    if isinstance(data.get("evidence"), str):
        data["evidence"] = data["evidence"].split()
    if isinstance(data.get("days"), str) and data["days"].strip().isdecimal():
        data["days"] = int(data["days"])
    if isinstance(data.get("review_at"), str):
        data["review_at"] = _in_shanghai(data["review_at"])
    for field in form.fields:
        if field.kind in ("units", "ratings") and field.name not in data:
            said = {
                name.partition(".")[2]: value for name, value in fields.items() if name.startswith(f"{field.name}.")
            }
            data[field.name] = list(said) if field.kind == "units" else {unit: _stars(n) for unit, n in said.items()}
    return data


def _stars(written: Any) -> Any:
    return int(written) if isinstance(written, str) and written.isdecimal() else written


def _useless(asking: Asking) -> set[Kind]:
    """What is admitted still, as a late copy or for nothing: nobody needs to be offered it."""
    case, task = asking.case, asking.piece.task
    handled, part = case.task, task is not None and task.role in (TaskRole.LEAD, TaskRole.CO)
    called = case.parts(case.whistle.call_id) if case.whistle else ()
    asked = case.extended or case.extension_requested is not None
    too_late = handled is not None and _after(handled.acknowledged_at, asking)
    below = asking.district is not None and asking.district.has_unit(asking.unit)
    nobody_below = not (below and asking.district and asking.district.subordinates(asking.unit))
    useless = {
        Kind.ACKNOWLEDGED: handled is not None and handled.acknowledged_at is not None,
        Kind.EXTENSION_REQUESTED: asked,
        Kind.PAUSE_REQUESTED: case.pause_requested is not None,
        Kind.DECLINED: too_late,
        Kind.DELEGATED: nobody_below,
        Kind.REPORTED_IN: part and task is not None and task.state is not State.AWAITING_REPORT_IN,
        Kind.ARRIVED: part and task is not None and task.state is State.IN_PROGRESS,
        Kind.EXCUSED: all(part.state in ENDED for part in called),
        Kind.ACCEPTED: case.ownership is not None and case.ownership.state is not State.AWAITING_ACCEPTANCE,
        Kind.COMPLETED: asking.piece.role == DELEGATOR and case.stage is not State.AWAITING_RECHECK,
    }
    return {kind for kind, yes in useless.items() if yes}


def _after(acknowledged: datetime | None, asking: Asking) -> bool:
    return acknowledged is not None and asking.now - acknowledged > timedelta(hours=asking.policy.decline_hours)


def _first(asking: Asking) -> set[str]:
    case, piece = asking.case, asking.piece
    signing = {"sign_off"} if case.whistle is not None and case.whistle.filed_at is not None else set()
    match piece.role:
        case TaskRole.HANDLER:
            return signing or _of_the_handler(case)
        case TaskRole.LEAD | TaskRole.CO if piece.task is not None:
            leading = piece.role == TaskRole.LEAD and piece.task.state in (State.IN_PROGRESS, State.DONE)
            return signing or ({"joint_result"} if leading else OF_A_PART.get(piece.task.state, set()))
        case TaskRole.OWNER:
            return signing or _of_the_owner(case)
        case TaskRole.APPROVER:
            return {"approve", "refuse"}
        case TaskRole.REFERRAL:
            return {"confirm"}
        case _ if piece.role == DELEGATOR:
            return {"completed", "delegate"} if case.stage is State.AWAITING_RECHECK else set()
        case _ if piece.role == CALLER:
            return signing
        case _:
            return set()


def _of_the_handler(case: Case) -> set[str]:
    match case.stage:
        case State.AWAITING_ACK:
            return {"acknowledge"}
        case State.AWAITING_CONTACT:
            return {"contacted"}
        case State.PAUSED:
            return {"resume"}
    clock = case.clock(ClockKind.FIRST_ROUND)
    return {"first_round", "completed"} if clock is not None and clock.running else {"completed"}


def _of_the_owner(case: Case) -> set[str]:
    """What an owner's clocks ask of him: to accept; to visit and to plan; then to review, until 销案."""
    one = case.ownership
    if one is None or one.state is State.AWAITING_ACCEPTANCE:
        return {"accept"}
    named = {ClockKind.VISIT: "visit_home", ClockKind.PLAN: "plan"}
    of = short(one.call_id)
    owed = {named[clock.kind] for clock in case.clocks if clock.of == of and clock.running and clock.kind in named}
    return owed or {"review", "dissolve"}


def _filled(form: Form, asking: Asking) -> Form:
    days = asking.policy.pause_max_days if form.action == "pause" else asking.policy.extension_max_days
    words = text(f"task_page.action.{form.action}.words", days=days)
    fields = tuple(replace(field, options=_options(form, field, asking)) for field in form.fields)
    return replace(form, fields=fields, words=words)


def _options(form: Form, field: Field, asking: Asking) -> Options:
    """What a field is chosen from: the units that may have the matter, those that were called, how it was disposed."""
    case, district = asking.case, asking.district
    if field.name == "disposition":
        return tuple((word, text(f"disposition.{word}")) for word in DISPOSITIONS)
    if district is None or field.kind not in ("choice", "units", "ratings"):
        return ()
    if field.name == "to":
        below = district.subordinates(asking.unit) if district.has_unit(asking.unit) else ()
        return tuple((unit.code, unit.name) for unit in below if unit.code not in case.recused)
    if form.kind in (Kind.EXCUSED, Kind.SIGNED_OFF):
        return _called(form, case, district)
    others = (unit for unit in district.units if unit.code not in case.recused)
    return tuple((u.code, u.name) for u in others if form.kind is Kind.WHISTLED or u.code != asking.unit)


def _called(form: Form, case: Case, district: District) -> Options:
    """Those whose part is open may be excused; those that took part are rated."""
    parts = case.parts(case.whistle.call_id) if case.whistle else ()
    rated = form.kind is Kind.SIGNED_OFF
    units = (p.unit for p in parts if (p.state is not State.EXCUSED if rated else p.state not in ENDED))
    return tuple((code, district.unit(code).name if district.has_unit(code) else code) for code in units)


def _in_shanghai(written: str) -> str:
    """A browser's date and time have no zone: they are meant as the wall shows them."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return written
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).isoformat()
