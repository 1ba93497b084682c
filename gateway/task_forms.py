"""What a unit can do on its page: one form an action, its fields those of the webhook message it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.case import Case, State
from casework.clocks import ClockKind
from casework.events import Kind, Role
from casework.life_cycle import allowed
from catalog.policy import Policy
from catalog.texts import text
from catalog.working_time import SHANGHAI
from gateway.pages import text_or_none


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `kind` is line, words, number, moment or urls."""

    name: str
    kind: str = "words"
    required: bool = True

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


NOTE, REASON = Field("note"), Field("reason")
FORMS = (
    Form("acknowledge", Kind.ACKNOWLEDGED, (Field("handler", "line"), Field("feedback"))),
    Form("contacted", Kind.CONTACTED, (NOTE, Field("appointment", "line", required=False))),
    Form("first_round", Kind.FIRST_ROUND, (Field("responsible_person", "line"), NOTE)),
    Form("completed", Kind.COMPLETED, (Field("result"), Field("evidence", "urls", required=False))),
    Form("visited", Kind.VISITED, (NOTE,)),
    Form("progress", Kind.PROGRESS, (NOTE,)),
    Form("resume", Kind.TASK_RESUMED, (Field("reason", required=False),)),
    Form("extension", Kind.EXTENSION_REQUESTED, (Field("days", "number"), REASON)),
    Form("pause", Kind.PAUSE_REQUESTED, (Field("review_at", "moment"), REASON)),
)
BY_ACTION: Mapping[str, Form] = {form.action: form for form in FORMS}


def forms(case: Case, policy: Policy) -> tuple[list[Form], list[Form]]:
    """The forms of what comes next, and those of what else may be done now."""
    may = set(allowed(case, Role.UNIT))
    if case.task is not None and case.task.acknowledged_at is not None:
        may.discard(Kind.ACKNOWLEDGED)  # admitted still, as a late copy; nobody needs to be offered it
    if case.extended or case.extension_requested is not None:
        may.discard(Kind.EXTENSION_REQUESTED)
    if case.pause_requested is not None:
        may.discard(Kind.PAUSE_REQUESTED)
    offered = [_told(form, policy) for form in FORMS if form.kind in may]
    first = _first(case)
    return [form for form in offered if form.action in first], [form for form in offered if form.action not in first]


def message_data(form: Form, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the message has them: lines of addresses apart, days a number, a wall time in Shanghai."""
    data = dict(fields)
    if isinstance(data.get("evidence"), str):
        data["evidence"] = data["evidence"].split()
    if isinstance(data.get("days"), str) and data["days"].strip().isdecimal():
        data["days"] = int(data["days"])
    if isinstance(data.get("review_at"), str):
        data["review_at"] = _in_shanghai(data["review_at"])
    return data


def _first(case: Case) -> set[str]:
    match case.state:
        case State.AWAITING_ACK:
            return {"acknowledge"}
        case State.AWAITING_CONTACT:
            return {"contacted"}
        case State.PAUSED:
            return {"resume"}
    clock = case.clock(ClockKind.FIRST_ROUND)
    return {"first_round", "completed"} if clock is not None and clock.running else {"completed"}


def _told(form: Form, policy: Policy) -> Form:
    days = policy.pause_max_days if form.action == "pause" else policy.extension_max_days
    return Form(form.action, form.kind, form.fields, text(f"task_page.action.{form.action}.words", days=days))


def _in_shanghai(written: str) -> str:
    """A browser's date and time have no zone: they are meant as the wall shows them."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return written
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).isoformat()
