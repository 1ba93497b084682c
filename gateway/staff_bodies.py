"""What is posted to the staff API: one model an action."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, model_validator

from casework.messages import LONGEST_URL, Days, Line, Moment, Words

Ratings = dict[Line, Annotated[int, Field(strict=True, ge=1, le=5)]]


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Dispatch(Body):
    """派单 to a unit; with an item, the case is classified and graded by it. `no_item`: no item fits (研判)."""

    unit: Line
    item: Line | None = None
    reason: Words | None = None
    no_item: bool = False

    @model_validator(mode="after")
    def _one_or_none(self) -> "Dispatch":
        if self.no_item and self.item is not None:
            raise ValueError("item must be left out where no item fits")
        return self


class Delegate(Body):
    """转派 to a unit directly below the one that has the work."""

    to: Line
    reason: Words | None = None


class Rule(Body):
    """裁决: whose matter it is, and why; a precedent for the same item in the same street. `no_item`: no item fits."""

    unit: Line
    reason: Words
    no_item: bool = False


class Extend(Body):
    """延期, by so many working days."""

    days: Days
    reason: Words


class Pause(Body):
    """挂起, until a date of review."""

    review_at: Moment
    reason: Words


class Resume(Body):
    """恢复办理."""

    reason: Words | None = None


class Order(Body):
    """提级包案 by order: the tier that is to own the case, the lowest where none is named."""

    reason: Words
    tier: Literal["unit", "district", "head"] | None = None


class Whistle(Body):
    """吹哨: the units that are needed, and which of them leads (牵头)."""

    units: tuple[Line, ...] = Field(min_length=1, max_length=20)
    lead: Line
    reason: Words


class Excuse(Body):
    """免除 one called unit's part."""

    unit: Line
    reason: Words


class SignOff(Body):
    """签字销哨: the joint result is accepted, every unit that took part rated from 1 to 5."""

    ratings: Ratings = Field(max_length=20)


class Approve(Body):
    """准予销案, by the tier above the owner."""

    note: Words | None = None


class Refuse(Body):
    """不予批准: a 销案, a 退单 or a request for time, whichever waits."""

    reason: Words


class Recheck(Body):
    """复查 of work that was passed on below; what does not pass goes back, with a reason."""

    passed: bool
    reason: Words | None = None

    @model_validator(mode="after")
    def _why_not(self) -> "Recheck":
        if not self.passed and self.reason is None:
            raise ValueError("reason is needed: say what must be done again")
        return self


class Callback(Body):
    """回访 by phone: nobody answered, or what the citizen said."""

    reached: bool = True
    solved: bool | None = None
    satisfaction: int | None = Field(default=None, ge=1, le=5)
    comment: Words | None = None

    @model_validator(mode="after")
    def _said(self) -> "Callback":
        if self.reached and (self.solved is None or self.satisfaction is None):
            raise ValueError("solved and satisfaction are needed where the citizen was reached")
        return self


class Refer(Body):
    """转接 to who can act: an emergency line of the district (such as `119` or `gas`), a utility's unit, another
    district's code, or a name such as 市交通运输局.
    """

    to: Line
    reason: Words
    due_at: Moment | None = None


class ConfirmReferral(Body):
    """转接确认: under which number it is known there; the case ends."""

    reference: Line


class ReturnReferral(Body):
    """转接退回: they do not take it."""

    reason: Words


class Merge(Body):
    """并案 into an open case of the same district, by its number."""

    into: Line
    reason: Words | None = None


class Unmerge(Body):
    """撤销并案."""

    reason: Words | None = None


class Conclude(Body):
    """评理 has been held: its opinion is filed, and the tier above decides whether the case is concluded (终结)."""

    opinion: Words
    evidence: tuple[Annotated[HttpUrl, Field(max_length=LONGEST_URL)], ...] = Field(min_length=1, max_length=50)
    disposition: Literal["solved", "explained", "helped", "lawful_handling"] = "lawful_handling"
    result: Words | None = None


class NotAccept(Body):
    """不予受理; the citizen is told why."""

    reason: Words


class Done(BaseModel):
    """The act is recorded; `state` is the case's now."""

    status: Literal["accepted"] = "accepted"
    state: str
