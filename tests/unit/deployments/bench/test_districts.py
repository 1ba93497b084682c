"""The districts that are measured in: read back as the stack reads them, silent or quick where they are to be."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.clocks import ClockKind, start_clock
from catalog.districts import District
from catalog.loading import load_catalogue, load_districts
from catalog.policy import Grade, Policy
from deployments.bench.districts import PROBING, PROMPT, WAITING, districts, write_districts
from ledger.settings import ROOT

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, District]:
    catalogue = load_catalogue()
    folder = tmp_path_factory.mktemp("bench") / "districts"
    written = districts(load_districts(ROOT / "deployments" / "districts", catalogue)["demo"])
    write_districts(written, folder)
    read = load_districts(folder, catalogue)
    assert list(read.values()) == sorted(written, key=lambda district: district.code)
    return read


def _rungs(policy: Policy, kind: ClockKind, n: int) -> list[timedelta]:
    clock = start_clock(policy, kind, Grade.C, "department:market", NOW)
    return [at - NOW for k in range(n) if (at := clock.instant(clock.rung(k).at_percent))]


@pytest.mark.parametrize("kind", [kind for kind in ClockKind if kind is not ClockKind.PAUSE])
def test_nothing_rings_for_a_day_where_cases_wait(made: dict[str, District], kind: ClockKind) -> None:
    assert _rungs(made[WAITING].policy, kind, 1)[0] >= timedelta(hours=15)


def test_a_probe_rings_once_soon_and_not_again_for_minutes(made: dict[str, District]) -> None:
    policy = made[PROBING].policy
    first, second = _rungs(policy, ClockKind.FEEDBACK, 2)
    assert first == timedelta(seconds=25)
    assert second >= timedelta(minutes=5)
    assert policy.rung_grace_seconds == 0
    assert min(_rungs(policy, ClockKind.COMPLETION, 1)) >= timedelta(hours=15)


def test_prompt_units_are_not_reminded(made: dict[str, District]) -> None:
    policy = made[PROMPT].policy
    assert all(_rungs(policy, kind, 1)[0] >= timedelta(seconds=90) for kind in (ClockKind.FEEDBACK, ClockKind.CALLBACK))
