"""What a unit may say of its task: one model a message type (CONTRACT, Webhook messages, *in*)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    model_validator,
)

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


class UnitMessage(BaseModel):
    """What every message names: the case, and the unit's piece of work where it needs one."""

    model_config = ConfigDict(frozen=True)

    case_no: Line
    task_id: Line | None = None

    def act_data(self) -> dict[str, Any]:
        """The data of the act it becomes: without the case's number and what was not said."""
        return self.model_dump(mode="json", exclude={"case_no"}, exclude_none=True)


class TaskMessage(UnitMessage):
    """Most are about the piece of work that was given to the unit."""

    task_id: Line


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


class Declined(TaskMessage):
    """退单: why it is not this unit's matter, and whose it is."""

    reason: Words
    proposed_unit: Line


class Delegated(TaskMessage):
    """转派 to a unit below."""

    to: Line
    reason: Words | None = None


class ReferralConfirmed(TaskMessage):
    """转接确认: under which number it is known there."""

    reference: Line


class ReferralReturned(TaskMessage):
    """转接退回: why it is not theirs."""

    reason: Words


class CallMessage(TaskMessage):
    """What is said within a whistle call."""

    call_id: Line


class Reported(CallMessage):
    """报到, or 到场."""

    note: Words | None = None


class PartCompleted(CallMessage):
    """分工办结."""

    note: Words


class PartDeclined(CallMessage):
    """Why this unit is not needed: the caller may excuse it."""

    reason: Words | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _says_why(self) -> "PartDeclined":
        if self.reason is None and self.note is None:
            raise ValueError("reason is needed: say why the unit is not needed")
        return self

    def act_data(self) -> dict[str, Any]:
        return {**super().act_data(), "reason": self.reason or self.note}


class Whistled(UnitMessage):
    """吹哨, from a street or community: whoever has the case. The piece of work may be named, and need not."""

    units: tuple[Line, ...] = Field(min_length=1, max_length=20)
    lead: Line
    reason: Words


class JointResult(CallMessage):
    """联合处置结果, from the lead."""

    result: Words


class OfTheCaller(UnitMessage):
    """What the caller says, who may have no piece of work."""

    call_id: Line


class Excused(OfTheCaller):
    """免除 one unit's part."""

    unit: Line
    reason: Words


class SignedOff(OfTheCaller):
    """签认, every unit that took part rated from 1 to 5."""

    ratings: dict[Line, Annotated[int, Field(strict=True, ge=1, le=5)]] = Field(max_length=20)


class Owned(TaskMessage):
    """接案."""

    note: Words | None = None


class OwnerActed(TaskMessage):
    """家访, 化解方案, 研究推进."""

    note: Words
    review_at: Moment | None = None


class DissolutionRequested(TaskMessage):
    """申请销案 (三到位一处理)."""

    disposition: Literal["solved", "explained", "helped", "lawful_handling"]
    evidence: tuple[Annotated[HttpUrl, Field(max_length=LONGEST_URL)], ...] = Field(min_length=1, max_length=50)
    opinion: Words
    result: Words | None = None


class Approved(TaskMessage):
    """准予销案."""

    note: Words | None = None


class NotApproved(TaskMessage):
    """不予销案."""

    reason: Words


MESSAGES: Mapping[Kind, type[UnitMessage]] = {
    Kind.ACKNOWLEDGED: Acknowledged,
    Kind.CONTACTED: Contacted,
    Kind.VISITED: Noted,
    Kind.FIRST_ROUND: FirstRound,
    Kind.PROGRESS: Noted,
    Kind.DECLINED: Declined,
    Kind.DELEGATED: Delegated,
    Kind.EXTENSION_REQUESTED: ExtensionRequested,
    Kind.PAUSE_REQUESTED: PauseRequested,
    Kind.TASK_RESUMED: Resumed,
    Kind.COMPLETED: Completed,
    Kind.REFERRAL_CONFIRMED: ReferralConfirmed,
    Kind.REFERRAL_RETURNED: ReferralReturned,
    Kind.WHISTLED: Whistled,
    Kind.REPORTED_IN: Reported,
    Kind.ARRIVED: Reported,
    Kind.PART_COMPLETED: PartCompleted,
    Kind.PART_DECLINED: PartDeclined,
    Kind.JOINT_RESULT: JointResult,
    Kind.EXCUSED: Excused,
    Kind.SIGNED_OFF: SignedOff,
    Kind.ACCEPTED: Owned,
    Kind.HOME_VISITED: OwnerActed,
    Kind.PLANNED: OwnerActed,
    Kind.REVIEWED: OwnerActed,
    Kind.DISSOLUTION: DissolutionRequested,
    Kind.APPROVED: Approved,
    Kind.NOT_APPROVED: NotApproved,
}
