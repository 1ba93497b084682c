"""The word in an event that decides what state follows: an evaluation's, a ruling's, a merged case's."""

from collections.abc import Mapping
from typing import Any

from casework.case import Case
from casework.events import Kind
from catalog.policy import Policy

SATISFIED, DISSATISFIED = "satisfied", "dissatisfied"
SAME, ANOTHER = "same", "another"


def verdict(data: Mapping[str, Any], policy: Policy) -> str:
    """`satisfied` or `dissatisfied`, from an evaluation's `solved` and `satisfaction` (1-5).

    Dissatisfied is not solved, or a satisfaction at or below the policy's line.
    """
    satisfied = data["solved"] and data["satisfaction"] > policy.satisfaction_threshold
    return SATISFIED if satisfied else DISSATISFIED


def word(case: Case, kind: Kind, data: Mapping[str, Any], policy: Policy) -> str:
    """What narrows the rows of the table for this event; empty where nothing does."""
    match kind:
        case Kind.EVALUATED:
            return verdict(data, policy)
        case Kind.RULED:
            return SAME if data["unit"] == case.unit else ANOTHER
        case Kind.FOLLOWED:
            return "completed" if data["kind"] == Kind.COMPLETED else ""
        case _:
            return ""
