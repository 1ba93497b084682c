"""Again and again, at random moments of a demo, `kill -9` ends the worker, the gateway, Prefect's server or all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from parties import free_port
from scale import sized

KILLS, MINUTES = sized(30, ci=10), 14

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.timeout((MINUTES + 6) * 60)]


def test_every_case_closes_and_every_webhook_has_one_effect_whoever_is_killed(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "HUIYIN_HOME": str(tmp_path / "home"),
        "HUIYIN_GATEWAY_PORT": str(free_port()),
        "HUIYIN_PREFECT_PORT": str(free_port()),
    }
    environment.pop("PREFECT_API_URL", None)
    words = ("chaos", "--kills", str(KILLS), "--minutes", str(MINUTES), "--json")
    done = subprocess.run(
        [sys.executable, "-m", "deployments", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr[-3000:]
    said = json.loads(done.stdout)
    told = f"huiyin chaos --seed {said['seed']}: {said['problems']}\n{done.stderr[-3000:]}"
    assert said["problems"] == [], told
    assert (done.returncode, said["ok"]) == (0, True), told

    kills = said["kills"]
    assert kills["moments"] == KILLS
    assert min(kills["worker"], kills["gateway"], kills["prefect"], kills["together"]) > 0
    assert said["confirmed"] == said["cases"] == said["closed"] == said["requests"] > 40
    assert said["verify"] == {"ok": True, "findings": []}
    webhooks = said["webhooks"]
    assert webhooks["doubled"] == 0
    assert webhooks["received"] >= webhooks["ids"] >= webhooks["sent"] > said["cases"]
    assert said["acts"]["accepted"] > said["cases"]
