"""What a work pool says of the processes that its workers start."""

from typing import Any

from prefect.workers.process import ProcessWorker

from deployments.resident_worker import ResidentWorker
from ledger.settings import ROOT


def base_job_template(pool_type: str) -> dict[str, Any]:
    """The template for a new pool of this type: `huiyin-resident` or `process`."""
    if pool_type == ResidentWorker.type:
        return ResidentWorker.get_default_base_job_template()
    template = ProcessWorker.get_default_base_job_template()
    # Else each run gets an empty folder, where a relative HUIYIN_HOME would be an empty ledger.
    template["variables"]["properties"]["working_dir"]["default"] = str(ROOT)
    return template
