"""How the demo shows on standard error how far it is: one living line in a terminal, a line now and then elsewhere."""

import time
from collections import Counter
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from catalog.texts import text
from deployments.demo.report import DemoReport
from deployments.demo.stage import Stage

OUTSIDE_TERMINALS_EVERY = 10.0
ORDER = (
    "received", "triage", "awaiting_ack", "awaiting_contact", "in_progress", "in_dispute", "joint_handling", "owned",
    "paused", "awaiting_referral", "awaiting_recheck", "awaiting_callback", "closed",
)  # fmt: skip


class Progress:
    """Used as a context; `show` as often as one likes."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, soft_wrap=True)
        self._live = Live(console=self._console, refresh_per_second=4) if self._console.is_terminal else None
        self._began = self._said = time.monotonic()

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def show(self, states: Iterable[str], total: int) -> None:
        """How many cases are in which state, of so many that are to be sent."""
        counts = Counter(states)
        present = (state for state in ORDER if counts[state])
        told = "　".join(text("demo.state", name=text(f"state.{state}"), n=counts[state]) for state in present)
        line = text("demo.progress", elapsed=_clock(self.seconds), sent=counts.total(), total=total, states=told)
        if self._live is not None:
            self._live.update(Text(line))
        elif time.monotonic() - self._said >= OUTSIDE_TERMINALS_EVERY:
            self._said = time.monotonic()
            self.say(line)

    def say(self, line: str) -> None:
        self._console.print(Text(line))

    def begin(self, stage: Stage, total: int, interval: float) -> None:
        self.say(text("demo.begins", total=total, interval=f"{interval:.1f}", units=len(stage.district.units)))

    def end(self, report: DemoReport) -> None:
        """The summary, what went wrong, and where to look."""
        figures = {**report.line(), "lag": report.rung_lag_p99_seconds, "routed_right": report.routed_right}
        self.say(text("demo.summary", **figures))
        self.say(text("demo.problems", n=len(report.problems)) if report.problems else text("demo.all_well"))
        for problem in report.problems:
            self.say(f"　{problem}")
        for page, url in report.urls.items():
            self.say(text("demo.where", what=text(f"demo.page.{page}"), url=url))


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
