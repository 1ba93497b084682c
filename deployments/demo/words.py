"""What a unit has to say about its work: the data of each webhook message beside the case and the task."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from deployments.demo.pacing import Order
from deployments.demo.phrases import result, say

PAUSE_SHARE = 0.2
"""Of the time left until completion: how long a unit asks to pause."""
SHORTEST_PAUSE = 2.0


def words(kind: str, order: Order, *, poor: bool = False) -> dict[str, Any]:
    """The fields of a message of this kind; `poor` where the first answer is to be a bad one."""
    if kind == "task.completed":
        return _completion(order, poor=poor and order.first)
    return WORDS[kind](order)


def decline(proposed_unit: str) -> dict[str, str]:
    """The fields of `task.declined`."""
    return {"reason": say("declined", proposed_unit), "proposed_unit": proposed_unit}


def _acknowledgement(order: Order) -> dict[str, str]:
    handler = say("handlers", order.task_id)
    item = order.item["name"] if order.item else say("item", "")
    return {"handler": handler, "feedback": say("feedback", order.task_id, item=item, handler=handler)}


def _contact(order: Order) -> dict[str, str]:
    return {"note": say("contacted", order.task_id)}


def _first_round(order: Order) -> dict[str, str]:
    return {"responsible_person": say("people", order.task_id), "note": say("first_round", order.task_id)}


def _progress(order: Order) -> dict[str, str]:
    return {"note": say("progress", order.task_id)}


def _extension(order: Order) -> dict[str, Any]:
    return {"reason": say("extension_requested", ""), "days": 1}


def _pause(order: Order) -> dict[str, str]:
    now = datetime.now(UTC)
    left = (order.due["completion"] - now).total_seconds() if "completion" in order.due else 0.0
    review = now + timedelta(seconds=max(PAUSE_SHARE * left, SHORTEST_PAUSE))
    return {"reason": say("pause_requested", ""), "review_at": review.isoformat()}


def _completion(order: Order, *, poor: bool) -> dict[str, Any]:
    class_code = order.item["code"][3:5] if order.item else ""
    said = say("poor_result", "") if poor else result(class_code)
    return {"result": said, "evidence": [say("evidence", "", case_no=order.case_no)]}


def _reported(order: Order) -> dict[str, str | None]:
    return {"call_id": order.call_id, "note": say("reported_in", order.task_id)}


def _arrived(order: Order) -> dict[str, str | None]:
    return {"call_id": order.call_id, "note": say("arrived", order.task_id)}


def _part(order: Order) -> dict[str, str | None]:
    return {"call_id": order.call_id, "note": say("part", order.task_id)}


def _joint_result(order: Order) -> dict[str, str | None]:
    return {"call_id": order.call_id, "result": say("joint_result", "")}


def _accepted(order: Order) -> dict[str, str]:
    return {"note": say("accepted", order.task_id)}


def _visited(order: Order) -> dict[str, str]:
    return {"note": say("visited", order.task_id)}


def _planned(order: Order) -> dict[str, str]:
    return {"note": say("planned", order.task_id)}


def _dissolution(order: Order) -> dict[str, Any]:
    evidence = [say("evidence", "", case_no=order.case_no)]
    said = {"opinion": say("opinion", order.task_id), "result": say("owned_result", "")}
    return {"disposition": "solved", "evidence": evidence, **said}


def _approved(order: Order) -> dict[str, str]:
    return {"note": say("approved", "")}


WORDS: Mapping[str, Callable[[Order], dict[str, Any]]] = {
    "task.acknowledged": _acknowledgement,
    "task.contacted": _contact,
    "task.first_round": _first_round,
    "task.progress": _progress,
    "task.extension_requested": _extension,
    "task.pause_requested": _pause,
    "whistle.reported_in": _reported,
    "whistle.arrived": _arrived,
    "whistle.part_completed": _part,
    "whistle.joint_result": _joint_result,
    "ownership.accepted": _accepted,
    "ownership.visited": _visited,
    "ownership.planned": _planned,
    "ownership.dissolution_requested": _dissolution,
    "ownership.approved": _approved,
}
