"""Child runs: linked under their parent in Prefect's graph so that its re-runs neither lose nor double them."""

from collections.abc import Sequence
from dataclasses import dataclass

CHILD_STEP = "huiyin.child"
"""Names the steps that stand for child runs in their parent's graph; no code of ours ever runs under it."""


@dataclass(frozen=True, slots=True)
class NewChild:
    """A strand's run as it is to be made. One strand and generation make one run, however often it is asked for."""

    child_id: str
    case_no: str
    strand: str
    flow: str
    district: str
    grade: str
    generation: int
    name: str
    tags: Sequence[str]

    @property
    def idempotency_key(self) -> str:
        return f"{self.child_id}:{self.generation}"


@dataclass(frozen=True, slots=True)
class MadeChild:
    """The run, and the step of the parent under which it is shown."""

    flow_run_id: str
    task_run_id: str
