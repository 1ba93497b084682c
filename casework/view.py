"""A case in JSON, as CONTRACT shapes it (names of items and units come from the caller's catalogue)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.beside import InstantAnswer, Referral, Whistle
from casework.case import Case
from casework.charging import charged_to
from casework.clocks import Clock
from casework.disputing import DISPUTED
from casework.events import Event
from casework.waiting import awaited_clock
from catalog.texts import text


@dataclass(frozen=True, slots=True)
class Names:
    """Names to show: of the item and of each unit of the district."""

    item: str | None
    units: dict[str, str]


def case_json(case: Case, names: Names, now: datetime) -> dict[str, Any]:
    """The case without `flow_run_id` and `timeline`, which are the ledger's."""
    awaited = awaited_clock(case) if case.open else None
    return {
        "case_no": case.case_no,
        "district": case.district,
        "channel": case.channel,
        "property": case.nature,
        "state": str(case.state),
        "state_zh": text(f"state.{case.state}"),
        "outcome": case.outcome and str(case.outcome),
        "grade": str(case.grade),
        "item": {"code": case.item, "name": names.item} if case.item else None,
        "confidence": case.confidence,
        "candidates": [_candidate(candidate, names) for candidate in case.candidates],
        "department": _department(case.unit, names),
        "received_at": iso(case.received_at),
        "closed_at": iso(case.closed_at),
        "next_due_at": iso(awaited.due_at) if awaited else None,
        "policy_version": case.policy_version,
        "catalogue_version": case.catalogue_version,
        "reopened": case.reopened,
        "merged_into": case.merged_into,
        "suspects": [dict(suspect) for suspect in case.suspects],
        "referral": referral_json(case.referral),
        "instant_answer": answer_json(case.instant),
        "clocks": [clock_json(case, clock, now) for clock in case.clocks],
        "held": [{"holder": who, "seconds": seconds} for who, seconds in _accounts(case, now).items()],
        "precedent": dict(case.precedent) if case.precedent else None,
        "tasks": [
            {
                "task_id": task.task_id,
                "department": _department(task.unit, names),
                "role": str(task.role),
                "state": str(task.state),
            }
            for task in case.tasks
        ],
        "whistles": [whistle_json(case, call, names) for call in case.whistles],
        "ownerships": [
            {
                "call_id": one.call_id,
                "tier": one.at.tier,
                "owner": one.at.owner,
                "state": str(one.state),
                "disposition": one.disposition,
                "trigger": one.trigger,
            }
            for one in case.ownerships
        ],
        "evaluations": [
            {"solved": said.solved, "satisfaction": said.satisfaction, "at": iso(said.at)} for said in case.evaluations
        ],
    }


def _candidate(candidate: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """As it was found; while it waits for a dispatcher, with the unit that it would go to and why."""
    unit = {"unit": _department(candidate["unit"], names)} if "unit" in candidate else {}
    return {**candidate, **unit}


def _accounts(case: Case, now: datetime) -> dict[str, float]:
    """Seconds by holder. What is disputed is shown as the first unit's: it is responsible until somebody else is."""
    seconds = dict(case.held.until(case.closed_at or now).seconds)
    if DISPUTED in seconds:
        first = f"department:{case.declines[-1].unit}" if case.declines else "dispatcher"
        seconds[first] = seconds.get(first, 0.0) + seconds.pop(DISPUTED)
    return seconds


def whistle_json(case: Case, call: Whistle, names: Names) -> dict[str, Any]:
    """A whistle call with its parts; its state is the case's while it is open, then done."""
    parts = case.parts(call.call_id)
    leading = next((part.unit for part in parts if part.role == "lead"), None)
    return {
        "call_id": call.call_id,
        "state": "joint_handling" if call.open and case.open else "done",
        "caller": call.caller,
        "lead": leading,
        "joint_result": call.joint_result or None,
        "ratings": dict(call.ratings),
        "parts": [
            {
                "department": _department(part.unit, names),
                "task_id": part.task_id,
                "role": str(part.role),
                "state": str(part.state),
            }
            for part in parts
        ],
    }


def referral_json(referral: Referral | None) -> dict[str, Any] | None:
    if referral is None:
        return None
    return {
        "to": referral.to,
        "name": referral.name,
        "reason": referral.reason,
        "at": iso(referral.at),
        "due_at": iso(referral.due_at),
        "confirmed_at": iso(referral.confirmed_at),
        "reference": referral.reference,
    }


def answer_json(answer: InstantAnswer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "entry": answer.entry,
        "version": answer.version,
        "confidence": answer.confidence,
        "answer": answer.text,
        "source": answer.source,
        "at": iso(answer.at),
        "turned_down_at": iso(answer.turned_down_at),
    }


def clock_json(case: Case, clock: Clock, now: datetime) -> dict[str, Any]:
    rungs = [
        {
            "n": step.n,
            "at": iso(step.at),
            "action": str(clock.rung(step.n).action),
            "fired_at": None if step.skipped else iso(step.fired_at),
            "skipped": step.skipped,
        }
        for step in clock.climbed
    ]
    ahead = range(len(clock.climbed), max(len(clock.ladder), len(clock.climbed) + 1)) if clock.running else ()
    rungs += [
        {
            "n": n,
            "at": iso(clock.instant(clock.rung(n).at_percent)),
            "action": str(clock.rung(n).action),
            "fired_at": None,
            "skipped": False,
        }
        for n in ahead
    ]
    return {
        "kind": str(clock.kind),
        "holder": clock.holder,
        "started_at": iso(clock.started_at),
        "due_at": iso(clock.due_at),
        "met_at": iso(clock.met_at),
        "stopped_at": iso(clock.stopped_at),
        "breached": clock.breached(now),
        "charged_to": charged_to(case, clock, now),
        "paused_seconds": clock.paused_seconds(now),
        "provisional": clock.provisional,
        "rungs": rungs,
    }


def timeline_json(event: Event, digest: str) -> dict[str, Any]:
    """One line of the record."""
    return {
        "seq": event.seq,
        "at": iso(event.at),
        "event": str(event.kind),
        "event_zh": text(f"event.{event.kind}"),
        "actor": str(event.actor),
        "detail": dict(event.data),
        "hash": digest,
    }


def clocks_ahead(clocks: Sequence[Clock]) -> list[dict[str, Any]]:
    """The running clocks as a unit is told of them: `[{kind, due_at}]`."""
    return [{"kind": str(clock.kind), "due_at": iso(clock.due_at)} for clock in clocks if clock.running]


def _department(code: str | None, names: Names) -> dict[str, str] | None:
    return {"code": code, "name": names.units.get(code, code)} if code else None


def iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
