"""A flow of ours that fails leaves nothing behind but its state, which says nothing that a citizen said."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

WORDS = "words of a citizen"
FAILS = """
import asyncio
from prefect import flow, task
from tasks.concealing import concealed
from tasks.engine_options import UNSTORED
from tasks.retrying import VERB

@task(name="verb", **{**VERB, "retries": 0})
@concealed
async def verb():
    try:
        {}["words of a citizen"]
    except KeyError as error:
        raise ValueError("words of a citizen") from error

@flow(name="engine-options", **UNSTORED)
@concealed
async def fails():
    await verb()

asyncio.run(fails())
"""


@pytest.mark.stack
def test_a_failed_flow_stores_nothing_in_files(prefect_server: str, tmp_path: Path) -> None:
    """Prefect would write its exception, with all that it holds, whatever `persist_result` says."""
    folder = tmp_path / "empty"
    folder.mkdir()
    places = {"TMPDIR": folder, "PREFECT_LOCAL_STORAGE_PATH": folder / "storage", "PREFECT_HOME": tmp_path / "prefect"}
    environment = {
        **os.environ,
        **{name: str(place) for name, place in places.items()},
        "PREFECT_API_URL": prefect_server,
    }
    done = subprocess.run(
        [sys.executable, "-c", FAILS], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert "ValueError at " in done.stderr  # what an operator needs to find the line
    assert WORDS not in done.stderr + done.stdout
    assert [file for file in folder.rglob("*") if file.is_file()] == []
    assert "Failed to write result" not in done.stderr
    told = _kept(prefect_server)
    assert "ValueError at " in told
    assert WORDS not in told


def _kept(server: str) -> str:
    """What Prefect has of the flow's runs, its steps' and their logs."""
    of_it = {"flows": {"name": {"any_": ["engine-options"]}}}
    runs = httpx.post(f"{server}/flow_runs/filter", json=of_it, trust_env=False).json()
    states = [state for run in runs for state in _get(server, f"/flow_run_states/?flow_run_id={run['id']}")]
    steps = httpx.post(f"{server}/task_runs/filter", json=of_it, trust_env=False).json()
    logs = httpx.post(f"{server}/logs/filter", json={}, trust_env=False).json()
    return json.dumps([runs, states, steps, logs], ensure_ascii=False)


def _get(server: str, path: str) -> list[object]:
    found: list[object] = httpx.get(f"{server}{path}", trust_env=False).json()
    return found
