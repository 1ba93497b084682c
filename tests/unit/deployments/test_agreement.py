"""Whether a case and its flow run fit together: each way in which they may, and may not."""

from datetime import UTC, datetime, timedelta

import pytest

from deployments.agreement import RunState, disagreement
from ledger.tables import CaseRow

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(minutes=5), NOW - timedelta(seconds=5)
LONG_AGO = NOW - timedelta(days=100)
PARKED = RunState("PAUSED", "待签收 11:05前")
COMPLETED = RunState("COMPLETED", "已结案")
SCHEDULED, RUNNING = RunState("SCHEDULED", "Scheduled"), RunState("RUNNING", "Running")


def row(**facts: object) -> CaseRow:
    return CaseRow(**{"case_no": "SF1", "state": "awaiting_ack", "alarm_at": LATER, "flow_run_id": "r", **facts})


def closed(**facts: object) -> CaseRow:
    return row(**{"state": "closed", "alarm_at": None, "closed_at": EARLIER, **facts})


@pytest.mark.parametrize(
    ("case", "run"),
    [
        (row(), PARKED),
        (row(), SCHEDULED),
        (row(lease_until=LATER), RUNNING),
        (row(waking_until=LATER), None),
        (row(alarm_at=EARLIER), RunState("PAUSED", "待分拨")),
        (row(alarm_at=EARLIER, flow_run_id=None), None),
        (closed(), COMPLETED),
        (closed(alarm_at=LATER), RunState("PAUSED", "已结案 待送达")),
        (closed(closed_at=LONG_AGO), None),
    ],
)
def test_these_fit(case: CaseRow, run: RunState | None) -> None:
    assert disagreement(case, run, NOW) is None


@pytest.mark.parametrize(
    ("case", "run", "told"),
    [
        (row(), None, "Prefect 中没有"),
        (row(flow_run_id=None), None, "从未有过流程运行"),
        (row(), RunState("PAUSED", "办理中 12:00前"), "停在“办理中 12:00前”"),
        (row(), COMPLETED, "却已结束"),
        (row(), RunState("CANCELLED", "Cancelled"), "却已结束"),
        (row(), RUNNING, "没有人持有"),
        (row(alarm_at=None), PARKED, "没有闹钟"),
        (row(alarm_at=NOW - timedelta(minutes=11)), PARKED, "无人应答"),
        (closed(), PARKED, "却处于“待签收 11:05前”"),
        (closed(), RunState("FAILED", "Failed"), "却处于“Failed”"),
        (closed(), None, "Prefect 中没有"),
        (closed(flow_run_id=None), None, "从未有过流程运行"),
    ],
)
def test_these_do_not(case: CaseRow, run: RunState | None, told: str) -> None:
    found = disagreement(case, run, NOW)
    assert found is not None
    assert found.startswith("SF1：")
    assert told in found


@pytest.mark.parametrize(("begun", "told"), [(NOW, False), (EARLIER - timedelta(seconds=1), True), (None, True)])
def test_a_run_that_ended_before_prefects_database_began_is_not_missed(begun: datetime | None, told: bool) -> None:
    assert (disagreement(closed(), None, NOW, begun) is not None) is told
    assert disagreement(row(), None, NOW, begun) is not None  # an open case needs one all the same
