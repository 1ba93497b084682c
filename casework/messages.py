"""What a unit may say of its task: one model a message type (CONTRACT, Webhook messages, *in*)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, HttpUrl, StringConstraints

from casework.events import Kind

LONGEST_URL = 2000


def _no_nul(written: str) -> str:
    if "\x00" in written:
        raise ValueError("must not contain the character U+0000")
    return written


def _rfc3339(written: object) -> datetime:
    if not isinstance(written, str):
        raise ValueError("must be a time such as 2026-11-22T10:30:00+08:00")  # noqa: TRY004  pydantic tells ValueErrors
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError("must be a time such as 2026-11-22T10:30:00+08:00") from None
    if at.tzinfo is None:
        raise ValueError("must say its zone, such as +08:00 or Z")
    return at


NO_NUL = AfterValidator(_no_nul)  # PostgreSQL cannot keep it
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000), NO_NUL]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), NO_NUL]
Moment = Annotated[datetime, BeforeValidator(_rfc3339)]
Days = Annotated[int, Field(strict=True, ge=1)]


class Envelope(BaseModel):
    """The body of every message. Unknown fields are ignored, so that a sender may be newer than the receiver."""

    model_config = ConfigDict(frozen=True)

    type: Line
    schema_: Literal[1] = Field(default=1, alias="schema")
    timestamp: Moment
    data: dict[str, Any]


class TaskMessage(BaseModel):
    """What every message names: the case, and the piece of work given to the unit."""

    model_config = ConfigDict(frozen=True)

    case_no: Line
    task_id: Line

    def act_data(self) -> dict[str, Any]:
        """The data of the act it becomes: without the case's number and what was not said."""
        return self.model_dump(mode="json", exclude={"case_no"}, exclude_none=True)


class Acknowledged(TaskMessage):
    """签收: who handles it, and what the citizen is told."""

    handler: Line
    feedback: Words


class Contacted(TaskMessage):
    """电话约见."""

    note: Words
    appointment: Line | None = None


class Noted(TaskMessage):
    """现场查看, or 进展."""

    note: Words


class FirstRound(TaskMessage):
    """首轮办理."""

    responsible_person: Line
    note: Words


class ExtensionRequested(TaskMessage):
    """申请延期, by so many working days."""

    reason: Words
    days: Days


class PauseRequested(TaskMessage):
    """申请挂起, until a date of review."""

    reason: Words
    review_at: Moment


class Resumed(TaskMessage):
    """恢复办理."""

    reason: Words | None = None


class Completed(TaskMessage):
    """办结: the result, and where its evidence can be seen."""

    result: Words
    evidence: tuple[Annotated[HttpUrl, Field(max_length=LONGEST_URL)], ...] = Field(default=(), max_length=50)


MESSAGES: Mapping[Kind, type[TaskMessage]] = {
    Kind.ACKNOWLEDGED: Acknowledged,
    Kind.CONTACTED: Contacted,
    Kind.VISITED: Noted,
    Kind.FIRST_ROUND: FirstRound,
    Kind.PROGRESS: Noted,
    Kind.EXTENSION_REQUESTED: ExtensionRequested,
    Kind.PAUSE_REQUESTED: PauseRequested,
    Kind.TASK_RESUMED: Resumed,
    Kind.COMPLETED: Completed,
}

# Messages of mechanisms that no state of the present life cycle knows: understood, and out of place.
OUT_OF_PLACE = frozenset(
    {
        "task.declined",
        "task.delegated",
        "referral.confirmed",
        *(f"whistle.{step}" for step in ("requested", "reported_in", "arrived", "part_completed", "declined")),
        *(f"whistle.{step}" for step in ("joint_result", "excused", "signed_off")),
        *(f"ownership.{step}" for step in ("accepted", "visited", "planned", "reviewed")),
        *(f"ownership.{step}" for step in ("dissolution_requested", "approved", "refused")),
    }
)
