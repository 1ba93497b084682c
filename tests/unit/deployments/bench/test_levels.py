"""What many waiting cases add, reckoned from made readings."""

import io

import pytest
from rich.console import Console

from deployments.bench.alarm_query import AlarmQuery
from deployments.bench.levels import Level, added, sheet
from deployments.bench.rungs import RungLag
from deployments.bench.spread import Spread
from deployments.bench.usage import Usage
from deployments.errors import CommandFailed

MACHINE = {"cores": 2, "memory_gb": 24, "system": "Linux", "python": "3.11.7", "ledger": "sqlite"}
SPREAD = Spread(n=20, median=1.234, p95=2.345, p99=3.456)


def level(waiting: int, *worker: Usage, pid: int = 7) -> Level:
    readings = [dict.fromkeys(("gateway", "prefect"), Usage(100, 9, 9)) | {"worker": usage} for usage in worker]
    return Level(waiting, {"worker": pid}, readings, AlarmQuery(SPREAD, SPREAD), RungLag(SPREAD, SPREAD))


FEW = level(10, Usage(300.0, 16, 11), Usage(300.5, 16, 12), Usage(309.0, 16, 12))
MANY = level(510, Usage(304.0, 17, 10), Usage(304.5, 17, 11), Usage(305.0, 18, 10))


def test_memory_is_the_median_reading_and_scaled_to_a_thousand() -> None:
    found = added(FEW, MANY)
    assert found["worker_memory_mb"] == 4.0
    assert found["worker_memory_mb_per_1000_waiting"] == 8.0


def test_threads_and_connections_are_those_that_are_held_all_the_time() -> None:
    found = added(FEW, MANY)
    assert (found["worker_threads"], found["worker_connections"]) == (1, -1)


def test_a_process_that_was_started_again_cannot_be_compared() -> None:
    with pytest.raises(CommandFailed, match="重新启动"):
        sheet(MACHINE, FEW, level(510, Usage(1, 1, 1), Usage(1, 1, 1), pid=8))


def test_the_table_and_the_document_say_the_same() -> None:
    made, out = sheet(MACHINE, FEW, MANY), io.StringIO()
    made.show(Console(file=out, width=120))
    shown = out.getvalue()
    assert made.document["added"] == added(FEW, MANY)
    assert [each["waiting"] for each in made.document["levels"]] == [10, 510]
    assert made.document["levels"][1]["readings"][0]["worker"] == {"memory_mb": 304.0, "threads": 17, "connections": 10}
    for expected in ("2 核，24 GB", "10 件等待", "510 件等待", "300.5", "304.5", "1.23 / 2.35"):
        assert expected in shown
