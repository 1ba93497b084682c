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
        self._absorbed = Gauge(
            "huiyin_absorbed_runs", "Second runs of a case that its claim stopped", ["claim"], registry=registry
        )
        self._cases = Gauge("huiyin_cases", "Cases by district and state", ["district", "state"], registry=registry)
        self._beside = Gauge(
            "huiyin_beside",
            "Open parts of whistle calls, and ownerships, by district, flow and state",
            ["district", "flow", "state"],
            registry=registry,
        )
        self._alerts = Gauge("huiyin_alerts", "Open alerts by kind", ["kind"], registry=registry)
        self._lag = Gauge("huiyin_alarm_lag_seconds", "Age of the oldest unanswered alarm", registry=registry)
        self._overdue = Gauge(
            "huiyin_overdue_rung_seconds", "Age of the oldest rung that is due and has not fired", registry=registry
        )

    async def exposition(self, ledger: Ledger) -> bytes:
        """All of it in Prometheus's text format."""
        self._lag.set(await ledger.alarms.lag())
        oldest = await ledger.overdue.oldest()
        self._overdue.set(oldest.seconds if oldest else 0.0)
        for claim, n in (await ledger.claims.absorbed()).items():
            self._absorbed.labels(claim).set(n)
        self._alerts.clear()
        for kind, n in (await ledger.alerts.count()).items():
            self._alerts.labels(kind).set(n)
        self._cases.clear()
        for (district, state), n in (await ledger.lists.by_state()).items():
            self._cases.labels(district, state).set(n)
        self._beside.clear()
        for (district, flow, state), n in (await ledger.lists.beside()).items():
            self._beside.labels(district, flow, state).set(n)
        return generate_latest(self._registry)
