"""What was found at each number of waiting cases, and what many of them add. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from catalog.texts import text
from deployments.bench.alarm_query import AlarmQuery
from deployments.bench.rungs import RungLag
from deployments.bench.sheet import Sheet
from deployments.bench.usage import Usage
from deployments.errors import CommandFailed


@dataclass(frozen=True, slots=True)
class Level:
    """The stack at rest with so many waiting cases: what its processes use, read several times; how prompt it is."""

    waiting: int
    pids: Mapping[str, int]
    readings: Sequence[Mapping[str, Usage]]
    query: AlarmQuery
    lag: RungLag

    def usage(self, name: str) -> Usage:
        """The median memory; the threads and connections that were there each time: those that are held."""
        read = [reading[name] for reading in self.readings]
        return Usage(
            median(usage.memory_mb for usage in read),
            min(usage.threads for usage in read),
            min(usage.connections for usage in read),
        )

    def document(self) -> dict[str, Any]:
        return {
            "waiting": self.waiting,
            "readings": [
                {name: {**asdict(usage), "memory_mb": round(usage.memory_mb, 2)} for name, usage in reading.items()}
                for reading in self.readings
            ],
            "alarm_query_ms": self.query.alarm.document(3),
            "one_row_query_ms": self.query.one_row.document(3),
            "rung_recorded_seconds": self.lag.recorded.document(3),
            "rung_delivered_seconds": self.lag.delivered.document(3),
        }


def sheet(machine: Mapping[str, Any], few: Level, many: Level) -> Sheet:
    """Side by side. Raises `CommandFailed` when a process of the second level is not the one of the first."""
    if few.pids != many.pids:
        raise CommandFailed(text("bench.restarted"))
    levels = (few, many)
    document = {
        "bench": "parked",
        "machine": machine,
        "levels": [level.document() for level in levels],
        "added": added(few, many),
    }
    return Sheet([text("bench.waiting", n=level.waiting) for level in levels], _rows(levels), document)


def added(few: Level, many: Level) -> dict[str, float]:
    """What the worker uses more at the second level."""
    before, after = few.usage("worker"), many.usage("worker")
    memory = after.memory_mb - before.memory_mb
    return {
        "worker_memory_mb": round(memory, 2),
        "worker_memory_mb_per_1000_waiting": round(memory * 1000 / (many.waiting - few.waiting), 2),
        "worker_threads": after.threads - before.threads,
        "worker_connections": after.connections - before.connections,
    }


def _rows(levels: Sequence[Level]) -> Sequence[tuple[str, ...]]:
    worker = [level.usage("worker") for level in levels]
    figures = {
        "worker_memory": [f"{usage.memory_mb:.1f}" for usage in worker],
        "worker_threads": [str(usage.threads) for usage in worker],
        "worker_connections": [str(usage.connections) for usage in worker],
        "gateway_memory": [f"{level.usage('gateway').memory_mb:.1f}" for level in levels],
        "server_memory": [f"{level.usage('prefect').memory_mb:.1f}" for level in levels],
        "alarm_query": [level.query.alarm.line(".2f") for level in levels],
        "one_row_query": [level.query.one_row.line(".2f") for level in levels],
        "rung_recorded": [level.lag.recorded.line(".2f") for level in levels],
        "rung_delivered": [level.lag.delivered.line(".2f") for level in levels],
    }
    return [(text(f"bench.row.{key}"), *values) for key, values in figures.items()]
