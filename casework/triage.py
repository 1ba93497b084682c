"""Whether the classification is sure enough to go without a dispatcher."""

from casework.case import Case
from catalog.policy import Policy


def sure(case: Case, policy: Policy) -> bool:
    """At or above the policy's threshold."""
    return case.confidence is not None and case.confidence >= policy.confidence_threshold
