"""What came to the units: every delivery, how often, and what a receiver that takes each `webhook-id` once has done."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

RUNGS = frozenset({"task.reminded", "task.urged", "task.supervised"})
ONCE_A_TASK = frozenset({"task.assigned", "task.reassigned", "task.withdrawn", "task.reopened", "case.closed"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message asks of its receiver, however its body is worded: two of the same meaning are one effect twice."""

    unit: str
    type: str
    case_no: str
    task_id: str
    cause: str


def meaning_of(unit: str, message: Mapping[str, Any]) -> Meaning:
    """A rung's message is told by its clock, rung and limit, to a leader also by whose clock; one that a task gets
    once by the task, others by event.
    """
    kind, data = str(message["type"]), message["data"]
    if kind in RUNGS:
        cause = f"{data['clock']}.{data['rung']} {data['due_at']} {data.get('holder', '')}"
    else:
        cause = "" if kind in ONCE_A_TASK else str(data["case_seq"])
    return Meaning(unit, kind, data["case_no"], data["task_id"] or "", cause)


@dataclass(slots=True)
class Post:
    """The units' receivers together: `note` every delivery as it comes."""

    _came: Counter[str] = field(default_factory=Counter)
    _meanings: dict[str, set[Meaning]] = field(default_factory=dict)

    def note(self, unit: str, delivery: str, message: Mapping[str, Any]) -> None:
        self._came[delivery] += 1
        self._meanings.setdefault(delivery, set()).add(meaning_of(unit, message))

    @property
    def received(self) -> int:
        return self._came.total()

    @property
    def ids(self) -> Collection[str]:
        return self._came.keys()

    @property
    def ambiguous(self) -> list[str]:
        """Ids that came with more than one meaning."""
        return sorted(delivery for delivery, meanings in self._meanings.items() if len(meanings) > 1)

    @property
    def doubled(self) -> list[Meaning]:
        """Effects that were had more than once, although each id was taken once."""
        effects = Counter(meaning for meanings in self._meanings.values() for meaning in meanings)
        return [meaning for meaning, times in effects.items() if times > 1]
