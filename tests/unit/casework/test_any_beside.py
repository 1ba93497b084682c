"""Properties of whistle, ownership, dispute, delegation and referral together: any order of acts, rungs and times."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from lives import ADJUDICATOR, DESK, DISPATCHER, START, SUPERVISOR, TIERS, Life

from casework import owning
from casework.case import Case, Task
from casework.clocks import OF_THE_UNIT
from casework.errors import NotAllowed, Refused
from casework.events import CITIZEN, SYSTEM, Actor, Event, Kind, Role
from casework.life_cycle import allowed
from casework.owners import RANK
from casework.states import ENDED, Outcome, State, TaskRole
from casework.steps import Owed, Verb, next_alarm, next_step
from casework.strands import MAIN, changed, clocks_of, strands
from casework.view import Names, case_json
from casework.waiting import waits_for
from casework.whistling import missing
from catalog.policy import Policy

UNITS = ("u1", "u2", "u3", "u4")
STREET = "street-lj"
NAMES = Names(None, {})
SECONDS = st.one_of(st.integers(1, 600), st.integers(600, 90_000), st.integers(90_000, 2_000_000))
LATE = st.sampled_from([0.0] * 6 + [0.5, 5.0, 600.0])
PRESENT = (Kind.ACKNOWLEDGED, Kind.CONTACTED, Kind.VISITED, Kind.FIRST_ROUND, Kind.PROGRESS)
OF_THE_OWNER = (Kind.ACCEPTED, Kind.HOME_VISITED, Kind.PLANNED, Kind.REVIEWED)
OF_A_PART = (Kind.REPORTED_IN, Kind.ARRIVED, Kind.PART_COMPLETED, Kind.PART_COMPLETED, Kind.PART_DECLINED)
BACK = (Kind.EVALUATED, Kind.REOPENED)
Draw = Callable[[Any], Any]


@dataclass
class Town:
    """A life, the present time, and what was seen of it."""

    life: Life
    now: datetime
    late: timedelta = timedelta(0)  # by how much an act is processed after it was received
    extended: int = 0
    handed_back: int = 0
    tiers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def case(self) -> Case:
        return self.life.case

    def try_(self, kind: Kind, actor: Actor, task: Task | None = None, **data: Any) -> bool:
        """An act that may be refused; then nothing has changed. What follows from it the run does at once."""
        before, count = self.case, len(self.life.events)
        said = {**data, **({"task_id": task.task_id} if task else {})}
        try:
            self.life.act(kind, actor, max(self.now - self.late, before.received_at), **said)
        except Refused as no:
            refused = no
        else:
            assert kind in allowed(before, actor.role, task), "what is admitted was said to be allowed"
            self.checked(before)
            self.run()
            return True
        assert self.case is before
        assert len(self.life.events) == count
        assert not isinstance(refused, NotAllowed) or refused.why or kind not in refused.allowed
        return False

    def unit(self, kind: Kind, task: Task | None, **data: Any) -> bool:
        """What a unit says of its piece of work."""
        if task is None:
            return False
        call = {"call_id": task.call_id} if task.call_id else {}
        return self.try_(kind, Actor(Role.UNIT, task.unit), task, **call, **data)

    def run(self) -> None:
        """What the request's own run does by itself, rungs and questions apart; nothing that it does is refused."""
        for _ in range(9):
            verb = next_step(self.case, self.life.policy, self.now, Owed())
            before = self.case
            match verb:
                case Verb.CLASSIFY:
                    self.life.act(Kind.CLASSIFIED, SYSTEM, self.now, item="SZ-1", confidence=0.9, candidates=[])
                case Verb.GRADE:
                    self.life.act(Kind.GRADED, SYSTEM, self.now, grade=str(before.grade))
                case Verb.ASSIGN:
                    self.life.act(Kind.ASSIGNED, SYSTEM, self.now, unit="u1")
                case Verb.WHISTLE:
                    units = [before.unit, *(role for role in before.call_roles if role != before.unit)]
                    said = {"units": units, "lead": before.unit, "reason": "x", "caller": "dispatcher"}
                    self.life.act(Kind.WHISTLED, SYSTEM, self.now, **said)
                case Verb.OWN:
                    self.life.act(Kind.OWNED, SYSTEM, self.now, trigger=owning.due(before))
                case _:
                    return
            self.checked(before)
        raise AssertionError("the run goes on for ever")

    def wake(self) -> None:
        """Every strand does what is due."""
        for _ in range(60):
            names = [strand.name for strand in strands(self.case)]
            before = self.case
            if next_step(before, self.life.policy, self.now, Owed()) is Verb.CALLBACK:
                self.life.act(Kind.ASKED, SYSTEM, self.now)
            elif not any(self.life.fire(self.now, name) for name in (MAIN, *names)):
                return
            self.checked(before)
            self.run()
        raise AssertionError("rungs fire for ever")

    def checked(self, before: Case) -> None:
        """Whatever holds of one step."""
        last, after = self.life.events[-1], self.case
        _joined_only_when_it_may(before, last)
        _never_closed_around_an_ownership(before, last, after)
        _time_is_gained_only_once_and_never_after_a_breach(self, before, last)
        _goes_back_a_bounded_number_of_times(self, before, last, after)
        _rises_and_never_beyond_the_top(self, last, after)
        _whoever_must_look_sooner_is_rung(before, last, after)

    def task(self, draw: Draw, *roles: TaskRole) -> Task | None:
        found = [task for task in self.case.tasks if task.role in roles]
        return draw(st.sampled_from(found[-4:])) if found else None


# What may happen


def goes_on(town: Town, draw: Draw) -> None:
    town.run()


def dispatched(town: Town, draw: Draw) -> None:
    grade = draw(st.sampled_from("ABC"))
    roles = draw(st.sampled_from([(), (), (), ("u2", "u3")]))
    said = {"unit": draw(st.sampled_from(UNITS)), "item": "SZ-2", "grade": grade, "call_roles": roles}
    town.try_(Kind.ASSIGNED, DISPATCHER, long_standing=draw(st.integers(0, 9)) == 9, **said)


def said_of_the_work(town: Town, draw: Draw) -> None:
    town.unit(draw(st.sampled_from(PRESENT)), town.case.task)


def in_hand(town: Town, draw: Draw) -> None:
    """Acknowledged, and the citizen called: from here it can be paused."""
    for kind in (Kind.ACKNOWLEDGED, Kind.CONTACTED):
        town.unit(kind, town.case.task)


def completed(town: Town, draw: Draw) -> None:
    town.unit(Kind.COMPLETED, town.task(draw, TaskRole.HANDLER), result="好了", evidence=[])


def declined(town: Town, draw: Draw) -> None:
    proposed = draw(st.sampled_from(UNITS))
    town.unit(Kind.DECLINED, town.task(draw, TaskRole.HANDLER), reason="x", proposed_unit=proposed)


def ruled(town: Town, draw: Draw) -> None:
    town.try_(Kind.RULED, ADJUDICATOR, unit=draw(st.sampled_from(UNITS)), reason="x")


def refused(town: Town, draw: Draw) -> None:
    town.try_(Kind.REFUSED, DISPATCHER, reason="x")


def delegated(town: Town, draw: Draw) -> None:
    to = draw(st.sampled_from(["below1", "below2"]))
    if draw(st.booleans()):
        town.unit(Kind.DELEGATED, town.task(draw, TaskRole.HANDLER), to=to)
    else:
        town.try_(Kind.DELEGATED, DISPATCHER, to=to)


def rechecked(town: Town, draw: Draw) -> None:
    town.try_(draw(st.sampled_from([Kind.RECHECKED, Kind.SENT_BACK])), DISPATCHER, reason="x")


def more_time(town: Town, draw: Draw) -> None:
    review_at = (town.now + timedelta(hours=draw(st.integers(1, 900)))).isoformat()
    match draw(st.integers(0, 5)):
        case 0:
            town.unit(Kind.EXTENSION_REQUESTED, town.case.task, days=2, reason="x")
        case 1:
            town.unit(Kind.PAUSE_REQUESTED, town.case.task, review_at=review_at, reason="x")
        case 2 | 3:
            town.try_(Kind.EXTENDED, DISPATCHER, days=draw(st.integers(1, 15)))
        case _:
            town.try_(Kind.PAUSED, DISPATCHER, review_at=review_at, reason="x")


def resumed(town: Town, draw: Draw) -> None:
    if draw(st.booleans()):
        town.unit(Kind.TASK_RESUMED, town.case.task)
    else:
        town.try_(Kind.RESUMED, DISPATCHER)


def whistled(town: Town, draw: Draw) -> None:
    units = draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=4, unique=True))
    caller = draw(st.sampled_from([STREET, "dispatcher"]))
    actor = DISPATCHER if caller == "dispatcher" else Actor(Role.UNIT, caller)
    town.try_(Kind.WHISTLED, actor, units=units, lead=draw(st.sampled_from(units)), reason="x", caller=caller)


def of_a_part(town: Town, draw: Draw) -> None:
    part = town.task(draw, TaskRole.LEAD, TaskRole.CO)
    town.unit(draw(st.sampled_from(OF_A_PART)), part, reason="x", note="x")


def joint_result(town: Town, draw: Draw) -> None:
    town.unit(Kind.JOINT_RESULT, town.task(draw, TaskRole.LEAD, TaskRole.CO), result="办妥")


def everybody_does_his_part(town: Town, draw: Draw) -> None:
    call = town.case.whistle
    for part in town.case.parts(call.call_id) if call else ():
        if part.role is TaskRole.CO:
            town.unit(Kind.PART_COMPLETED, part, note="x")


def overseen(town: Town, draw: Draw) -> None:
    call = town.case.whistle
    if call is None:
        return
    office = town.case.ownership.at.office if town.case.ownership else STREET
    actor = draw(st.sampled_from([Actor(Role.UNIT, call.caller), Actor(Role.UNIT, office), DISPATCHER, SUPERVISOR]))
    if draw(st.booleans()):
        unit = draw(st.sampled_from(UNITS))
        town.try_(Kind.EXCUSED, actor, call_id=call.call_id, unit=unit, reason="x")
    else:
        ratings = {part.unit: 4 for part in town.case.parts(call.call_id)}
        town.try_(Kind.SIGNED_OFF, actor, call_id=call.call_id, ratings=ratings)


def ordered(town: Town, draw: Draw) -> None:
    tier = draw(st.sampled_from([None, "unit", "district", "head"]))
    actor = draw(st.sampled_from([DISPATCHER, Actor(Role.LEADER, "head")]))
    town.try_(Kind.OWNED, actor, trigger="order", **({"tier": tier} if tier else {}))


def of_the_owner(town: Town, draw: Draw) -> None:
    one = town.case.ownership
    review = draw(st.sampled_from([None, town.now + timedelta(days=1), town.now - timedelta(days=1)]))
    said = {"review_at": review.isoformat()} if review else {}
    town.unit(draw(st.sampled_from(OF_THE_OWNER)), town.case.given(one.task_id) if one else None, note="x", **said)


def dissolution(town: Town, draw: Draw) -> None:
    one = town.case.ownership
    said = {"disposition": draw(st.sampled_from(owning.DISPOSITIONS)), "evidence": ["https://a.cn/1"], "opinion": "x"}
    town.unit(Kind.DISSOLUTION, town.case.given(one.task_id) if one else None, **said)


def decided(town: Town, draw: Draw) -> None:
    one = town.case.ownership
    kind = draw(st.sampled_from([Kind.APPROVED, Kind.APPROVED, Kind.NOT_APPROVED]))
    town.unit(kind, town.case.given(one.approver) if one else None, reason="x")


def referred(town: Town, draw: Draw) -> None:
    if draw(st.booleans()):
        said = {"to": "119", "name": "消防", "phone": "119"}
    else:
        said = {"to": "u4", "name": "u4", "unit": "u4"}
    town.try_(Kind.REFERRED, DISPATCHER, reason="x", **said)


def receipt(town: Town, draw: Draw) -> None:
    confirmed = draw(st.booleans())
    kind = Kind.REFERRAL_CONFIRMED if confirmed else Kind.REFERRAL_RETURNED
    said = {"reference": "7"} if confirmed else {"reason": "x"}
    if not town.unit(kind, town.task(draw, TaskRole.REFERRAL), **said):
        town.try_(kind, DISPATCHER, **said)


def not_accepted(town: Town, draw: Draw) -> None:
    town.try_(Kind.NOT_ACCEPTED, DISPATCHER, reason="法院已受理")


def evaluated(town: Town, draw: Draw) -> None:
    town.try_(Kind.EVALUATED, draw(st.sampled_from([CITIZEN, DESK])), solved=draw(st.booleans()), satisfaction=4)


def dissatisfied(town: Town, draw: Draw) -> None:
    if draw(st.booleans()):
        town.try_(Kind.EVALUATED, CITIZEN, solved=False, satisfaction=1)
    else:
        town.try_(Kind.REOPENED, CITIZEN, reason="还漏")


def withdrew(town: Town, draw: Draw) -> None:
    town.try_(Kind.WITHDREW, CITIZEN)


def notified(town: Town, draw: Draw) -> None:
    task = town.task(draw, *TaskRole)
    if task is not None:
        town.try_(Kind.NOTIFIED, SYSTEM, None, task_id=task.task_id)


def waits(town: Town, draw: Draw) -> None:
    town.now += timedelta(seconds=draw(SECONDS))


def wakes(town: Town, draw: Draw) -> None:
    town.wake()


def waits_for_the_alarm(town: Town, draw: Draw) -> None:
    alarm = town.life.alarm
    if alarm is not None and alarm < START + timedelta(days=2000):
        town.now = max(town.now, alarm)
        town.wake()


def away(town: Town, draw: Draw) -> None:
    since = town.now
    town.now += timedelta(seconds=draw(SECONDS))
    town.try_(Kind.INTERRUPTED, SYSTEM, since=since.isoformat())


def does_nothing_for_long(town: Town, draw: Draw) -> None:
    for _ in range(12):
        waits_for_the_alarm(town, draw)


MOVES = st.sampled_from(
    [waits] * 2 + [wakes] * 2 + [waits_for_the_alarm] * 3 + [notified] * 3 + [said_of_the_work] * 2 + [completed] * 3
    + [declined] * 2 + [ruled] * 2 + [refused, dispatched] + [delegated] * 2 + [rechecked, more_time, resumed, away]
    + [whistled] * 2 + [of_a_part] * 3 + [joint_result] * 2 + [everybody_does_his_part] + [overseen] * 3
    + [ordered] + [of_the_owner] * 2 + [dissolution] * 2 + [decided] * 3 + [evaluated] + [dissatisfied] * 3
)  # fmt: skip
RARE = st.integers(0, 60).map({10: withdrew, 20: referred, 30: not_accepted, 40: does_nothing_for_long}.get)
BEGINNINGS = st.sampled_from(
    [
        [],
        [goes_on],
        [goes_on, notified, said_of_the_work],
        [goes_on, declined, waits, declined, refused, declined, ruled],
        [goes_on, delegated, completed, rechecked],
        [goes_on, whistled, of_a_part, everybody_does_his_part, joint_result, overseen],
        [goes_on, whistled, does_nothing_for_long, of_the_owner],
        [goes_on, ordered, of_the_owner, dissolution, decided, dissatisfied],
        [goes_on, ordered, completed, dissolution, decided, dissatisfied, dissolution, decided],
        [goes_on, completed, dissatisfied, completed, dissatisfied, of_the_owner, dissolution, decided, dissatisfied],
        [goes_on, does_nothing_for_long, does_nothing_for_long, of_the_owner],
        [goes_on, referred, receipt, dispatched],
        [goes_on, in_hand, more_time, more_time, declined, whistled],
        [goes_on, in_hand, more_time, waits, resumed, more_time],
        [goes_on, in_hand, declined, whistled, everybody_does_his_part, joint_result, overseen],
    ]
)


@settings(max_examples=200)
@given(data=st.data())
def test_anything_beside(data: st.DataObject) -> None:
    """Draw a life move by move; after each step and each move, everything that must hold does."""
    policy = Policy(calendar=data.draw(st.sampled_from(["china", "none"])))
    facts = {
        "property": "complaint",
        "grade": data.draw(st.sampled_from("ABC")),
        "has_phone": data.draw(st.booleans()),
        "street": data.draw(st.sampled_from([None, "lj"])),
    }
    life = Life.begun(policy, **facts)
    town = Town(life, life.now)
    for move in [*data.draw(BEGINNINGS), *data.draw(st.lists(MOVES, min_size=6, max_size=40))]:
        town.late = timedelta(seconds=data.draw(LATE))
        move(town, data.draw)
        rare = data.draw(RARE)
        if rare is not None:
            rare(town, data.draw)
        _all_holds(town)
        town.now += timedelta(seconds=3)
    event(f"left {life.case.state}")
    event(f"ended {life.case.outcome}")
    assert life.folded() == life.case


# What holds of a step


def _joined_only_when_it_may(before: Case, last: Event) -> None:
    call = before.whistle
    if last.kind in (Kind.JOINT_RESULT, Kind.SIGNED_OFF):
        assert call is not None
        assert missing(before, call) == ()
    if last.kind is Kind.SIGNED_OFF:
        assert call is not None
        assert call.filed_at is not None
        event("a call was signed off")
    if last.kind is Kind.COMPLETED:
        assert call is None


def _never_closed_around_an_ownership(before: Case, last: Event, after: Case) -> None:
    if before.ownership is not None and after.ownership is None:
        assert last.kind is Kind.APPROVED
        event(f"销案 of {before.ownership.trigger} at {before.ownership.at.tier}")
        assert before.ownership.approver is not None
        assert before.ownership.above.tier == "group" or not before.ownership.at.top
    if not after.open:
        assert after.ownership is None
        assert before.ownership is None or last.kind is Kind.APPROVED
    if after.stage is State.AWAITING_CALLBACK:
        assert after.ownership is None


def _time_is_gained_only_once_and_never_after_a_breach(town: Town, before: Case, last: Event) -> None:
    if last.kind in (Kind.EXTENDED, Kind.PAUSED):
        assert not any(c.running and c.kind in OF_THE_UNIT and c.breached(last.at) for c in before.clocks)
        town.extended += last.kind is Kind.EXTENDED
        event(f"{last.kind}")
    assert town.extended <= 1
    for old, new in zip(before.clocks, town.case.clocks, strict=False):
        assert old.id == new.id
        if old.breached(last.at) and last.kind not in BACK and before.grade is town.case.grade:
            assert new.breached(last.at), f"what was late stays late: {new.id} after {last.kind}"


def _goes_back_a_bounded_number_of_times(town: Town, before: Case, last: Event, after: Case) -> None:
    if last.kind in BACK and after.open and after.reopened > before.reopened:
        town.handed_back += len(after.tasks) > len(before.tasks)
    assert town.handed_back <= 2
    assert after.reopened <= 3
    assert sum(one.hearing for one in after.ownerships) <= 1
    if before.heard:
        assert after.heard
        assert [t for t in after.tasks if t.role is TaskRole.HANDLER] == [
            t for t in before.tasks if t.role is TaskRole.HANDLER
        ] or last.kind in (Kind.NOTIFIED, Kind.APPROVED)
    if before.outcome is Outcome.CONCLUDED:
        assert after.outcome is Outcome.CONCLUDED
        assert not after.open
    if after.heard and not after.open:
        event(f"after a hearing: {after.outcome}")
        assert after.outcome in (Outcome.CONCLUDED, Outcome.WITHDRAWN)


def _rises_and_never_beyond_the_top(town: Town, last: Event, after: Case) -> None:
    if last.kind not in (Kind.OWNED, Kind.ROSE):
        return
    one = after.ownerships[-1]
    event(f"{last.kind} to {one.at.tier}")
    assert one.at.tier != "group"
    assert one.at.top == (one.at.tier == "head")
    assert not one.hearing or one.at.top
    town.tiers.append((one.call_id, one.at.tier))
    ranks = [RANK[tier] for call_id, tier in town.tiers if call_id == one.call_id]
    assert ranks == sorted(set(ranks)), "it rises a tier at a time, and each owner is told once"
    told = [effect for effect in town.life.last if effect.type == "ownership.assigned"]
    assert [(effect.addressee, effect.data["owner"]) for effect in told] == [(one.at.office, one.at.owner)]
    if one.at.tier != "unit":
        assert one.at.owner in {leader.code for leader in TIERS}


def _whoever_must_look_sooner_is_rung(before: Case, last: Event, after: Case) -> None:
    """A strand beside the request's own that has something to do sooner is among those that are named."""
    named = changed(before, after)
    for strand in strands(after):
        old, new = (_alarm(case, strand.name) for case in (before, after))
        if not strand.over and new is not None and (old is None or new < old):
            assert strand.name in named


def _alarm(case: Case, strand: str) -> datetime | None:
    return next_alarm(case, Policy(), Owed(), strand=strand)


# What always holds


def _all_holds(town: Town) -> None:
    _somebody_has_something_ahead(town)
    _every_strand_goes_on(town)
    _nothing_is_told_twice(town)
    _held_seconds_sum_to_elapsed_time(town)
    _what_is_open_is_shown(town)


def _somebody_has_something_ahead(town: Town) -> None:
    case = town.case
    assert case.open == (case.outcome is None)
    if not case.open:
        assert town.life.alarm is None
        assert not any(clock.running for clock in case.clocks)
        assert case.disputed is None
        return
    assert town.life.alarm is not None, "nobody has a running clock"
    if town.life.step(town.now) is None:
        assert town.life.alarm > town.now
        assert town.life.step(town.life.alarm) is not None


def _every_strand_goes_on(town: Town) -> None:
    case = town.case
    for strand in strands(case):
        ahead = [clock for clock in clocks_of(case, strand.name) if clock.running]
        assert strand.over == (not ahead)
        assert strand.over or any(clock.next_rung_at() is not None for clock in ahead)
        assert strand.over or waits_for(case, town.now, strand).due_at is not None
    if not case.open:
        assert all(strand.over for strand in strands(case))
    for task in case.tasks:
        assert task.role is not TaskRole.LEAD or task.state in ENDED or case.whistle or not case.open


def _nothing_is_told_twice(town: Town) -> None:
    assert max(Counter(effect.key for effect in town.life.owed).values()) == 1
    fired = Counter((e.data["clock"], e.data["rung"]) for e in town.life.events if "rung" in e.data)
    assert max(fired.values(), default=1) == 1
    names = [task.task_id for task in town.case.tasks]
    assert len(set(names)) == len(names)
    assert len({clock.id for clock in town.case.clocks}) == len(town.case.clocks)


def _held_seconds_sum_to_elapsed_time(town: Town) -> None:
    case = town.case
    until = max(town.now, town.life.now)
    held = case.held.until(until).seconds
    assert abs(sum(held.values()) - (until - case.received_at).total_seconds()) < 1e-3
    assert all(seconds >= 0 for seconds in held.values())
    shown = case_json(case, NAMES, until)["held"]
    assert "disputed" not in {account["holder"] for account in shown}


def _what_is_open_is_shown(town: Town) -> None:
    case = town.case
    shown = case_json(case, NAMES, town.now)
    assert shown["state"] == case.state
    wanted = {
        State.OWNED: case.ownership is not None,
        State.JOINT_HANDLING: case.ownership is None and case.whistle is not None,
        State.IN_DISPUTE: case.ownership is None and case.whistle is None and case.disputed is not None,
    }
    assert all((case.state is state) == (case.open and is_open) for state, is_open in wanted.items())
    if case.open:
        waits_for(case, town.now)
    if case.delegator is None:
        assert case.stage is not State.AWAITING_RECHECK
    if case.stage is State.PAUSED:
        assert case.whistle is None
        assert case.disputed is None
