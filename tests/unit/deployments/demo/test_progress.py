"""What is shown while the demo plays: every word of it can be said."""

import io

from rich.console import Console

from deployments.demo.progress import Progress
from deployments.demo.report import DemoReport

REPORT = DemoReport(
    requests=2,
    closed=2,
    rated=1,
    reopened=1,
    late_acknowledgements=1,
    false_breaches=0,
    whistles=1,
    ownerships=2,
    rulings=1,
    referred=1,
    rung_lag_p99_seconds=1.25,
    wakes=17,
    seconds=61.0,
    urls={
        "prefect": "http://p",
        "gateway": "http://g",
        "api": "http://g/o",
        "metrics": "http://g/m",
        "citizen": "http://c",
    },
    routed_right=2,
)


def shown(*, terminal: bool, problems: tuple[str, ...] = ()) -> str:
    out = io.StringIO()
    with Progress(Console(file=out, force_terminal=terminal, width=200)) as progress:
        progress.show(["closed", "triage"], 2)
        progress.end(REPORT if not problems else DemoReport(**{**REPORT.line(), "problems": problems}))
    return out.getvalue()


def test_the_summary_and_every_page_are_told() -> None:
    told = shown(terminal=False)
    assert "结案 2" in told
    assert "1.25" in told
    for url in REPORT.urls.values():
        assert url in told


def test_a_terminal_shows_a_living_line() -> None:
    assert "待分拨 1　已结案 1" in shown(terminal=True)


def test_what_went_wrong_is_told() -> None:
    assert "SF1 未结案" in shown(terminal=False, problems=("SF1 未结案",))
