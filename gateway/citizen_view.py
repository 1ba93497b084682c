"""What a citizen's page shows, and what it lets its citizen do: decided here, drawn by the template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.case import Case
from casework.clocks import OF_THE_UNIT, Clock
from casework.events import Kind, Role
from casework.life_cycle import allowed
from casework.states import State
from casework.waiting import awaited_clock, spoken
from catalog.policy import Policy
from catalog.texts import text
from gateway.pages import day_and_time
from gateway.progress import Step, progress
from gateway.story import Chapter

ACTIONS = {Kind.EVALUATED: "evaluate", Kind.REOPENED: "reopen", Kind.WITHDREW: "withdraw"}


@dataclass(frozen=True, slots=True)
class Line:
    """A name and what stands beside it; `tone` is good, bad, or empty."""

    name: str
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class CitizenPage:
    """Everything the template needs. `after`: what follows where the citizen is dissatisfied now, as the texts name it:
    empty (the unit handles it again), `_heard` (评理), or `_at_once` (an instant answer is turned down, 转人工).
    """

    case_no: str
    desk: str
    headline: str
    due: Line | None
    steps: list[Step]
    words: str
    facts: list[Line]
    promises: list[Line]
    chapters: list[Chapter]
    can: list[str]
    line: int
    after: str
    reopen_until: str | None
    said: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What the page is made from: names and times beside the case."""

    case: Case
    policy: Policy
    text: str
    desk: str
    channel: str
    item: str | None
    units: Mapping[str, str]
    chapters: list[Chapter]
    now: datetime


def citizen_page(told: Told) -> CitizenPage:
    case, now = told.case, told.now
    unit = told.units.get(case.unit or "", text("citizen_page.no_unit"))
    return CitizenPage(
        case_no=case.case_no,
        desk=told.desk,
        headline=text(f"headline.{_headline(case)}", unit=unit, **_referred(case)),
        due=_due(case, now),
        steps=progress(case),
        words=told.text,
        facts=_facts(told, unit),
        promises=_promises(case, unit, now),
        chapters=sorted(told.chapters, key=lambda chapter: chapter.at, reverse=True),
        can=can(case, told.policy, now),
        line=told.policy.satisfaction_threshold,
        after=_after(case),
        reopen_until=_reopen_until(case, told.policy, now),
        said=_said(case),
    )


def can(case: Case, policy: Policy, now: datetime) -> list[str]:
    """What the citizen may do now, by the names of the page's actions."""
    names = [ACTIONS[Kind(kind)] for kind in allowed(case, Role.CITIZEN) if kind in ACTIONS]
    over = case.closed_at is not None and now - case.closed_at > timedelta(days=policy.reopen_days)
    useless = {"reopen"} if "evaluate" in names else set()  # an evaluation says it better
    useless |= {"withdraw"} if case.withdrawn else set()
    return [] if over else [name for name in names if name not in useless]


def _headline(case: Case) -> str:
    if case.ownership is not None and case.ownership.hearing:
        return "owned_hearing"
    if case.merged_into is not None and case.open and case.stage is not State.AWAITING_CALLBACK:
        return "merged"
    if case.state is State.AWAITING_ACK and case.reopened:
        return "awaiting_ack_again"
    if case.state is State.AWAITING_CALLBACK and case.answered_at_once:
        return "awaiting_callback_at_once"
    if case.state is State.RECEIVED and case.instant is not None:
        return "received_turned_down"
    if case.open:
        return str(case.state)
    return "closed_thanks" if case.nature == "thanks" and case.unit else f"closed_{case.outcome}"


def _referred(case: Case) -> dict[str, str]:
    """To whom, and under which number it is known there."""
    referral = case.referral
    return {"name": referral.name if referral else "", "reference": (referral and referral.reference) or ""}


def _due(case: Case, now: datetime) -> Line | None:
    clock = awaited_clock(case) if case.open and case.state is not State.AWAITING_CALLBACK else None
    if clock is None or clock.due_at is None:
        return None
    late = clock.breached(now)
    return Line("", text(f"citizen_page.{'overdue' if late else 'due'}", when=spoken(clock.due_at, now)), "bad" * late)


def _facts(told: Told, unit: str) -> list[Line]:
    facts: dict[str, Any] = {
        "received": day_and_time(told.case.received_at, told.now),
        "channel": told.channel,
        "item": told.item,
        "unit": unit if told.case.unit else None,
    }
    return [Line(text(f"citizen_page.{name}"), words) for name, words in facts.items() if words]


def _after(case: Case) -> str:
    if case.ownerships:
        return "_heard"
    return "_at_once" if case.answered_at_once else ""


def _promises(case: Case, unit: str, now: datetime) -> list[Line]:
    """None while an instant answer stands: no unit has promised anything."""
    clocks = [] if case.answered_at_once else case.clocks
    return [_promise(clock, unit, now) for clock in clocks if clock.kind in OF_THE_UNIT]


def _promise(clock: Clock, unit: str, now: datetime) -> Line:
    name = text(f"citizen_page.promise.{clock.kind}", unit=unit)
    due = spoken(clock.due_at, now) if clock.due_at else ""
    late = clock.breached(now)
    if clock.met_at is not None:
        words = text(f"citizen_page.{'late' if late else 'met'}", when=spoken(clock.met_at, now), due=due)
        return Line(name, words, "bad" if late else "good")
    if late:
        return Line(name, text("citizen_page.missed", due=due), "bad")
    if not clock.running:
        return Line(name, text("citizen_page.stopped"))
    return Line(name, text("citizen_page.paused") if clock.paused else text("citizen_page.running", due=due))


def _reopen_until(case: Case, policy: Policy, now: datetime) -> str | None:
    return spoken(case.closed_at + timedelta(days=policy.reopen_days), now) if case.closed_at else None


def _said(case: Case) -> str | None:
    """The citizen's last word, while it stands."""
    if not case.evaluations or (case.open and case.stage is not State.AWAITING_ACK and not case.heard):
        return None
    last = case.evaluations[-1]
    solved = text("citizen_page.solved_yes" if last.solved else "citizen_page.solved_no")
    return text("citizen_page.evaluated", solved=solved, satisfaction=last.satisfaction)
