"""What a stretch of work took: time, wakes, and processor time of the worker and of Prefect's server."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from deployments.bench.scene import Scene
from deployments.demo.wakes import wakes


@dataclass(slots=True)
class Measured:
    """Seconds, processor seconds, and how many wakes; all 0 until the stretch is over."""

    seconds: float = 0.0
    wakes: int = 0
    worker_cpu: float = 0.0
    server_cpu: float = 0.0

    def document(self, per: str, n: int) -> dict[str, float]:
        """In all, and processor milliseconds for each of `n` (a ``wake``, a ``life``)."""
        return {
            "seconds": round(self.seconds, 1),
            "wakes": self.wakes,
            f"worker_cpu_ms_a_{per}": round(1000 * self.worker_cpu / n, 1),
            f"server_cpu_ms_a_{per}": round(1000 * self.server_cpu / n, 1),
        }


@asynccontextmanager
async def measured(scene: Scene) -> AsyncIterator[Measured]:
    """Filled in when the block ends."""
    measured = Measured()
    wakes_before = await wakes(scene.sender.client)
    worker, server, began = scene.cpu("worker"), scene.cpu("prefect"), time.monotonic()
    yield measured
    measured.seconds = time.monotonic() - began
    measured.worker_cpu, measured.server_cpu = scene.cpu("worker") - worker, scene.cpu("prefect") - server
    measured.wakes = await wakes(scene.sender.client) - wakes_before
