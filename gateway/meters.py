"""What the gateway counts (Prometheus). One registry an app, so that two apps in one process do not mix."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ledger.ledger import Ledger

LATENCY_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300)


class Meters:
    """Counters are raised where things happen; what the ledger knows is read when somebody asks."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.wakes = Counter("huiyin_wakes", "Wakes of runs by what came of them", ["outcome"], registry=registry)
        self.wake_latency = Histogram(
            "huiyin_wake_latency_seconds",
            "From a case's alarm to the answered call",
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self.webhooks = Counter("huiyin_webhooks", "Department webhooks by result", ["result"], registry=registry)
        self.requests = Counter(
            "huiyin_requests_received", "Requests by district and result", ["district", "result"], registry=registry
        )
        self._cases = Gauge("huiyin_cases", "Cases by district and state", ["district", "state"], registry=registry)
        self._lag = Gauge("huiyin_alarm_lag_seconds", "Age of the oldest unanswered alarm", registry=registry)

    async def exposition(self, ledger: Ledger) -> bytes:
        """All of it in Prometheus's text format."""
        self._lag.set(await ledger.alarms.lag())
        self._cases.clear()
        for (district, state), n in (await ledger.lists.by_state()).items():
            self._cases.labels(district, state).set(n)
        return generate_latest(self._registry)
