"""How Prefect's engine is to run our flows, under whatever worker: nothing of a run is stored in files."""

import os
from pathlib import Path
from typing import Any

from tasks.engine_logs import quieten_engine

# Prefect stores a failed flow's exception, with all that it holds of a case, whatever `persist_result` says. Below a
# device there can be no file: it cannot, and goes on. A storage of its own also spares a flow two calls a run.
NOWHERE = Path(os.devnull) / "huiyin"

UNSTORED: dict[str, Any] = {"persist_result": False, "result_storage": NOWHERE}

quieten_engine()  # whichever worker imports a flow, a process worker's new process too
