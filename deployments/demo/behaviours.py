"""How units and citizens behave, and how a request that no script knows is given a behaviour of its own."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

_Way = TypeVar("_Way")


class UnitWay(StrEnum):
    """What a unit does with a piece of work."""

    PROMPT = "prompt"  # everything well within its time
    PAGE = "page"  # prompt, from a phone: the acknowledge page's form, and the citizen's number by its link
    CONTACT_FIRST = "contact_first"  # prompt, phones before anything else: the call implies the acknowledgement
    POOR_FIRST = "poor_first"  # prompt, but a poor job the first time
    EXTENSION = "extension"  # prompt, and asks for an extension
    PAUSE = "pause"  # prompt, and asks for a pause until something arrives
    LATE = "late"  # acknowledges after the limit
    SUPERVISED = "supervised"  # silent until the supervision order comes
    SILENT = "silent"  # never says a word: a dispatcher gives the case to somebody else
    JOINT = "joint"  # prompt, and leaves the end to the result of the units that a street calls
    BOUNCES = "bounces"  # tells the citizen who has it, and declines; whoever gets it next declines too


class Story(StrEnum):
    """What happens beside the handling of a request."""

    JOINT = "joint"  # a street calls the units that it needs, and all of them come
    JOINT_ALONE = "joint_alone"  # one of them stays silent, until a leader owns the case and the unit is excused
    BOUNCED = "bounced"  # two units decline it, and the adjudicator rules
    PRECEDENT = "precedent"  # the same matter in the same street: goes straight to whom the adjudicator ruled
    SILENT_OWNERS = "silent_owners"  # an old matter, owned by leaders of whom only the highest does anything
    REFERRED = "referred"  # an emergency: referred at once, and there it stays
    ANSWERED = "answered"  # a question that the knowledge base answers, and its citizen wants no more
    TURNED_DOWN = "turned_down"  # another, whose citizen turns the answer down: a unit handles it


class CitizenWay(StrEnum):
    """What a citizen does after the request."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"  # judges the first answer badly, the second well
    TURNS_DOWN = "turns_down"  # judges an instant answer badly, the unit's well
    ASKS_AGAIN = "asks_again"  # asks for the case to be reopened instead of judging the first answer
    BY_PHONE = "by_phone"  # opens no link, answers the callback centre
    SILENT = "silent"  # answers nobody: the case is closed unrated
    WITHDRAWS = "withdraws"
    WITHDRAWS_HAZARD = "withdraws_hazard"  # a danger to others: the unit finishes all the same
    THANKFUL = "thankful"  # wants nothing
    REFERRED = "referred"  # is told whom to ring, and is asked nothing


SLACK = frozenset({UnitWay.LATE, UnitWay.SUPERVISED, UnitWay.SILENT})
"""The ways in which a unit deserves to be counted late."""
OTHERS_LATE = frozenset({Story.JOINT_ALONE, Story.BOUNCED, Story.SILENT_OWNERS})
"""The stories in which it is others who make a case late, whatever the unit that handles it does."""

UNSCRIPTED_UNITS = (
    (UnitWay.PROMPT, 0.86),
    (UnitWay.CONTACT_FIRST, 0.06),
    (UnitWay.LATE, 0.04),
    (UnitWay.SUPERVISED, 0.02),
    (UnitWay.SILENT, 0.02),
)
UNSCRIPTED_CITIZENS = ((CitizenWay.BY_PHONE, 0.93), (CitizenWay.DISSATISFIED, 0.05), (CitizenWay.SILENT, 0.02))


@dataclass(frozen=True, slots=True)
class Dice:
    """Chance that falls the same way each time for the same case: a number in [0, 1) for each question asked."""

    seed: str

    def roll(self, question: str) -> float:
        digest = hashlib.sha256(f"{self.seed}:{question}".encode()).digest()
        return int.from_bytes(digest[:8]) / 2**64

    def between(self, low: float, high: float, question: str) -> float:
        return low + (high - low) * self.roll(question)


def unscripted_unit(case_no: str) -> UnitWay:
    """Mostly prompt."""
    return _drawn(UNSCRIPTED_UNITS, Dice(case_no).roll("unit"))


def unscripted_citizen(case_no: str) -> CitizenWay:
    """Whoever came in by another door has no link at hand, and is asked by phone."""
    return _drawn(UNSCRIPTED_CITIZENS, Dice(case_no).roll("citizen"))


def _drawn(shares: tuple[tuple[_Way, float], ...], point: float) -> _Way:
    reached = 0.0
    for way, share in shares:
        reached += share
        if point < reached:
            return way
    return shares[0][0]
