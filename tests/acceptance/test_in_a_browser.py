"""What a person sees: Prefect's desk and the citizen's page, in a headless Chromium."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from waiting import wait_for

from tests.conftest import missing

pytestmark = [pytest.mark.stack, pytest.mark.needs_chromium, pytest.mark.timeout(600)]
QUIET = ("gpu", "quic", "background-networking", "component-update", "sync", "extensions")


@pytest.fixture
def browser(tmp_path: Path) -> Any:
    """`browser(url)` answers the page's DOM once its scripts have run."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        missing("no Chromium is on this machine: install the package chromium")

    def dom(url: str) -> str:
        options = [f"--user-data-dir={tmp_path}", "--headless", "--no-sandbox", "--no-first-run", "--lang=zh-CN"]
        options += [f"--disable-{what}" for what in QUIET]
        done = subprocess.run(
            [str(program), *options, "--virtual-time-budget=20000", "--dump-dom", url],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return done.stdout

    return dom


def test_the_desk_shows_what_each_request_waits_for(stack: Any, browser: Any) -> None:
    text = "坑梓街道金沙社区的垃圾三天没人清运"
    receipt = stack.submit(district="pingshan", text=text, contact={"phone": "13800000005"})
    badge = stack.badge_becomes(receipt["case_no"], "待签收 ")["state_name"]
    desk = f"{stack.prefect.removesuffix('/api')}/v2/runs"

    def listed() -> str | None:
        shown = str(browser(desk))
        return shown if receipt["case_no"] in shown else None

    shown = wait_for(listed, "the desk to list the request", 180)
    assert badge in shown
    assert "unit:" in shown
    assert text not in shown
    page = browser(receipt["receipt_url"])
    assert receipt["case_no"] in page
    assert "您的诉求已收到" in page
    assert "处理中" not in page
