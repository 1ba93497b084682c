"""The bar at the top of a citizen's page: 已收 → 派单 → 签收 → 联系 → 办理 → 回访 → 结案."""

from dataclasses import dataclass

from casework.case import Case, State
from casework.clocks import ClockKind

STEPS = ("received", "assign", "acknowledge", "contact", "handle", "callback", "close")
OF_THANKS = ("received", "assign", "close")

AT = {
    State.RECEIVED: "assign",
    State.TRIAGE: "assign",
    State.AWAITING_ACK: "acknowledge",
    State.AWAITING_CONTACT: "contact",
    State.IN_PROGRESS: "handle",
    State.PAUSED: "handle",
    State.AWAITING_CALLBACK: "callback",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `done`, `now` or `ahead`."""

    name: str
    phase: str


def progress(case: Case) -> list[Step]:
    """The steps of this case: no call where there is no phone, no handling of thanks."""
    names: tuple[str, ...] = OF_THANKS if case.nature == "thanks" else STEPS
    if case.clock(ClockKind.CONTACT) is None:
        names = tuple(name for name in names if name != "contact")
    at = names.index(AT[case.state]) if case.open else len(names)
    return [Step(name, "done" if n < at else "now" if n == at else "ahead") for n, name in enumerate(names)]
