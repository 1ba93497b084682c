"""Whether what happened beside the handling of a request is what its script says: from the case in JSON."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from catalog.texts import text
from deployments.demo.behaviours import Story
from deployments.demo.script import Scripted

Case = Mapping[str, Any]


def untold(request: Scripted, case: Case) -> Iterator[str]:
    """Each thing that the story tells and the case does not, one sentence each; nothing for a request without one."""
    for missing in STORIES[request.story](request, case) if request.story else ():
        yield text(f"demo.problem.{missing}", case_no=case["case_no"])


def _joint(request: Scripted, case: Case) -> Iterator[str]:
    """All units that were called have come, done their part and been rated."""
    if not case["whistles"] or request.call is None:
        yield "not_called"
        return
    call = case["whistles"][-1]
    silent = {request.call.silent} - {None}
    states = {part["department"]["code"]: part["state"] for part in call["parts"]}
    if states != {unit: "excused" if unit in silent else "done" for unit in request.call.units}:
        yield "parts_not_done"
    if not call["joint_result"] or set(call["ratings"]) != set(request.call.units) - silent:
        yield "not_signed_off"


def _joint_alone(request: Scripted, case: Case) -> Iterator[str]:
    """The silence of one ended with a leader who owned the case, until its end was approved."""
    yield from _joint(request, case)
    owned = case["ownerships"]
    if not owned or owned[-1]["trigger"] != "ladder":
        yield "not_owned"
    if not all(one["state"] == "dissolved" for one in owned):
        yield "not_dissolved"


def _bounced(request: Scripted, case: Case) -> Iterator[str]:
    """Each unit that was to decline has, and who was ruled for has done the work."""
    declined = [line["actor"] for line in case["timeline"] if line["event"] == "task.declined"]
    dispute = request.dispute
    if dispute is None or len(declined) != len(dispute.proposes) or not _happened(case, "case.ruled"):
        yield "not_ruled"
    elif case["department"]["code"] != dispute.ruled:
        yield "wrongly_given"


def _precedent(request: Scripted, case: Case) -> Iterator[str]:
    """Nobody else had it first, and the case says by which ruling."""
    dispute = request.dispute
    given = [task["department"]["code"] for task in case["tasks"] if task["role"] == "handler"]
    if case["precedent"] is None or dispute is None or given != [dispute.ruled]:
        yield "no_precedent"


def _silent_owners(request: Scripted, case: Case) -> Iterator[str]:
    """It has risen to the highest leader, and the leading group has approved its end."""
    owned = case["ownerships"]
    if not owned or owned[-1]["tier"] != "head" or _count(case, "ownership.rose") != 2:
        yield "not_risen"
    if not owned or owned[-1]["state"] != "dissolved":
        yield "not_dissolved"


def _referred(request: Scripted, case: Case) -> Iterator[str]:
    """Who was rung has said that they have it."""
    if not (case["referral"] or {}).get("confirmed_at"):
        yield "not_confirmed"


def _answered(request: Scripted, case: Case) -> Iterator[str]:
    """At once, and by nobody else."""
    if case["instant_answer"] is None or case["tasks"] or not case["evaluations"]:
        yield "not_answered_at_once"


def _turned_down(request: Scripted, case: Case) -> Iterator[str]:
    """At once, and then by a unit that was not told that it comes back."""
    answer = case["instant_answer"]
    if answer is None or answer["turned_down_at"] is None:
        yield "not_turned_down"
    if not any(task["role"] == "handler" for task in case["tasks"]) or case["reopened"]:
        yield "no_unit_after_an_answer"


STORIES: Mapping[Story, Callable[[Scripted, Case], Iterator[str]]] = {
    Story.JOINT: _joint,
    Story.JOINT_ALONE: _joint_alone,
    Story.BOUNCED: _bounced,
    Story.PRECEDENT: _precedent,
    Story.SILENT_OWNERS: _silent_owners,
    Story.REFERRED: _referred,
    Story.ANSWERED: _answered,
    Story.TURNED_DOWN: _turned_down,
}


def _happened(case: Case, event: str) -> bool:
    return _count(case, event) > 0


def _count(case: Case, event: str) -> int:
    return sum(line["event"] == event for line in case["timeline"])
