"""Where a case and the pieces of its work may stand, how a case may end, and in what part a unit may work on it."""

from enum import StrEnum


class State(StrEnum):
    """Where a case, or a piece of its work, stands (CONTRACT, States)."""

    RECEIVED = "received"
    TRIAGE = "triage"
    AWAITING_ACK = "awaiting_ack"
    AWAITING_CONTACT = "awaiting_contact"
    IN_PROGRESS = "in_progress"
    IN_DISPUTE = "in_dispute"
    JOINT_HANDLING = "joint_handling"
    OWNED = "owned"
    PAUSED = "paused"
    AWAITING_REFERRAL = "awaiting_referral"
    AWAITING_RECHECK = "awaiting_recheck"
    AWAITING_CALLBACK = "awaiting_callback"
    CLOSED = "closed"
    # of a called unit's part
    AWAITING_REPORT_IN = "awaiting_report_in"
    AWAITING_ARRIVAL = "awaiting_arrival"
    DONE = "done"
    EXCUSED = "excused"
    # of an ownership
    AWAITING_ACCEPTANCE = "awaiting_acceptance"
    AWAITING_APPROVAL = "awaiting_approval"
    DISSOLVED = "dissolved"


STAGES = (
    State.RECEIVED,
    State.TRIAGE,
    State.AWAITING_ACK,
    State.AWAITING_CONTACT,
    State.IN_PROGRESS,
    State.PAUSED,
    State.AWAITING_REFERRAL,
    State.AWAITING_RECHECK,
    State.AWAITING_CALLBACK,
    State.CLOSED,
)
"""Of the request's own way; a dispute, a whistle call or an ownership may be open beside any of them."""
ENDED = frozenset({State.DONE, State.EXCUSED, State.DISSOLVED})
"""A piece of work that has come to an end of its own."""


class TaskRole(StrEnum):
    """In what part a unit has a piece of work."""

    HANDLER = "handler"
    LEAD = "lead"
    CO = "co"
    OWNER = "owner"
    APPROVER = "approver"
    REFERRAL = "referral"


PARTS = frozenset({TaskRole.LEAD, TaskRole.CO})


class Outcome(StrEnum):
    """How a case ended."""

    RESOLVED = "resolved"
    EXPLAINED = "explained"
    UNRATED = "unrated"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    NOT_ACCEPTED = "not_accepted"
    REFERRED_OUT = "referred_out"
    CONCLUDED = "concluded"
