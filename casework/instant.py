"""Instant answer (秒回): a plain question that the knowledge base knows is answered at once, and judged by its citizen.

Nobody is held responsible for it, and no promise is kept or broken by it: the promise clocks stand still while the
citizen judges, and go on where they stood if the answer is turned down (不满意转人工).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from casework.altering import CITIZEN, DISPATCHER, SYSTEM, start, stop
from casework.beside import InstantAnswer
from casework.case import Case
from casework.clocks import PROMISES, Clock, ClockKind
from casework.errors import NotAllowed
from casework.events import Act, Event, Kind
from catalog.policy import Grade, Policy

LONGEST = 150
"""Characters: whoever writes more tells a story, and wants somebody to read it."""

_OWN_MATTER = re.compile(
    "(?:还是?|至今|一直|仍然?|迟迟)(?:没|未|不(?!知道|清楚|懂|会))|都没|没有?(?:结果|消息|下文|回音|反应|人[管理])|电话没人接"
    "|不(?:给|肯|让|予)(?:我|我们|办|退|报|批|受理|通过|解决)|不予?受理|没发|拒[不绝]|我要(?:投诉|举报)"
    "|(?:被|遭)(?:拒|退回|驳回|骗|扣|打)|打不通|没有?到账|怎么还|怎么回事|为什么|为啥|凭什么|推诿|态度|太[慢久差贵]"
    "|[0-9一二两三四五六七八九十几]+(?:个月|天|年|周|次)了"
)
"""Signs of a matter of one's own, which a general answer does not settle, though it may be put as a question."""


@dataclass(frozen=True, slots=True)
class Found:
    """The entry of the knowledge base that fits best, and how sure (0..1) that is."""

    entry: str
    version: str
    confidence: float
    answer: str
    source: str


def plain_question(case: Case) -> bool:
    """Whether a case is one that may be answered at once: a question, nothing urgent, about nobody, to nobody.

    Whoever writes to a leader wants the leader's word.
    """
    return (
        case.nature == "question"
        and case.graded
        and case.grade is not Grade.A
        and not case.emergency
        and case.line is None
        and case.addressee is None
        and not case.recused
        and not case.withdrawn
        and case.instant is None
        and not case.tasks
    )


def to_look_up(case: Case, policy: Policy) -> bool:
    """Whether the knowledge base is to be asked: once a case, where the district answers at once at all."""
    return policy.answer_threshold is not None and not case.looked_up and plain_question(case)


def own_matter(text: str) -> str | None:
    """The words that tell of a matter of one's own; None for a question that anybody could have put."""
    sign = _OWN_MATTER.search(text)
    if sign is not None:
        return sign[0]
    return f"{text[:10]}…" if len(text) > LONGEST else None


def decided(text: str, found: Found | None, policy: Policy) -> tuple[Kind, Mapping[str, Any]]:
    """`case.answered` with the answer; or `case.no_answer` with `because`: own_matter, unknown, unsure or off."""
    threshold = policy.answer_threshold
    if threshold is None:
        return Kind.NO_ANSWER, {"because": "off"}
    if found is None:
        return Kind.NO_ANSWER, {"because": "unknown"}
    nearest: dict[str, Any] = {"entry": found.entry, "version": found.version, "confidence": round(found.confidence, 4)}
    if own_matter(text) is not None:
        return Kind.NO_ANSWER, {"because": "own_matter", **nearest}
    if round(found.confidence, 4) < threshold:
        return Kind.NO_ANSWER, {"because": "unsure", **nearest}
    return Kind.ANSWERED, {**nearest, "answer": found.answer, "source": found.source}


def may_answer(case: Case, act: Act, policy: Policy) -> None:
    """Raises `NotAllowed` where the policy does not answer at once, or not with so little confidence."""
    threshold = policy.answer_threshold
    if threshold is None:
        raise NotAllowed(case.state, (), "the policy does not answer at once")
    if act.data["confidence"] < threshold:
        raise NotAllowed(case.state, (), f"an instant answer needs a confidence of {threshold}")


def looked_up(case: Case, event: Event, policy: Policy) -> Case:
    """The knowledge base had no answer: the usual way."""
    return replace(case, looked_up=True)


def answered_at_once(case: Case, event: Event, policy: Policy) -> Case:
    """The citizen is asked. The promises stand still: no unit has the case that could keep them."""
    data, at = event.data, event.at
    answer = InstantAnswer(data["entry"], data["version"], data["confidence"], data["answer"], data["source"], at)
    case = _promises(stop(case, at, ClockKind.TRIAGE), lambda clock: clock.pause(at))
    case = start(case, policy, ClockKind.CALLBACK, CITIZEN, at)
    return replace(case, looked_up=True, instant=answer, held=case.held.to(CITIZEN), asked=0)


def turned_down(case: Case, event: Event, policy: Policy) -> Case:
    """As if it had just been graded: a unit is looked for, and the promises go on where they stood."""
    instant, at = case.instant, event.at
    assert instant is not None, "there is an instant answer to turn down"
    case = _promises(stop(case, at, ClockKind.CALLBACK), lambda clock: clock.resume(at))
    return replace(
        start(case, policy, ClockKind.TRIAGE, DISPATCHER, at),
        instant=replace(instant, turned_down_at=at),
        held=case.held.to(SYSTEM),
        outcome=None,
        closed_at=None,
    )


def _promises(case: Case, change: Callable[[Clock], Clock]) -> Case:
    return replace(case, clocks=tuple(change(clock) if clock.kind in PROMISES else clock for clock in case.clocks))
