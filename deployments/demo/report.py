"""The demo's report, computed from outside: from the cases in JSON and what the script said of each."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from catalog.texts import text
from deployments.demo.behaviours import OTHERS_LATE, SLACK, CitizenWay, UnitWay
from deployments.demo.script import Scripted
from deployments.demo.stories import untold

ANSWERED = frozenset({"resolved", "explained"})
ENDINGS: Mapping[CitizenWay, frozenset[str]] = {
    CitizenWay.SILENT: frozenset({"unrated"}),
    CitizenWay.WITHDRAWS: frozenset({"withdrawn"}),
    CitizenWay.WITHDRAWS_HAZARD: frozenset({"withdrawn"}),
    CitizenWay.REFERRED: frozenset({"referred_out"}),
}
REOPENING = frozenset({CitizenWay.DISSATISFIED, CitizenWay.ASKS_AGAIN})
RATING = REOPENING | {CitizenWay.SATISFIED, CitizenWay.BY_PHONE, CitizenWay.TURNS_DOWN}
DUTIES = frozenset({"feedback", "contact", "first_round", "completion"})
SHARE_RATED = 0.8
Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Played:
    """A case as it stands, and what was to happen in it."""

    case: Case
    request: Scripted


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo's last line says (all but `problems` and `routed_right`, which are for people)."""

    requests: int
    closed: int
    rated: int
    reopened: int
    late_acknowledgements: int
    false_breaches: int
    whistles: int
    ownerships: int
    rulings: int
    referred: int
    rung_lag_p99_seconds: float
    wakes: int
    seconds: float
    urls: Mapping[str, str]
    routed_right: int = 0
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every case ended as its script said, and the whole shows what it is to show."""
        shown = self.reopened >= 1 and self.late_acknowledgements >= 1 and self.rated >= SHARE_RATED * self.requests
        return not self.problems and self.closed == self.requests and self.false_breaches == 0 and shown

    def line(self) -> dict[str, Any]:
        """The figures of the JSON line."""
        return {key: value for key, value in asdict(self).items() if key not in ("routed_right", "problems")}


def report(
    played: Sequence[Played], *, wakes: int, seconds: float, urls: Mapping[str, str], more_problems: Sequence[str] = ()
) -> DemoReport:
    """Count everything. A false breach is a prompt unit that is counted late (`charged_to`)."""
    cases = [each.case for each in played]
    lags = sorted(lag for case in cases for lag in rung_lags(case))
    slack = [each for each in played if each.request.unit in SLACK]
    return DemoReport(
        requests=len(cases),
        closed=sum(case["state"] == "closed" for case in cases),
        rated=sum(bool(case["evaluations"]) for case in cases),
        reopened=sum(case["reopened"] > 0 for case in cases),
        late_acknowledgements=sum(_late(each.case) for each in slack),
        false_breaches=sum(len(_charged(each.case)) for each in played if _in_time(each.request)),
        whistles=sum(len(case["whistles"]) for case in cases),
        ownerships=sum(len(case["ownerships"]) for case in cases),
        rulings=sum(_happened(case, "case.ruled") for case in cases),
        referred=sum(case["outcome"] == "referred_out" for case in cases),
        rung_lag_p99_seconds=round(p99(lags), 2),
        wakes=wakes,
        seconds=round(seconds, 1),
        urls=dict(urls),
        routed_right=sum(rightly_routed(each) for each in played),
        problems=(*more_problems, *(problem for each in played for problem in problems(each))),
    )


def rung_lags(case: Case) -> Iterator[float]:
    """Seconds between the time of each rung that fired and its firing."""
    for clock in case["clocks"]:
        for rung in clock["rungs"]:
            if rung["fired_at"] and not rung["skipped"]:
                fired, due = (datetime.fromisoformat(rung[key]) for key in ("fired_at", "at"))
                yield (fired - due).total_seconds()


def p99(values: Sequence[float]) -> float:
    """The 99th percentile; of one value that value, of none zero."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[-1]


def rightly_routed(each: Played) -> bool:
    """Whether the item is of a class that the script expects, or it was vague and a dispatcher was asked."""
    item = each.case["item"]
    if each.request.vague:
        return any(line["event"] == "case.triaged" for line in each.case["timeline"])
    return item is not None and item["code"][3:5] in each.request.classes


def problems(each: Played) -> Iterator[str]:
    """How the case's life differs from its script, one sentence each."""
    case, request = each.case, each.request
    if case["state"] != "closed":
        yield text("demo.problem.open", case_no=case["case_no"], state=case["state_zh"], unit=_unit(case))
        return
    for wrong, key in (
        (case["outcome"] not in ENDINGS.get(request.citizen, ANSWERED), "outcome"),
        (request.citizen in REOPENING and not case["reopened"], "not_reopened"),
        (request.citizen in RATING and not case["evaluations"], "not_rated"),
        (request.unit in SLACK and not _late(case), "not_late"),
        (request.unit is UnitWay.SILENT and len(_units(case)) < 2, "not_reassigned"),
        (request.unit is UnitWay.EXTENSION and not _happened(case, "case.extended"), "not_extended"),
        (request.unit is UnitWay.PAUSE and not _happened(case, "case.paused"), "not_paused"),
    ):
        if wrong:
            outcome = text(f"outcome.{case['outcome']}")
            yield text(f"demo.problem.{key}", case_no=case["case_no"], outcome=outcome)
    yield from untold(request, case)
    if _in_time(request):
        yield from (
            text("demo.problem.false_breach", case_no=case["case_no"], clock=text(f"clock.{kind}"))
            for kind in _charged(case)
        )


def _in_time(request: Scripted) -> bool:
    """Whether every unit that has a part in it does everything in time."""
    return request.unit not in SLACK and request.story not in OTHERS_LATE


def _late(case: Case) -> bool:
    """Whether the citizen was told later than promised, whoever is charged with it in the end."""
    return any(clock["breached"] for clock in case["clocks"] if clock["kind"] == "feedback")


def _charged(case: Case) -> list[str]:
    """The kinds of the clocks for which a unit is counted late."""
    return [
        clock["kind"]
        for clock in case["clocks"]
        if clock["kind"] in DUTIES and (clock["charged_to"] or "").startswith("department:")
    ]


def _units(case: Case) -> set[str]:
    return {task["department"]["code"] for task in case["tasks"]}


def _unit(case: Case) -> str:
    return str(case["department"]["name"]) if case["department"] else "—"


def _happened(case: Case, event: str) -> bool:
    return any(line["event"] == event for line in case["timeline"])
