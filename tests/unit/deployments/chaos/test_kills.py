"""The plan of kills: made again from its seed, spread over its time, nobody left out; and how it is carried out."""

import asyncio
import os
import sys
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from deployments.chaos.kills import GROUPS, Kill, planned, strike
from deployments.child import Child
from deployments.supervision import Restarts, kept_alive

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"


@given(st.integers(0, 10**6), st.integers(1, 60), st.floats(1, 1000))
def test_a_plan_follows_from_its_seed_and_is_in_order_of_time(seed: int, kills: int, within: float) -> None:
    plan = planned(seed, kills, within)
    assert plan == planned(seed, kills, within)
    assert len(plan) == kills
    moments = [kill.at for kill in plan]
    assert moments == sorted(moments)
    assert moments[0] >= 0
    assert moments[-1] <= within


@given(st.integers(0, 10**6), st.integers(0, 4))
def test_each_part_and_each_combination_has_its_turn(seed: int, rounds: int) -> None:
    turns = Counter(kill.parts for kill in planned(seed, rounds * len(GROUPS), 60))
    assert turns == Counter(dict.fromkeys(GROUPS, rounds))
    assert len(GROUPS) == 7


def test_another_seed_is_another_plan() -> None:
    assert planned(1, 10, 60) != planned(2, 10, 60)


async def test_the_plan_is_carried_out_on_what_lives_again(tmp_path: Path) -> None:
    children = {
        name: Child(name, (sys.executable, "-c", SLEEPER), dict(os.environ), tmp_path, tmp_path / f"{name}.log")
        for name in ("worker", "gateway")
    }
    for child in children.values():
        await child.start()
    plan = [Kill(0, ("worker",)), Kill(0, ("gateway", "worker")), Kill(0.1, ("gateway",))]
    told: list[Kill] = []
    died: list[str] = []
    async with kept_alive(children.values(), died.append, Restarts(first=0.05, longest=0.05)), asyncio.timeout(30):
        await strike(plan, children, told.append)
        assert told == plan
        while any(child.exit_code is not None for child in children.values()):
            await asyncio.sleep(0.02)
    assert len(died) == 4
    for child in children.values():
        await child.stop(patience=5)
