"""A wait costs nothing: what `huiyin bench parked` finds of the worker with many waiting requests and with ten."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scale import sized

WAITING = sized(1000, ci=200)
MOST_MB_PER_1000 = 20.0

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.timeout(1500)]


def test_waiting_requests_cost_the_worker_neither_memory_nor_threads_nor_connections(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deployments", "bench", "parked", "--cases", str(WAITING), "--json"],
        env={**os.environ, "HUIYIN_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [level["waiting"] for level in found["levels"]] == [10, WAITING]
    added = found["added"]
    assert added["worker_memory_mb_per_1000_waiting"] < MOST_MB_PER_1000
    assert added["worker_threads"] <= 0
    assert added["worker_connections"] <= 0
