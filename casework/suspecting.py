"""Suspicion (疑似重复): which other cases a new one may be the same matter as, and whether it joins one by itself."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from casework.case import Case
from casework.errors import Refused
from casework.events import SYSTEM, Act, Event
from casework.merging import may_join, merge_act
from catalog.policy import Grade, Policy

MOST = 3
"""So many others are named; whoever reads them compares each."""


def looked_for_since(policy: Policy, received_at: datetime) -> datetime | None:
    """Cases received before this are another time's; None where duplicates are not looked for."""
    return received_at - timedelta(days=policy.duplicate_days) if policy.duplicate_days else None


def worth_telling(found: Mapping[str, float], policy: Policy) -> list[dict[str, Any]]:
    """What an event says of the others, `{case_no, probability}`, surest first; empty where none is likely enough."""
    likely = [(case_no, one) for case_no, one in found.items() if one >= policy.suspect_threshold]
    ranked = sorted(likely, key=lambda pair: (-pair[1], pair[0]))[:MOST]
    return [{"case_no": case_no, "probability": round(probability, 4)} for case_no, probability in ranked]


def suspected(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, suspects=tuple(event.data["suspects"]))


def joining(
    case: Case, into: Case, policy: Policy, others: Collection[str], *, at: datetime, reason: str
) -> Act | None:
    """The act by which a suspected case joins the likeliest other without anybody's word; None where it must not.

    `others`: the open cases that are merged into this one. Nobody's word is enough only where the policy has set how
    sure one must be, for no A, into a case that a unit is at work on and that is as grave: a graver one would change
    the limits of another citizen's case.
    """
    first = case.suspects[0] if case.suspects else None
    if first is None or policy.merge_threshold is None or first["probability"] < policy.merge_threshold:
        return None
    if Grade.A in (case.grade, into.grade) or case.grade < into.grade or case.line is not None:
        return None
    try:
        may_join(case, into, others)
    except Refused:  # closed meanwhile, or the complaint is about its unit: a dispatcher sees to it
        return None
    act = merge_act(case, into, SYSTEM, at, reason)
    return act if "unit" in act.data else None
