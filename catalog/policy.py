"""A district's policy: every limit and ladder the city promises, typed, with the form an administrator sees.

Defaults are DESIGN's table: 10-30-24 after Futian, grades after Pingshan, classes of limits after Beijing.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from catalog.limits import LIMIT_PATTERN, Limit

Written = Annotated[str, Field(pattern=LIMIT_PATTERN)]


class Grade(StrEnum):
    """A = life, property, safety; B = water, power, gas, heat, traffic; C = general."""

    A = "A"
    B = "B"
    C = "C"


class Action(StrEnum):
    """What a rung does."""

    REMIND = "remind"
    URGE = "urge"
    URGE_HEAD = "urge_head"
    SUPERVISE = "supervise"
    OWN = "own"
    NOTIFY_SUPERVISOR = "notify_supervisor"
    ASK_CITIZEN = "ask_citizen"
    CLOSE_UNRATED = "close_unrated"
    RESUME = "resume"


def _form(position: int, title: str, description: str = "", **more: Any) -> Any:
    """A field of the form; PostgreSQL reorders JSON, so each says its place."""
    return Field(title=title, description=description or None, json_schema_extra={"position": position}, **more)


def _described(title: str, description: str) -> ConfigDict:
    """What the form calls a part; without it Prefect's UI would show the docstring."""
    return ConfigDict(title=title, json_schema_extra={"description": description})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rung(_Part):
    """One rung of a ladder: at so many per cent of the limit, do this."""

    model_config = _described("一级", "到时限的百分之几时做什么")

    at_percent: int = _form(0, "时点（时限的百分之几）", ge=1, le=1000)
    action: Action = _form(
        1,
        "动作",
        "remind 提醒，urge 催办，urge_head 催办负责人，supervise 督办，own 包案，notify_supervisor 报告督办员，"
        "ask_citizen 再次回访，close_unrated 未评价结案，resume 恢复办理",
    )


def _ladder(*rungs: tuple[int, Action]) -> tuple[Rung, ...]:
    return tuple(Rung(at_percent=percent, action=action) for percent, action in rungs)


REMINDED = ((50, Action.REMIND), (80, Action.REMIND))
URGED = (*REMINDED, (100, Action.URGE), (120, Action.URGE_HEAD), (150, Action.SUPERVISE))
OWNED = (*URGED, (200, Action.OWN))
WATCHED = ((80, Action.REMIND), (100, Action.URGE), (150, Action.NOTIFY_SUPERVISOR))
CALLED = ((50, Action.REMIND), (100, Action.URGE), (150, Action.SUPERVISE), (200, Action.OWN))
OF_THE_CALLBACK = frozenset({Action.ASK_CITIZEN, Action.CLOSE_UNRATED})
OF_A_PAUSE = frozenset({Action.RESUME})
ASKED = ((33, Action.ASK_CITIZEN), (66, Action.ASK_CITIZEN), (100, Action.CLOSE_UNRATED))


Ladder = Annotated[tuple[Rung, ...], Field(min_length=1)] | None


class ClockPolicy(_Part):
    """One kind of clock: its limit by grade, its ladder by per cent of the limit."""

    model_config = _described("时限", "各等级的时限，以及逐级催办")

    a: Written = _form(0, "A 类时限", "如 90s、10m、24h、3d、5wd（工作日）")
    b: Written = _form(1, "B 类时限")
    c: Written = _form(2, "C 类时限")
    ladder: tuple[Rung, ...] = _form(3, "逐级催办", "倒计时提醒与逐级催办的各级", min_length=1)
    ladder_a: Ladder = _form(4, "A 类另设的逐级催办", "留空则与上相同", default=None)
    ladder_b: Ladder = _form(5, "B 类另设的逐级催办", "留空则与上相同", default=None)
    ladder_c: Ladder = _form(6, "C 类另设的逐级催办", "留空则与上相同", default=None)

    @model_validator(mode="after")
    def _rungs_rise(self) -> Self:
        for ladder in self.ladders:
            percents = [rung.at_percent for rung in ladder]
            if percents != sorted(set(percents)):
                raise PydanticCustomError(
                    "rungs_do_not_rise", "each rung of a ladder must come later than the one before it"
                )
        return self

    @model_serializer(mode="wrap")
    def _without_what_is_not_set(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A grade without a ladder of its own says nothing of one: a policy is written, and named, as it always was."""
        written: dict[str, Any] = handler(self)
        return {name: value for name, value in written.items() if value is not None}

    @property
    def ladders(self) -> tuple[tuple[Rung, ...], ...]:
        """Every ladder that some grade climbs, the common one first."""
        own = (self.ladder_a, self.ladder_b, self.ladder_c)
        return (self.ladder, *(ladder for ladder in own if ladder is not None))

    def ladder_of(self, grade: Grade) -> tuple[Rung, ...]:
        """The grade's own ladder, or the common one."""
        return {Grade.A: self.ladder_a, Grade.B: self.ladder_b, Grade.C: self.ladder_c}[grade] or self.ladder

    def limit(self, grade: Grade) -> Limit:
        return Limit.parse({Grade.A: self.a, Grade.B: self.b, Grade.C: self.c}[grade])


def _clock(position: int, title: str, limits: str, *rungs: tuple[int, Action]) -> Any:
    a, b, c = limits.split()
    return Field(
        title=title,
        json_schema_extra={"position": position},
        default=ClockPolicy(a=a, b=b, c=c, ladder=_ladder(*rungs)),
    )


def _fits(kind: str, title: str, actions: Sequence[Action]) -> None:
    """Raises where a ladder of this clock does what is another clock's, or where the callback's does not end."""
    for action in OF_A_PAUSE if kind == "callback" else OF_A_PAUSE | OF_THE_CALLBACK:
        if action in actions:
            raise PydanticCustomError(
                "foreign_action",
                "the ladder of {kind} must not have {action}: it belongs to another clock",
                {"kind": kind, "clock": title, "action": str(action)},
            )
    closing = [n for n, action in enumerate(actions, 1) if action is Action.CLOSE_UNRATED]
    if kind == "callback" and closing != [len(actions)]:
        raise PydanticCustomError(
            "callback_does_not_end", "the ladder of callback must end with close_unrated, and have it once"
        )


class Clocks(_Part):
    """Every kind of clock a case, a whistle call or an ownership may run."""

    model_config = _described("时限与逐级催办", "诉求、吹哨与包案的各类时限")

    triage: ClockPolicy = _clock(0, "分拨", "5m 30m 30m", *WATCHED)
    feedback: ClockPolicy = _clock(1, "签收并反馈", "10m 10m 10m", *URGED)
    contact: ClockPolicy = _clock(2, "电话联系", "30m 30m 30m", *URGED)
    first_round: ClockPolicy = _clock(3, "首轮办理", "24h 24h 24h", *OWNED)
    completion: ClockPolicy = _clock(4, "办结", "2h 24h 5wd", *OWNED)
    callback: ClockPolicy = _clock(5, "回访", "3d 3d 5d", *ASKED)
    adjudication: ClockPolicy = _clock(6, "裁决", "1h 8h 1wd", *WATCHED)
    recheck: ClockPolicy = _clock(7, "复查", "1d 2d 3d", *CALLED)
    referral: ClockPolicy = _clock(8, "转接确认", "10m 2h 1d", *WATCHED)
    report_in: ClockPolicy = _clock(9, "报到", "15m 30m 2h", *CALLED)
    arrival: ClockPolicy = _clock(10, "到场", "30m 1h 1d", *CALLED)
    part: ClockPolicy = _clock(11, "分工办理", "2h 24h 5wd", *CALLED)
    joint: ClockPolicy = _clock(12, "联合处置", "4h 48h 7wd", *CALLED)
    accept: ClockPolicy = _clock(13, "包案接案", "2h 8h 1wd", *CALLED)
    visit: ClockPolicy = _clock(14, "家访", "1d 2d 3wd", *CALLED)
    plan: ClockPolicy = _clock(15, "化解方案", "1d 3d 5wd", *CALLED)
    review: ClockPolicy = _clock(16, "研究推进", "3d 7d 15wd", *CALLED)
    approval: ClockPolicy = _clock(17, "签认与销案审批", "1d 2d 3wd", *WATCHED)

    @model_validator(mode="after")
    def _ladders_fit(self) -> Self:
        """What a rung of the wrong clock would do is refused by the life cycle, and the case would stand still."""
        for kind, field in type(self).model_fields.items():
            for ladder in getattr(self, kind).ladders:
                _fits(kind, field.title or kind, [rung.action for rung in ladder])
        return self


class QuietHours(_Part):
    """Hours in which no citizen is phoned (wall time, Asia/Shanghai)."""

    model_config = _described("时段", "此时段内不打电话给群众（北京时间）")

    start: str = _form(0, "开始", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", default="22:00")
    end: str = _form(1, "结束", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", default="07:00")


LATER = frozenset({"suspect_threshold", "merge_threshold", "answer_threshold"})
"""Fields of `Policy` that ledgers know older policies without."""


class Policy(_Part):
    """Everything a district may set without touching code (政策)."""

    model_config = _described("区级政策", "本区可自行设定的一切；修改只影响此后受理的诉求")

    calendar: Literal["china", "none"] = _form(
        0, "工作日历", "china：法定工作日与调休；none：每天都算", default="china"
    )
    quiet_hours: QuietHours | None = _form(1, "免打扰时段", "B、C 类诉求在此时段不计电话联系时限", default=QuietHours())
    confidence_threshold: float = _form(2, "自动派单置信度", "低于此值转人工分拨", ge=0, le=1, default=0.5)
    rung_grace_seconds: float = _form(3, "催办宽限（秒）", "时点之前收到的动作总是优先", ge=0, le=60, default=2.0)
    satisfaction_threshold: int = _form(4, "不满意线", "满意度不高于此值视为不满意", ge=1, le=4, default=2)
    extension_max_days: int = _form(5, "延期上限（工作日）", ge=1, le=60, default=15)
    pause_max_days: int = _form(6, "挂起上限（天）", ge=1, le=365, default=60)
    reopen_days: int = _form(7, "结案后可重开（天）", ge=0, le=365, default=15)
    decline_hours: int = _form(8, "签收后可退单（小时）", ge=0, le=240, default=2)
    declines_before_adjudication: int = _form(9, "退单几次后交裁决", ge=1, le=5, default=2)
    duplicate_days: int = _form(10, "并案时间窗（天）", ge=0, le=90, default=15)
    suspect_threshold: float = _form(
        11, "疑似重复提示", "与另一件是同一件事的概率不低于此值时提示工作人员", ge=0, le=1, default=0.5
    )
    merge_threshold: float | None = _form(
        12, "自动并案", "概率不低于此值时自动并入另一件（A 类除外）；不填则只提示", ge=0, le=1, default=None
    )
    answer_threshold: float | None = _form(
        13,
        "咨询秒回置信度",
        "咨询在知识库中找到答案、且把握不低于此值的，当即答复并照常回访；留空则不秒回",
        ge=0.5,
        le=1,
        default=None,
    )
    clocks: Clocks = _form(14, "时限与逐级催办", default=Clocks())

    @model_serializer(mode="wrap")
    def _without_what_is_not_set(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A policy that says nothing of fields that came later is written, and named, as it always was."""
        written: dict[str, Any] = handler(self)
        fields = type(self).model_fields
        return {name: value for name, value in written.items() if name not in LATER or value != fields[name].default}
