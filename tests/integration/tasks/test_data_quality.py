"""The nightly check as its flow runs it on a Prefect server: it passes, or fails with the rows named and an alert."""

from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings
from prefect.states import State
from sqlalchemy import update

from flows.data_quality import data_quality
from ledger.ledger import Ledger
from ledger.tables import CaseRow
from tests.integration.tasks.at_work import AtWork


async def night(prefect_server: str) -> State[object]:
    with temporary_settings({PREFECT_API_URL: prefect_server, PREFECT_LOGGING_TO_API_ENABLED: False}):
        ended: State[object] = await data_quality(return_state=True)  # type: ignore[assignment, call-overload]
    return ended


@pytest.mark.stack
async def test_a_damaged_case_fails_the_run_and_alerts_until_it_is_mended(
    ledger: Ledger, work: AtWork, prefect_server: str, tmp_path: Path
) -> None:
    sound, damaged = await work.assigned(), await work.assigned()
    alarm = (await ledger.cases.row(damaged)).alarm_at
    await write(ledger, damaged, alarm_at=None, outcome="resolved")

    failed = await night(prefect_server)

    assert failed.is_failed()
    said = str(failed.message)
    assert "台账有 2 处问题（检查了 2 件）" in said
    assert f"{damaged}: 在办（待签收）却没有闹钟" in said
    assert f"{damaged}: 尚未结案（待签收）却已写着结果" in said
    assert sound not in said
    (alert,) = await ledger.alerts.open()
    assert (alert.kind, damaged in alert.words, sound in alert.words) == ("data_quality", True, False)
    assert (tmp_path / "home" / "quality" / "docs" / "index.html").exists()

    await write(ledger, damaged, alarm_at=alarm, outcome=None)
    assert (await night(prefect_server)).is_completed()
    assert await ledger.alerts.open() == []


async def write(ledger: Ledger, case_no: str, **columns: object) -> None:
    async with ledger.database.write() as session:
        await session.execute(update(CaseRow).where(CaseRow.case_no == case_no).values(**columns))
