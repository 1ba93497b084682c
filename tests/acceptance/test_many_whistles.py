"""Whistle calls at once: every one is joined, and what a called unit costs is told beside a plain request."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scale import sized

CALLS = sized(50, ci=6)

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.needs_postgresql, pytest.mark.timeout(2400)]


def test_all_join(tmp_path: Path, postgresql_database: str) -> None:
    words = ["bench", "whistle", "--calls", str(CALLS), "--database-url", postgresql_database, "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "deployments", *words],
        env={**os.environ, "HUIYIN_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["calls"], found["joined"], found["called_units"]) == (CALLS, CALLS, 3 * CALLS)
    assert (found["machine"]["ledger"], found["prefect"]) == ("postgresql", "sqlite")
    for cost in ("worker_cpu_ms", "server_cpu_ms"):
        assert found["a_plain_case"][cost] > 0
        assert found["a_called_unit"][cost] > 0
