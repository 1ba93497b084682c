"""The bar at the top of a citizen's page: 已收 → 派单 → 签收 → 联系 → 办理 → 回访 → 结案."""

from dataclasses import dataclass

from casework.case import Case
from casework.clocks import ClockKind
from casework.states import Outcome, State

STEPS = ("received", "assign", "acknowledge", "contact", "handle", "callback", "close")
OF_THANKS = ("received", "assign", "close")
OF_A_REFERRAL = ("received", "refer", "close")
AT_ONCE = ("received", "answer", "callback", "close")
NOT_ACCEPTED = ("received", "close")

AT = {
    State.RECEIVED: "assign",
    State.TRIAGE: "assign",
    State.AWAITING_ACK: "acknowledge",
    State.AWAITING_CONTACT: "contact",
    State.IN_PROGRESS: "handle",
    State.PAUSED: "handle",
    State.AWAITING_REFERRAL: "refer",
    State.AWAITING_RECHECK: "handle",
    State.AWAITING_CALLBACK: "callback",
}
"""Where the request's own way has come to; a dispute, a call or an ownership beside it changes nothing here."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `done`, `now` or `ahead`."""

    name: str
    phase: str


def progress(case: Case) -> list[Step]:
    """The steps of this case: no call where there is no phone, no handling of thanks, nor of what is not ours or was
    answered at once.
    """
    names = _names(case)
    if case.clock(ClockKind.CONTACT) is None:
        names = tuple(name for name in names if name != "contact")
    at = names.index(AT[case.stage]) if case.open else len(names)
    return [Step(name, "done" if n < at else "now" if n == at else "ahead") for n, name in enumerate(names)]


def _names(case: Case) -> tuple[str, ...]:
    if case.stage is State.AWAITING_REFERRAL or case.outcome is Outcome.REFERRED_OUT:
        return OF_A_REFERRAL
    if case.outcome is Outcome.NOT_ACCEPTED:
        return NOT_ACCEPTED
    if case.answered_at_once:
        return AT_ONCE
    return OF_THANKS if case.nature == "thanks" else STEPS
