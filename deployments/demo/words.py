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


WORDS: Mapping[str, Callable[[Order], dict[str, Any]]] = {
    "task.acknowledged": _acknowledgement,
    "task.contacted": _contact,
    "task.first_round": _first_round,
    "task.progress": _progress,
    "task.extension_requested": _extension,
    "task.pause_requested": _pause,
}
