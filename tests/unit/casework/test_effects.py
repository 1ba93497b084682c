"""Who is told what by each kind of event, and what each message is keyed by."""

from collections import Counter
from collections.abc import Callable

import pytest
from lives import DISPATCHER, Life, after

from casework.clocks import ClockKind
from casework.effects import LEVELS, overtaken
from casework.events import CITIZEN, SYSTEM, Actor, Kind, Role
from casework.owing import ABOUT_WORK, Door
from catalog.policy import Action, Policy

PLAIN = Policy(calendar="none", quiet_hours=None)
DAY = 24 * 60.0
REVIEW = after(99).isoformat()
NO = "PS2026112300001"


def begun(**facts: object) -> Life:
    return Life.begun(PLAIN, **facts)


def assigned(**facts: object) -> Life:
    return begun(**facts).assigned(str(facts.get("grade", "C")))


def told(life: Life) -> list[str]:
    return [f"{effect.addressee} {effect.type}" for effect in life.last]


def after_act(life: Life, kind: Kind, *args: object, **data: object) -> Life:
    life.act(kind, *args, **data)  # type: ignore[arg-type]
    return life


def of_unit(life: Life, kind: Kind, **data: object) -> Life:
    life.unit(kind, 7, **data)
    return life


def triaged() -> Life:
    life = begun()
    life.act(Kind.CLASSIFIED, item="SZ-0101", confidence=0.1, candidates=[])
    life.act(Kind.GRADED, grade="C")
    return after_act(life, Kind.TRIAGED, why="拿不准")


def asked() -> Life:
    return after_act(assigned().completed(60), Kind.ASKED, SYSTEM, after(60))


def fired(life: Life, at: float) -> Life:
    assert life.fire(after(at)) is not None
    return life


# Who is told what


@pytest.mark.parametrize(
    ("life", "messages"),
    [
        (triaged, ["dispatcher staff.triage"]),
        (assigned, ["cg task.assigned", "citizen citizen.assigned"]),
        (
            lambda: after_act(assigned(), Kind.ASSIGNED, DISPATCHER, after(3), unit="sw", reason="属地"),
            ["cg task.reassigned", "sw task.assigned", "citizen citizen.assigned"],
        ),
        (
            lambda: assigned(property="thanks"),
            ["cg task.assigned", "citizen citizen.thanks_passed_on", "cg case.closed"],
        ),
        (lambda: assigned().notified(), []),
        (lambda: of_unit(assigned(), Kind.ACKNOWLEDGED, feedback="马上到"), ["citizen citizen.acknowledged"]),
        (lambda: of_unit(assigned(), Kind.ACKNOWLEDGED), []),
        (lambda: of_unit(assigned(), Kind.CONTACTED, note="约好"), []),
        (lambda: of_unit(assigned(), Kind.PROGRESS, note="过半"), []),
        (lambda: of_unit(assigned().handled(), Kind.EXTENSION_REQUESTED, days=1), ["dispatcher staff.request"]),
        (lambda: of_unit(assigned().handled(), Kind.PAUSE_REQUESTED, review_at=REVIEW), ["dispatcher staff.request"]),
        (
            lambda: after_act(assigned().handled(), Kind.EXTENDED, DISPATCHER, after(8), days=2),
            ["cg task.decided", "citizen citizen.extended"],
        ),
        (lambda: assigned().handled().paused(8, 99), ["cg task.decided", "citizen citizen.paused"]),
        (
            lambda: after_act(
                of_unit(assigned().handled(), Kind.EXTENSION_REQUESTED, days=1), Kind.REFUSED, DISPATCHER, after(8)
            ),
            ["cg task.decided"],
        ),
        (
            lambda: after_act(assigned().handled().paused(8, 99), Kind.RESUMED, DISPATCHER, after(9)),
            ["cg task.decided", "citizen citizen.resumed"],
        ),
        (lambda: fired(assigned().handled().paused(8, 99), 100), ["cg task.decided", "citizen citizen.resumed"]),
        (lambda: of_unit(assigned().handled(5).paused(6, 99), Kind.TASK_RESUMED), ["citizen citizen.resumed"]),
        (lambda: assigned().completed(60), []),
        (asked, ["citizen citizen.ask"]),
        (lambda: fired(asked(), 60 + 1.7 * DAY), ["citizen citizen.ask_again"]),
        (lambda: fired(asked(), 60 + 5.1 * DAY), ["cg case.closed", "citizen citizen.closed"]),
        (
            lambda: assigned().completed(60).judged(70, solved=True, satisfaction=5),
            ["cg case.closed", "citizen citizen.closed"],
        ),
        (
            lambda: assigned().completed(60).judged(70, solved=False, satisfaction=1),
            ["cg task.reopened", "citizen citizen.reopened"],
        ),
        (
            lambda: after_act(assigned().completed(60), Kind.REOPENED, CITIZEN, after(70), reason="还漏"),
            ["cg task.reopened", "citizen citizen.reopened"],
        ),
        (lambda: after_act(begun(), Kind.WITHDREW, CITIZEN, after(1)), ["citizen citizen.closed"]),
        (
            lambda: after_act(assigned(), Kind.WITHDREW, CITIZEN, after(1)),
            ["cg task.withdrawn", "cg case.closed", "citizen citizen.closed"],
        ),
        (lambda: after_act(assigned(grade="A"), Kind.WITHDREW, CITIZEN, after(1)), ["citizen citizen.hazard_goes_on"]),
        (
            lambda: after_act(assigned(grade="A"), Kind.WITHDREW, CITIZEN, after(1)).completed(60),
            ["cg case.closed", "citizen citizen.closed"],
        ),
        (lambda: fired(triaged(), 25), ["dispatcher staff.rung"]),
        (lambda: fired(triaged(), 46), ["supervisor staff.rung"]),
        (lambda: fired(assigned(), 6), ["cg task.reminded"]),
        (lambda: fired(assigned(), 11), ["cg task.urged"]),
        (lambda: fired(assigned(), 12.5), ["cg task.urged"]),
        (lambda: fired(assigned(), 15.5), ["cg task.supervised", "office task.supervised"]),
    ],
)  # fmt: skip
def test_who_is_told_what(life: Callable[[], Life], messages: list[str]) -> None:
    assert told(life()) == messages


def test_the_receipt_is_told_at_once() -> None:
    (receipt,) = begun().owed
    assert (receipt.door, receipt.addressee, receipt.type, receipt.task_id) == (
        Door.CITIZEN,
        "citizen",
        "citizen.receipt",
        None,
    )


def test_ownership_is_told_to_the_unit_and_to_the_leaders_desk() -> None:
    life = assigned(grade="A").notified().handled()
    owned = fired(life, 241)
    assert told(owned) == ["cg task.supervised", "leader staff.rung", "cg ownership.assigned", "citizen citizen.owned"]
    assert owned.events[-1].data["action"] == "own"
    assert owned.last[0].data["level"] == "district_leader"


def test_each_rung_says_which_clock_which_rung_and_who_is_meant() -> None:
    urged = fired(assigned(), 12.5).last[0]
    told = {"clock": "feedback", "clock_id": "feedback#0", "rung": 3, "level": "head", "due_at": after(10).isoformat()}
    assert urged.data == told
    assert set(LEVELS) == set(Action) - {
        Action.NOTIFY_SUPERVISOR,
        Action.ASK_CITIZEN,
        Action.CLOSE_UNRATED,
        Action.RESUME,
    }


# What they say


def test_a_unit_is_told_what_was_decided() -> None:
    extended = after_act(assigned().handled(), Kind.EXTENDED, DISPATCHER, after(8), days=2)
    assert extended.last[0].data == {"request": "extension", "granted": True, "days": 2}
    paused = assigned().handled().paused(8, 99)
    assert paused.last[0].data == {"request": "pause", "granted": True, "review_at": REVIEW}


@pytest.mark.parametrize(
    ("kind", "data", "request_"),
    [
        (Kind.EXTENSION_REQUESTED, {"days": 1}, "extension"),
        (Kind.PAUSE_REQUESTED, {"review_at": REVIEW}, "pause"),
    ],
)
def test_a_refusal_names_the_request_and_its_reason(kind: Kind, data: dict[str, object], request_: str) -> None:
    life = after_act(of_unit(assigned().handled(), kind, **data), Kind.REFUSED, DISPATCHER, after(8), reason="不急")
    assert life.last[0].data == {"request": request_, "granted": False, "reason": "不急"}


def test_the_citizen_is_told_the_new_date_of_completion_not_the_next_promise() -> None:
    life = after_act(assigned().handled(), Kind.EXTENDED, DISPATCHER, after(8), days=2)
    due = life.clock(ClockKind.COMPLETION).due_at
    assert due is not None
    assert life.last[1].data["due_at"] == due.isoformat()


def test_the_citizen_is_told_who_and_until_when() -> None:
    told_citizen = assigned().last[1]
    assert told_citizen.data == {"unit": "cg", "due_at": after(10).isoformat()}


def test_the_citizens_question_carries_the_result() -> None:
    assert asked().last[0].data["result"] == "已修好"


def test_a_unit_is_told_why_its_work_comes_back() -> None:
    rated = assigned().completed(60)
    rated.act(Kind.EVALUATED, CITIZEN, after(70), solved=False, satisfaction=1, comment="还在漏")
    assert rated.last[0].data == {"reason": "还在漏"}
    silent = assigned().completed(60).judged(70, solved=False, satisfaction=1)
    assert silent.last[0].data == {"reason": "dissatisfied"}
    again = after_act(assigned().completed(60), Kind.REOPENED, CITIZEN, after(70), reason="又坏了")
    assert again.last[0].data == {"reason": "又坏了"}


def test_a_unit_is_told_how_it_ended_and_how_it_was_judged() -> None:
    judged = assigned().completed(60).judged(70, solved=True, satisfaction=4)
    assert judged.last[0].data == {
        "outcome": "resolved",
        "evaluation": {"solved": True, "satisfaction": 4},
    }
    unrated = fired(asked(), 60 + 5.1 * DAY)
    assert unrated.last[0].data == {"outcome": "unrated", "evaluation": None}


def test_a_message_to_a_unit_names_its_own_task() -> None:
    life = after_act(assigned(), Kind.ASSIGNED, DISPATCHER, after(3), unit="sw")
    assert [effect.task_id for effect in life.last] == [f"{NO}-T1", f"{NO}-T2", None]


# Keys


def test_a_message_is_keyed_by_its_cause() -> None:
    assert [effect.key for effect in assigned().last] == [
        f"{NO}:task.assigned:4:cg",
        f"{NO}:citizen.assigned:4:citizen",
    ]


def test_a_rungs_message_is_keyed_by_its_clock_and_rung() -> None:
    assert [effect.key for effect in fired(assigned(), 6).last] == [f"{NO}:task.reminded:feedback#0.0:cg"]


def test_the_same_rung_of_the_next_clock_is_another_message() -> None:
    life = asked()
    fired(life, 60 + 1.7 * DAY)
    life.judged(60 + 2 * DAY, solved=False, satisfaction=1).completed(60 + 2.5 * DAY)
    life.act(Kind.ASKED, SYSTEM, after(60 + 2.5 * DAY))
    fired(life, 60 + 4.3 * DAY)
    again = [effect.key for effect in life.owed if effect.type == "citizen.ask_again"]
    assert again == [f"{NO}:citizen.ask_again:callback#0.0:citizen", f"{NO}:citizen.ask_again:callback#1.0:citizen"]


def test_nothing_is_owed_twice_in_a_whole_life() -> None:
    life = assigned().notified()
    for at in (6, 9, 11, 13, 16, 31, 61):
        life.fire(after(at))
    life.act(Kind.ASSIGNED, DISPATCHER, after(70), unit="sw")
    life.completed(80).judged(90, solved=False, satisfaction=1).completed(95).judged(99, solved=True, satisfaction=5)
    assert max(Counter(effect.key for effect in life.owed).values()) == 1
    assert all(effect.key.startswith(f"{NO}:{effect.type}:") for effect in life.owed)


def test_a_reminder_is_overtaken_by_completion_and_by_another_holder() -> None:
    life = Life.begun().assigned()
    assert not overtaken("task.urged", "PS2026112300001-T1", life.case)
    assert overtaken("task.urged", "PS2026112300001-T0", life.case)
    life.unit(Kind.COMPLETED, 5)
    assert overtaken("task.urged", "PS2026112300001-T1", life.case)
    assert not overtaken("task.assigned", "PS2026112300001-T1", life.case)


def test_what_another_channel_has_carried_is_overtaken_when_the_work_is() -> None:
    life = Life.begun().assigned()
    assert not overtaken("task.assigned", f"{NO}-T1", life.case, carried=True)
    life.act(Kind.ASSIGNED, DISPATCHER, after(3), unit="sw")
    assert overtaken("task.assigned", f"{NO}-T1", life.case, carried=True)
    assert not overtaken("task.assigned", f"{NO}-T2", life.case, carried=True)


# Until when


def test_an_order_has_the_deadline_that_its_unit_must_meet_first() -> None:
    order, told_citizen = assigned().last
    assert (order.due_at, told_citizen.due_at) == (after(10), None)
    reopened = assigned().completed(60).judged(70, solved=False, satisfaction=1)
    completion = reopened.clock(ClockKind.COMPLETION).due_at
    assert (reopened.last[0].type, reopened.last[0].due_at) == ("task.reopened", completion)


def test_a_rungs_message_has_the_deadline_of_its_clock() -> None:
    assert fired(assigned(), 6).last[0].due_at == after(10)
    assert fired(assigned(), 12.5).last[0].due_at == after(10)  # though it has passed


def test_what_ends_work_has_no_deadline() -> None:
    reassigned = after_act(assigned(), Kind.ASSIGNED, DISPATCHER, after(3), unit="sw")
    assert (reassigned.last[0].type, reassigned.last[0].due_at) == ("task.reassigned", None)
    judged = assigned().completed(60).judged(70, solved=True, satisfaction=4)
    assert (judged.last[0].type, judged.last[0].due_at) == ("case.closed", None)


def test_only_messages_about_work_have_a_deadline() -> None:
    life = assigned().notified()
    for at in (6, 9, 11, 13, 16, 31, 61):
        life.fire(after(at))
    life.act(Kind.ASSIGNED, DISPATCHER, after(70), unit="sw")
    life.completed(80).judged(90, solved=False, satisfaction=1).completed(95).judged(99, solved=True, satisfaction=5)
    assert {effect.type for effect in life.owed if effect.due_at is not None} <= ABOUT_WORK
    assert all(effect.due_at is not None for effect in life.owed if effect.type in ABOUT_WORK)


def test_the_word_of_a_rung_is_overtaken_by_an_act_received_before_it() -> None:
    life = Life.begun(PLAIN).assigned()
    task = life.case.task
    assert task is not None
    for minutes in (6, 9):
        life.fire(after(minutes))
    first, second = (effect for effect in life.owed if effect.type == "task.reminded")
    life.act(Kind.ACKNOWLEDGED, Actor(Role.UNIT, "cg"), after(7), task_id=task.task_id, feedback="到")
    assert overtaken(second.type, second.task_id, life.case, second.data)
    assert not overtaken(first.type, first.task_id, life.case, first.data)
    assert not overtaken("task.assigned", task.task_id, life.case, {})


def test_a_citizen_who_has_answered_is_not_asked_any_more() -> None:
    life = asked()
    assert not overtaken("citizen.ask", None, life.case)
    life.judged(70, solved=False, satisfaction=1)
    assert overtaken("citizen.ask", None, life.case)
    assert not overtaken("citizen.reopened", None, life.case)


def test_a_rung_of_a_clock_that_was_met_late_is_told_to_who_had_it_alone() -> None:
    late = begun()
    late.act(Kind.CLASSIFIED, item="SZ-0101", confidence=0.1, candidates=[])
    late.act(Kind.GRADED, grade="C")
    late.act(Kind.TRIAGED)
    late.act(Kind.ASSIGNED, DISPATCHER, after(46), unit="cg", item="SZ-0101", grade="C")
    while late.fire(after(47)):
        pass
    triage = [effect for effect in late.owed if str(effect.data.get("clock", "")).startswith("triage")]
    assert [(effect.addressee, effect.type) for effect in triage] == [("supervisor", "staff.rung")]
    moved = begun().assigned()
    moved.act(Kind.ACKNOWLEDGED, Actor(Role.UNIT, "cg"), after(16), task_id=f"{NO}-T1", feedback="到")
    moved.act(Kind.ASSIGNED, DISPATCHER, after(16.1), unit="sw", reason="属地")
    fired = moved.fire(after(17))
    assert fired is not None
    assert fired.data["action"] == "supervise"
    assert moved.last == []  # the new holder has nothing to do with it
