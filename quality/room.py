"""Great Expectations, imported where a check runs and nowhere else: quiet, offline, its pages in a folder of ours."""

import fcntl
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SITE = "huiyin"
KEPT = {"expectations_store": "kept/rules", "validation_results_store": "kept/results"}
"""By store, its folder below the pages: a page whose rules or results are gone is taken away when the next are made."""
KEPT_RUNS = 30
"""So many results of each suite stay beside the newest, a month of nights."""


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
    """A context of suites that are code. Without `docs` it keeps nothing; with it, what its Data Docs are made of."""
    from great_expectations.data_context.types.base import (  # noqa: PLC0415
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    stores = InMemoryStoreBackendDefaults()
    if docs is not None:
        for name, folder in KEPT.items():
            stores.stores[name]["store_backend"] = _files(docs / folder)
    config = DataContextConfig(
        store_backend_defaults=stores,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        data_docs_sites={SITE: _site(docs)} if docs is not None else {},
    )
    return gx.get_context(mode="ephemeral", project_config=config)


@contextmanager
def alone(docs: Path | None) -> Iterator[None]:
    """Nobody else writes these pages meanwhile: the stores behind them are files, and two writers would trip."""
    if docs is None:
        yield
        return
    docs.mkdir(parents=True, exist_ok=True)
    with (docs / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _site(docs: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": _files(docs),
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }


def _files(folder: Path) -> dict[str, str]:
    return {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.absolute())}


def thin_out(docs: Path, kept: int = KEPT_RUNS) -> None:
    """Forget the results before the last `kept` of each suite, and so their pages. Runs are named by their time."""
    for of_suite in (docs / KEPT["validation_results_store"]).glob("*/"):
        for run in sorted(of_suite.glob("*/"))[:-kept]:
            shutil.rmtree(run)
