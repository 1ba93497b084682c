"""The desk shows a whistle call as child runs, one a called unit; whatever happens to the parent, none has a second."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from beside import LEAD, Call, Parties, clocks
from operating import NOT_ENDED, Operator
from waiting import wait_for

from tests.conftest import missing

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

COMES, STAYS = "construction", "urban-management"
NAMES = {LEAD: "区生态环境和水务局", COMES: "区住房建设和交通局", STAYS: "区城市管理局"}
WAKES = 10
RECONCILE_LIMIT = 150.0  # a minute to be stale, a minute until the next look, and the wake


class Desk:
    """A call under way, and its runs as Prefect has them."""

    def __init__(self, stack: Any, call: Call) -> None:
        self.stack, self.call, self.operator = stack, call, Operator(stack)

    def children(self) -> dict[str, dict[str, Any]]:
        """The runs under the request's own that are not over, by unit. Fails where a unit has two."""
        wanted = {"parent_flow_run_id": {"any_": [self.parent["id"]]}, "state": {"type": {"any_": NOT_ENDED}}}
        runs = self.operator.call("POST", "/flow_runs/filter", {"flow_runs": wanted, "limit": 50}).json()
        found = {tag.removeprefix("unit:"): run for run in runs for tag in run["tags"] if tag.startswith("unit:")}
        assert len(found) == len(runs), [run["name"] for run in runs]
        return found

    @property
    def parent(self) -> dict[str, Any]:
        return self.operator.run(self.call.case_no)

    def badges(self) -> dict[str, str]:
        """What each child waits for, without until when."""
        return {unit: (run["state_name"] or "").split(" ")[0] for unit, run in self.children().items()}

    def shows(self, **badges: str) -> dict[str, dict[str, Any]]:
        """The children, once each stands under its badge."""
        wanted = {unit.replace("_", "-"): badge for unit, badge in badges.items()}
        wait_for(lambda: self.badges() == wanted, f"the children to show {wanted}", RECONCILE_LIMIT)
        return self.children()

    def is_parked(self) -> None:
        wait_for(lambda: self.parent.get("state_name", "").startswith("待联合处置"), "the parent to wait")


@pytest.fixture
def desk(stack: Any, unit: Callable[[str, str], Any]) -> Any:
    with clocks(stack):
        call = Parties(stack, unit).whistled(COMES, STAYS)
        yield Desk(stack, call)


@pytest.mark.slow
def test_each_called_unit_has_a_run_that_says_what_it_waits_for(desk: Desk) -> None:
    first = desk.shows(eco_water="待报到", construction="待报到", urban_management="待报到")
    desk.is_parked()
    for unit, run in first.items():
        assert NAMES[unit] in run["name"]
        assert desk.call.case_no in run["name"]
        assert {f"unit:{unit}", f"case:{desk.call.case_no}", "district:demo"} <= set(run["tags"])
        assert run["state_type"] == "PAUSED"
        assert (
            desk.operator.call("GET", f"/task_runs/{run['parent_task_run_id']}").json()["flow_run_id"]
            == (desk.parent["id"])
        )
    desk.call.says(COMES, "whistle.reported_in", note="出发").raise_for_status()
    desk.call.comes(LEAD)
    desk.shows(eco_water="办理中", construction="待到场", urban_management="待报到")

    for _ in range(WAKES):
        desk.operator.change_state(desk.call.case_no, "SCHEDULED")
        desk.is_parked()
    again = desk.shows(eco_water="办理中", construction="待到场", urban_management="待报到")
    assert {unit: run["id"] for unit, run in again.items()} == {unit: run["id"] for unit, run in first.items()}

    desk.call.does_its_part(STAYS)
    wait_for(lambda: STAYS not in desk.children(), "the run of a unit that has done its part to end")
    ended = desk.operator.call("GET", f"/flow_runs/{first[STAYS]['id']}").json()
    assert (ended["state_type"], ended["state_name"]) == ("COMPLETED", "已办结")


@pytest.mark.long
def test_a_parent_that_is_cancelled_and_retried_makes_no_second_child(desk: Desk) -> None:
    case_no = desk.call.case_no
    before = desk.shows(eco_water="待报到", construction="待报到", urban_management="待报到")
    desk.is_parked()
    events = desk.stack.case(case_no)["timeline"]
    desk.operator.change_state(case_no, "FAILED")
    desk.operator.retry(case_no)
    desk.is_parked()
    again = desk.shows(eco_water="待报到", construction="待报到", urban_management="待报到")
    assert {run["id"] for run in again.values()} == {run["id"] for run in before.values()}

    desk.operator.cancel(case_no)  # Prefect cancels the waiting children with it

    def right() -> bool:
        desk.operator.reconcile()
        return desk.parent.get("state_name", "").startswith("待联合处置") and len(desk.children()) == len(NAMES)

    wait_for(right, "the parent and its children to be on the desk again", RECONCILE_LIMIT)
    desk.shows(eco_water="待报到", construction="待报到", urban_management="待报到")
    assert desk.stack.case(case_no)["timeline"] == events
    for code in NAMES:
        heard = [one for one in desk.call.parties[code].received if one["type"] == "whistle.called"]
        assert len(heard) == 1
    assert desk.stack.huiyin("verify")["ok"]


@pytest.mark.slow
@pytest.mark.needs_chromium
def test_the_page_of_the_parent_shows_its_children(desk: Desk, tmp_path: Path) -> None:
    children = desk.shows(eco_water="待报到", construction="待报到", urban_management="待报到")
    desk.is_parked()
    page = f"{desk.stack.prefect.removesuffix('/api')}/v2/runs/flow-run/{desk.parent['id']}"
    picture = tmp_path / "parent.png"
    _browse(tmp_path, f"--screenshot={picture}", "--window-size=1400,1000", page)
    assert picture.stat().st_size > 20_000, "the page is empty"

    def listed() -> str | None:
        shown = _browse(tmp_path, "--dump-dom", f"{page}?tab=SubflowRuns")
        return shown if all(run["name"] in shown for run in children.values()) else None

    shown = wait_for(listed, "the page to list the child runs", 180)
    assert "待联合处置" in shown
    assert "待报到" in shown


def _browse(folder: Path, *words: str) -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        missing("no Chromium is on this machine: install the package chromium")
    quiet = [
        f"--disable-{what}"
        for what in ("gpu", "quic", "background-networking", "component-update", "sync", "extensions")
    ]
    options = [f"--user-data-dir={folder / 'chromium'}", "--headless", "--no-sandbox", "--no-first-run", "--lang=zh-CN"]
    done = subprocess.run(
        [str(program), *options, *quiet, "--virtual-time-budget=20000", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout
