"""Whether a citizen is satisfied: dissatisfied is not solved, or a satisfaction at or below the policy's line."""

from collections.abc import Mapping
from typing import Any

from catalog.policy import Policy

SATISFIED, DISSATISFIED = "satisfied", "dissatisfied"


def verdict(data: Mapping[str, Any], policy: Policy) -> str:
    """`satisfied` or `dissatisfied`, from an evaluation's `solved` and `satisfaction` (1-5)."""
    satisfied = data["solved"] and data["satisfaction"] > policy.satisfaction_threshold
    return SATISFIED if satisfied else DISSATISFIED
