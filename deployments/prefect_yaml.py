"""prefect.yaml: the planned deployments as `prefect deploy --all` reads them. Generated; CI compares."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from deployments.plan import POOL, Planned, Schedule
from ledger.settings import ROOT

PREFECT_YAML = ROOT / "prefect.yaml"
HEAD = """\
# Generated from deployments/districts by `make prefect-yaml`; do not edit: CI compares.
# `prefect deploy --all` gives the same deployments as `huiyin deploy`, which makes the work pool too and keeps what was
# changed in Prefect's UI: `prefect deploy` puts the policies back to what stands here.
"""


def render(plans: Iterable[Planned]) -> str:
    """The file's content."""
    document = {"name": "huiyin", "pull": [], "deployments": [_deployment(planned) for planned in plans]}
    return HEAD + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, default_flow_style=None, width=120)


def stale(plans: Iterable[Planned], path: Path = PREFECT_YAML) -> bool:
    """Whether the file is not what the districts would give."""
    return not path.exists() or path.read_text(encoding="utf-8") != render(plans)


def _deployment(planned: Planned) -> dict[str, Any]:
    deployment: dict[str, Any] = {
        "name": planned.name,
        "description": planned.description,
        "entrypoint": planned.entrypoint,
        "tags": list(planned.tags),
        "work_pool": {"name": POOL, "work_queue_name": planned.queue},
        "parameters": dict(planned.parameters),
        "enforce_parameter_schema": True,
        "pull": [],  # nothing is fetched: without this line the deploying machine's own path is written in
    }
    if planned.schedules:
        deployment["schedules"] = [_schedule(schedule) for schedule in planned.schedules]
    return deployment


def _schedule(schedule: Schedule) -> dict[str, Any]:
    written: dict[str, Any] = {"slug": schedule.slug, "cron": schedule.cron, "timezone": schedule.timezone}
    return {**written, "parameters": dict(schedule.parameters)} if schedule.parameters else written
