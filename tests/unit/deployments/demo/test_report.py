"""The report counts what the cases say, and says where a life differs from its script."""

from datetime import UTC, datetime, timedelta
from typing import Any

from deployments.demo.behaviours import CitizenWay, UnitWay
from deployments.demo.report import DemoReport, Played, p99, problems, report, rightly_routed
from deployments.demo.script import Scripted

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


LONG_STANDING = Scripted.model_validate(
    {"text": "楼盘延期交房两年了，没有人管", "channel": "app", "class": "04", "story": "silent_owners"}
)


def clock(kind: str, *, breached: bool = False, lags: tuple[float, ...] = ()) -> dict[str, Any]:
    fired = [(NOW + timedelta(seconds=lag)).isoformat() for lag in lags]
    rungs = [{"at": NOW.isoformat(), "fired_at": at, "skipped": False} for at in fired]
    charged_to = "department:eco-water" if breached else None
    clock = {"kind": kind, "holder": "department:eco-water", "breached": breached, "rungs": rungs}
    return {**clock, "charged_to": charged_to}


def case(**changes: Any) -> dict[str, Any]:
    return {
        "case_no": "SF2026112200001",
        "state": "closed",
        "state_zh": "已结案",
        "outcome": "resolved",
        "item": {"code": "SZ-0308", "name": "污水冒溢"},
        "department": {"code": "eco-water", "name": "水务局"},
        "reopened": 0,
        "evaluations": [{"solved": True, "satisfaction": 5}],
        "clocks": [clock("feedback")],
        "tasks": [{"department": {"code": "eco-water"}}],
        "timeline": [{"event": "request.received"}],
        "whistles": [],
        "ownerships": [],
        "precedent": None,
        "referral": None,
    } | changes


def played(unit: UnitWay = UnitWay.PROMPT, citizen: CitizenWay = CitizenWay.SATISFIED, **changes: Any) -> Played:
    request = Scripted.model_validate(
        {"text": "污水井一直往外冒脏水", "channel": "app", "class": "03", "unit": unit, "citizen": citizen}
    )
    return Played(case(**changes), request)


def figures(*lives: Played) -> DemoReport:
    return report(lives, wakes=7, seconds=12.34, urls={"gateway": "http://x"})


def test_a_life_as_scripted_has_no_problem() -> None:
    assert list(problems(played())) == []


def test_an_open_case_is_told() -> None:
    told = figures(played(state="awaiting_ack", state_zh="待签收", outcome=None))
    assert told.closed == 0
    assert not told.ok
    assert "待签收" in told.problems[0]


def test_a_prompt_unit_that_is_counted_late_is_a_false_breach() -> None:
    told = figures(played(clocks=[clock("feedback", breached=True), clock("callback", breached=True)]))
    assert told.false_breaches == 1
    assert not told.ok


def test_a_late_unit_is_late_and_must_be_counted_so() -> None:
    assert figures(played(UnitWay.LATE, clocks=[clock("feedback", breached=True)])).late_acknowledgements == 1
    assert figures(played(UnitWay.LATE, clocks=[clock("feedback", breached=True)])).false_breaches == 0
    assert len(figures(played(UnitWay.LATE)).problems) == 1


def test_each_other_way_is_looked_for() -> None:
    for unit, citizen in (
        (UnitWay.EXTENSION, CitizenWay.SATISFIED),
        (UnitWay.PAUSE, CitizenWay.SATISFIED),
        (UnitWay.POOR_FIRST, CitizenWay.DISSATISFIED),
        (UnitWay.PROMPT, CitizenWay.SILENT),
        (UnitWay.PROMPT, CitizenWay.WITHDRAWS),
    ):
        assert len(list(problems(played(unit, citizen)))) == 1, (unit, citizen)
    assert len(list(problems(played(UnitWay.SILENT, clocks=[clock("feedback", breached=True)])))) == 1
    assert len(list(problems(played(evaluations=[])))) == 1


def test_the_whole_is_well_only_if_it_shows_what_it_is_to_show() -> None:
    late = played(UnitWay.LATE, clocks=[clock("feedback", breached=True)])
    again = played(UnitWay.POOR_FIRST, CitizenWay.DISSATISFIED, reopened=1)
    assert figures(played(), late, again).ok
    assert not figures(played(), late).ok
    assert not figures(played(), again).ok


def test_the_line_has_the_figures_in_their_order() -> None:
    assert list(figures(played()).line()) == [
        "requests",
        "closed",
        "rated",
        "reopened",
        "late_acknowledgements",
        "false_breaches",
        "whistles",
        "ownerships",
        "rulings",
        "referred",
        "rung_lag_p99_seconds",
        "wakes",
        "seconds",
        "urls",
    ]


def test_what_is_open_beside_the_handling_is_counted() -> None:
    told = figures(
        played(whistles=[{}], ownerships=[{}, {}], timeline=[{"event": "case.ruled"}]),
        played(outcome="referred_out"),
    )
    assert (told.whistles, told.ownerships, told.rulings, told.referred) == (1, 2, 1, 1)


def test_a_unit_is_not_blamed_for_what_others_do_in_a_story() -> None:
    late = {"clocks": [clock("completion", breached=True)], "ownerships": [], "whistles": []}
    told = figures(played(), Played(case(**late), LONG_STANDING))
    assert told.false_breaches == 0
    assert len(told.problems) == 2  # neither risen nor dissolved


def test_the_lag_is_that_of_rungs_that_fired() -> None:
    assert figures(played(clocks=[clock("contact", lags=(0.5, 1.5))])).rung_lag_p99_seconds == 1.49
    assert p99([]) == 0
    assert p99([0.7]) == 0.7


def test_routing_is_right_by_class_or_by_asking_a_dispatcher() -> None:
    assert rightly_routed(played())
    assert not rightly_routed(played(item={"code": "SZ-0501", "name": "垃圾"}))
    vague = Scripted(text="老问题了，反正说了也没用", channel="web")
    assert rightly_routed(Played(case(timeline=[{"event": "case.triaged"}]), vague))
    assert not rightly_routed(Played(case(), vague))
