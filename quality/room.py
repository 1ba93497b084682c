"""Great Expectations, imported where a check runs and nowhere else: quiet, offline, its pages in a folder of ours."""

import os
import shutil
import warnings
from pathlib import Path
from typing import Any

SITE = "huiyin"
KEPT_RUNS = 30
"""So many runs of each suite stay in the Data Docs beside the newest, a month of nights."""


def great_expectations() -> Any:
    """The library. It reports its use to its makers unless told not to before it is imported."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        # It imports the old names of re's parser, which Python 3.11 announces the end of.
        warnings.filterwarnings("ignore", "module 'sre_(constants|parse|compile)' is deprecated", DeprecationWarning)
        import great_expectations as gx  # noqa: PLC0415  seconds and a hundred megabytes: where it runs
        import great_expectations.expectations  # noqa: PLC0415
    return gx


def open_room(gx: Any, docs: Path | None) -> Any:
    """A context that keeps nothing but its Data Docs, in `docs` where given: suites are code, findings are told."""
    from great_expectations.data_context.types.base import (  # noqa: PLC0415
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        data_docs_sites={SITE: _site(docs)} if docs else {},
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _site(docs: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs.absolute())},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }


def thin_out(docs: Path, kept: int = KEPT_RUNS) -> None:
    """Take away the pages of runs before the last `kept` of each suite: runs are named by their time."""
    for of_suite in (docs / "validations").glob("*/"):
        for run in sorted(of_suite.iterdir())[:-kept]:
            shutil.rmtree(run)
