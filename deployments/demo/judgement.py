"""What a dispatcher decides, from a case in JSON and the responsibility catalogue: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.routing import Location, responsible_unit
from catalog.districts import District
from catalog.items import Catalogue

PLAUSIBLE = 0.15
"""A candidate below this confidence is a guess: the unit is chosen without an item."""
PATIENCE = 2.0
"""A unit is given this many times its limit after it was told, before the case goes to somebody else."""
EASED = 0.6
"""How much of the callback's time citizens have to use their link before they are phoned."""
RINGS_BACK = 0.1
"""The same for the channels that ring back by habit."""
OVER = frozenset({"done", "excused"})
"""Of a called unit's part."""
RINGING = frozenset({"hotline", "counter", "patrol", "visit"})


@dataclass(frozen=True, slots=True)
class Choice:
    """To whom, and as what."""

    unit: str
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Dispatching:
    """A dispatcher's knowledge: the district and its catalogue, which are public."""

    district: District
    catalogue: Catalogue

    def first(self, case: Mapping[str, Any]) -> Choice:
        """The best candidate and the unit shown with it; none plausible: whoever sorts out what has no owner."""
        best = max(case.get("candidates", ()), key=lambda each: float(each["confidence"]), default=None)
        if best is None or best["confidence"] < PLAUSIBLE:
            return Choice(self._default())
        shown = best.get("unit")
        return Choice(shown["code"] if shown else self._unit(best["item"]), best["item"])

    def instead(self, case: Mapping[str, Any]) -> Choice:
        """Somebody other than the unit that stays silent: a co-role of the item, else whoever sorts things out."""
        item, present = case["item"], case["department"]["code"]
        duties = [self.catalogue.item(item["code"]).role, *self.catalogue.item(item["code"]).co_roles] if item else []
        others = [self.district.roles[role].default for role in duties]
        others += [self._default(), *(unit.code for unit in self.district.units)]
        return Choice(next(unit for unit in others if unit != present))

    def _unit(self, item: str) -> str:
        return responsible_unit(self.district, self.catalogue.item(item), Location()).unit

    def _default(self) -> str:
        return self.district.roles["command_centre"].default


def gives_up_at(case: Mapping[str, Any]) -> datetime | None:
    """When a unit that has not answered loses the case; None where its acknowledgement is not what is waited for."""
    clock = _running(case, "feedback")
    told = _told_at(case)
    if case["state"] != "awaiting_ack" or clock is None or told is None:
        return None
    start, due = (datetime.fromisoformat(clock[key]) for key in ("started_at", "due_at"))
    return max(due, told + PATIENCE * (due - start))


def phones_at(case: Mapping[str, Any], *, at_once: bool) -> datetime | None:
    """When the callback centre phones; None while the case does not wait for it."""
    clock = _running(case, "callback")
    if case["state"] != "awaiting_callback" or clock is None:
        return None
    start, due = (datetime.fromisoformat(clock[key]) for key in ("started_at", "due_at"))
    return start + (due - start) * (RINGS_BACK if at_once or case["channel"] in RINGING else EASED)


def pending_request(case: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The extension or pause that a unit has asked for and nobody has decided: a line of the timeline."""
    asked = {"task.extension_requested", "task.pause_requested"}
    decided = {"case.extended", "case.paused", "case.refused", "case.assigned", "task.completed", "case.closed"}
    for line in reversed(case["timeline"]):
        if line["event"] in decided:
            return None
        if line["event"] in asked:
            found: Mapping[str, Any] = line
            return found
    return None


def disputed_before(case: Mapping[str, Any]) -> str | None:
    """Who must decide a dispute: `dispatcher` or `adjudicator`; None where nothing is disputed."""
    clock = _running(case, "adjudication")
    return str(clock["holder"]) if clock is not None else None


def first_to_decline(case: Mapping[str, Any]) -> str:
    """The unit that had the matter first, of those that have declined it."""
    first = next(line for line in case["timeline"] if line["event"] == "task.declined")
    return str(first["actor"]).rpartition(":")[2]


def proposed_unit(case: Mapping[str, Any]) -> str:
    """Whose matter it is in the eyes of the unit that has declined it last."""
    last = next(line for line in reversed(case["timeline"]) if line["event"] == "task.declined")
    return str(last["detail"]["proposed_unit"])


def excused_unit(case: Mapping[str, Any], silent: str) -> str | None:
    """The silent unit, once a leader has planned how to go on without it and its part is still open."""
    planned = any(line["event"] == "ownership.planned" for line in case["timeline"])
    parts = case["whistles"][-1]["parts"]
    still = any(part["department"]["code"] == silent and part["state"] not in OVER for part in parts)
    return silent if planned and still else None


def whistle_to_sign_off(case: Mapping[str, Any]) -> dict[str, int] | None:
    """The ratings of all who took part, once the joint result is there; None before, and when the call is over."""
    call = case["whistles"][-1]
    if call["state"] == "done" or not call["joint_result"]:
        return None
    return {part["department"]["code"]: 5 for part in call["parts"] if part["state"] != "excused"}


def _running(case: Mapping[str, Any], kind: str) -> Mapping[str, Any] | None:
    clocks = (clock for clock in reversed(case["clocks"]) if clock["kind"] == kind and clock["stopped_at"] is None)
    return next(clocks, None)


def _told_at(case: Mapping[str, Any]) -> datetime | None:
    """When the present holder's notice reached it."""
    task_id = case["tasks"][-1]["task_id"] if case["tasks"] else None
    for line in reversed(case["timeline"]):
        if line["event"] == "task.notified" and line["detail"].get("task_id") == task_id:
            return datetime.fromisoformat(line["at"])
    return None
