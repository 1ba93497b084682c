"""The nightly check in the resident worker: judged in a process aside, while the worker goes on."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from prefect.client.schemas.objects import State
from sqlalchemy import update

from ledger.ledger import Ledger
from ledger.settings import Settings
from ledger.tables import CaseRow
from tests.integration.ledger.made import PLAIN, Made

if TYPE_CHECKING:
    from tests.integration.deployments.conftest import Desk, StartWorker


@pytest.mark.stack
@pytest.mark.slow
async def test_a_damaged_case_fails_the_night_and_the_worker_goes_on(
    desk: "Desk",
    start_worker: "StartWorker",
    migrated_sqlite: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("HUIYIN_HOME", str(home))
    async with Ledger.of(Settings()) as ledger:
        shutil.copy(migrated_sqlite, home / "ledger.db")
        await ledger.policies.pin("pingshan", PLAIN, "file")
        made = Made(ledger)
        sound, damaged = await made.assigned(), await made.assigned()
        async with ledger.database.write() as session:
            await session.execute(update(CaseRow).where(CaseRow.case_no == damaged).values(alarm_at=None))
    worker = start_worker(desk.pool)
    deployment = await desk.deploy("flows.data_quality.data_quality")
    ended: Callable[[State[object]], bool] = lambda state: state.is_final()  # noqa: E731

    runs = [await desk.run(deployment), await desk.run(deployment, everything=True)]

    for run in runs:
        state = (await desk.until(run, ended)).state
        assert state is not None
        assert state.is_failed()
        assert damaged in str(state.message)
        assert sound not in str(state.message)
    assert worker.alive()
    assert (home / "quality" / "docs" / "index.html").exists()
