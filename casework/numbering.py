"""Names within a case: each new piece of work, whistle call and ownership is counted, by the act that makes it."""

from collections.abc import Mapping
from typing import Any

from casework.case import Case
from casework.events import Act, Kind
from casework.states import TaskRole
from casework.verdict import ANOTHER, DISSATISFIED, word
from catalog.policy import Policy


def numbered(case: Case, act: Act, policy: Policy) -> Mapping[str, Any]:
    """The act's data with the names of what it makes."""
    data, task = act.data, _task_id(case, 1)
    match act.kind:
        case Kind.WHISTLED:
            return {**data, "call_id": f"{case.case_no}-W{len(case.whistles) + 1}", "parts": _parts(case, data)}
        case Kind.OWNED:
            return {**data, "call_id": f"{case.case_no}-O{len(case.ownerships) + 1}", "task_id": task}
        case Kind.DISSOLUTION:
            return {**data, "approval_id": task}
        case Kind.REFERRED | Kind.MERGED | Kind.FOLLOWED if data.get("unit"):
            return {**data, "task_id": task}
        case Kind.DELEGATED | Kind.SENT_BACK:
            return {**{k: v for k, v in data.items() if k != "task_id"}, "from": data.get("task_id"), "task_id": task}
        case _ if _hands_over(case, act, policy):
            return {**data, "task_id": task}
        case _:
            return data


def _hands_over(case: Case, act: Act, policy: Policy) -> bool:
    """Whether a handler gets the case by it. After 销案 nobody does, nor yet by turning down an instant answer."""
    if act.kind in (Kind.ASSIGNED, Kind.ROSE):
        return True
    said = word(case, act.kind, act.data, policy)
    if act.kind is Kind.REOPENED or (act.kind is Kind.EVALUATED and said == DISSATISFIED):
        return not case.ownerships and not case.answered_at_once
    return act.kind is Kind.RULED and said == ANOTHER


def _parts(case: Case, data: Mapping[str, Any]) -> list[dict[str, str]]:
    """The lead first."""
    units = sorted(data["units"], key=lambda unit: unit != data["lead"])
    return [
        {
            "task_id": _task_id(case, n),
            "unit": unit,
            "role": str(TaskRole.LEAD if unit == data["lead"] else TaskRole.CO),
        }
        for n, unit in enumerate(units, 1)
    ]


def _task_id(case: Case, n: int) -> str:
    return f"{case.case_no}-T{len(case.tasks) + n}"
