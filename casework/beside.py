"""What may be open beside the handling of a request: a whistle call, an ownership, a dispute; and what may stand in
place of handling: a referral, an instant answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from casework.states import State


@dataclass(frozen=True, slots=True)
class Whistle:
    """A call of the units that a matter needs (吹哨). `caller` is a unit's code, or ``dispatcher``.

    Its parts are the tasks that name it. It is open until the caller has signed off, or every part has been excused.
    """

    call_id: str
    caller: str
    reason: str
    called_at: datetime
    joint_result: str = ""
    filed_at: datetime | None = None
    ratings: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    ended_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of ownership: a leader and the unit of his office. `top`: only the leading group is above."""

    tier: str  # unit, district, head or group
    owner: str
    office: str
    top: bool = False


@dataclass(frozen=True, slots=True)
class Ownership:
    """A leader's ownership of a case (提级包案), from its opening to 销案.

    `task_id` is the present owner's work, `approver` the approval's while one is awaited. `hearing`: the one that
    follows dissatisfaction after 销案 and can only be concluded.
    """

    call_id: str
    trigger: str
    at: Tier
    above: Tier
    task_id: str
    opened_at: datetime
    state: State
    hearing: bool = False
    approver: str | None = None
    disposition: str | None = None
    opinion: str = ""
    result: str = ""
    dissolved_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.dissolved_at is None


@dataclass(frozen=True, slots=True)
class Decline:
    """A unit's refusal of the work, and what every account stood at then: the ruling charges the time since."""

    unit: str
    at: datetime
    proposed_unit: str | None
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Referral:
    """To whom the matter was referred out of our hands: an emergency line, a utility, another district, the city."""

    to: str
    name: str
    reason: str
    at: datetime
    due_at: datetime | None = None
    task_id: str | None = None
    confirmed_at: datetime | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class InstantAnswer:
    """What the knowledge base answered (秒回), with the version of its words and how sure (0..1) it was that they fit.

    It stands until its citizen turns it down; then a unit handles the case as any other.
    """

    entry: str
    version: str
    confidence: float
    text: str
    source: str
    at: datetime
    turned_down_at: datetime | None = None
