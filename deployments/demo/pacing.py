"""When a unit does what about a piece of work: pure, from the clocks it was told and its way of working."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deployments.demo.behaviours import Dice, UnitWay

LONGEST_WAIT = 30.0
"""Seconds. However generous the limit, nobody watching waits longer than this for the next thing to happen."""
SHORTEST_WAIT = 0.3
LATE_AT_LEAST = 8.0
"""Seconds after the order: a unit that heard of it late is not yet late itself (`casework.charging`)."""
WITHOUT_CLOCK = 20.0
"""Seconds that a duty without a clock of its own is taken to have."""
ASKED = {UnitWay.EXTENSION: "task.extension_requested", UnitWay.PAUSE: "task.pause_requested"}
HEAD = "head"
"""The highest tier of leaders."""


@dataclass(frozen=True, slots=True)
class Order:
    """A piece of work as `task.assigned` or `task.reopened` tells of it: `due` by kind of clock.

    As `whistle.called` or `ownership.assigned` tells of it, it has a `role` too, and the call's name or the tier.
    """

    case_no: str
    task_id: str
    unit: str
    item: Mapping[str, str] | None
    due: Mapping[str, datetime]
    heard_at: datetime
    ack_url: str | None = None
    contact_url: str | None = None
    role: str | None = None
    call_id: str | None = None
    tier: str | None = None

    @property
    def first(self) -> bool:
        """Whether this is the case's first piece of work: later ones were taken from somebody or sent back."""
        return self.task_id.endswith("-T1")

    @property
    def has_phone(self) -> bool:
        return "contact" in self.due or self.contact_url is not None


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do, so many seconds after the order: a type of webhook message, or `page` for the page's form.

    `again`: said again until it is taken, since it waits for what others do.
    """

    after: float
    type: str
    again: bool = False


def order_of(unit: str, data: Mapping[str, Any], now: datetime) -> Order:
    """The order in a webhook message's data, heard now."""
    due = {clock["kind"]: datetime.fromisoformat(clock["due_at"]) for clock in data["clocks"] if clock["due_at"]}
    return Order(
        case_no=data["case_no"],
        task_id=data["task_id"],
        unit=unit,
        item=data["item"],
        due=due,
        heard_at=now,
        ack_url=data.get("ack_url"),
        contact_url=data.get("contact_url"),
        role=data.get("role"),
        call_id=data.get("call_id"),
        tier=data.get("tier"),
    )


def plan(way: UnitWay, order: Order, now: datetime) -> tuple[Deed, ...]:
    """What the unit does by itself, in order of time. One that waits to be supervised, or for nothing, does nothing."""
    if not order.due or (order.first and way in (UnitWay.SUPERVISED, UnitWay.SILENT)):
        return ()
    pace = Pace(order, now)
    if way is UnitWay.BOUNCES and not order.first:
        return (Deed(pace.within(0.05, 0.1, "completion"), "task.declined"),)
    if not order.first and way is not UnitWay.JOINT:
        way = UnitWay.PROMPT
    start = pace.late("feedback") if way is UnitWay.LATE else pace.within(0.05, 0.15, "feedback")
    return _in_order(*_work(way, start, pace, has_phone=order.has_phone))


def part(order: Order, now: datetime) -> tuple[Deed, ...]:
    """What a called unit does: reports in, comes, does its part; who leads files the result of all, once it may."""
    pace = Pace(order, now)
    reported = pace.within(0.1, 0.25, "report_in")
    arrived = reported + pace.within(0.05, 0.1, "part")
    done = arrived + pace.within(0.1, 0.2, "part")
    last = "whistle.joint_result" if order.role == "lead" else "whistle.part_completed"
    return (Deed(reported, "whistle.reported_in"), Deed(arrived, "whistle.arrived"), Deed(done, last, again=True))


def ownership(order: Order, now: datetime, *, only_at_the_top: bool) -> tuple[Deed, ...]:
    """What a leader's office does: an owner accepts, visits, plans and asks for the end; who is above approves.

    `only_at_the_top`: no owner but the highest does anything.
    """
    if order.role == "approver":
        return (Deed(1.5, "ownership.approved"),)
    if only_at_the_top and order.tier != HEAD:
        return ()
    start = Pace(order, now).within(0.1, 0.2, "accept")
    deeds = ("ownership.accepted", "ownership.visited", "ownership.planned")
    end = Deed(start + 2.0 * len(deeds), "ownership.dissolution_requested", again=True)
    return (*(Deed(start + 2.0 * n, kind) for n, kind in enumerate(deeds)), end)


def hurried(order: Order, now: datetime) -> tuple[Deed, ...]:
    """What a unit does that a supervision order has woken: everything owed, one thing after the other."""
    pace = Pace(order, now)
    owed = ["task.acknowledged", *(["task.contacted"] if order.has_phone else []), "task.first_round"]
    begin = max(LATE_AT_LEAST - (now - order.heard_at).total_seconds(), 0.5)
    done = max(pace.within(0.3, 0.5, "completion"), begin + len(owed))
    return (*(Deed(begin + 0.7 * n, kind) for n, kind in enumerate(owed)), Deed(done, "task.completed"))


def after_the_ruling(order: Order, now: datetime) -> tuple[Deed, ...]:
    """What is left to whoever has the matter after all."""
    done = min(Pace(order, now).within(0.15, 0.25, "completion"), 6.0)
    return (Deed(SHORTEST_WAIT, "task.first_round"), Deed(SHORTEST_WAIT + done, "task.completed"))


def after_the_answer(order: Order, now: datetime) -> tuple[Deed, ...]:
    """What is left once an extension or a pause has been decided, or the pause is over."""
    return (Deed(min(Pace(order, now).within(0.1, 0.2, "completion"), 5.0), "task.completed"),)


class Pace:
    """Seconds to wait, as shares of the time that is left on a clock; never long, never nothing."""

    def __init__(self, order: Order, now: datetime) -> None:
        self._order, self._now = order, now
        self._dice = Dice(order.task_id)

    def left(self, kind: str) -> float:
        due = self._order.due.get(kind)
        return max((due - self._now).total_seconds(), 0.0) if due else WITHOUT_CLOCK

    def within(self, low: float, high: float, kind: str) -> float:
        share = self._dice.between(low, high, f"{kind}:{low}")
        return min(max(share * self.left(kind), SHORTEST_WAIT), LONGEST_WAIT)

    def late(self, kind: str) -> float:
        """Some way past the limit, and always past it."""
        past = self.left(kind) + max(min(0.25 * self.left(kind), LONGEST_WAIT), 1.0)
        return max(past, LATE_AT_LEAST)

    def often(self, share: float, question: str) -> bool:
        return self._dice.roll(question) < share


def _work(way: UnitWay, start: float, pace: Pace, *, has_phone: bool) -> list[Deed]:
    contacted = start + pace.within(0.05, 0.15, "contact")
    first_round = max(pace.within(0.3, 0.45, "first_round"), contacted + 1.0)
    completed = max(pace.within(0.4, 0.6, "completion"), first_round + 2.0)
    deeds = [Deed(start, "page" if way is UnitWay.PAGE else "task.acknowledged")]
    if way is UnitWay.CONTACT_FIRST and has_phone:
        deeds = [Deed(start, "task.contacted")]
    elif has_phone:
        deeds.append(Deed(contacted, "task.contacted"))
    if way is UnitWay.BOUNCES:
        return [*deeds, Deed(contacted + 0.5, "task.declined")]
    deeds.append(Deed(first_round, "task.first_round"))
    if way is UnitWay.JOINT:
        return deeds
    if way in ASKED:
        return [*deeds, Deed(first_round + 1.0, ASKED[way])]  # what follows depends on the answer
    if pace.often(0.25, "progress"):
        deeds.append(Deed((first_round + completed) / 2, "task.progress"))
    return [*deeds, Deed(completed, "task.completed")]


def _in_order(*deeds: Deed) -> tuple[Deed, ...]:
    return tuple(sorted(deeds, key=lambda deed: deed.after))
