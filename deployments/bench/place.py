"""Where a measurement takes place: an empty folder that goes when it is over, free ports, districts made for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from catalog.loading import load_catalogue, load_districts
from catalog.texts import text
from deployments.bench.districts import districts, write_districts
from deployments.ports import free_port
from ledger.settings import ROOT, Settings

DEMO = "demo"


@contextmanager
def place(settings: Settings, database_url: str, say: Callable[[str], None]) -> Iterator[Settings]:
    """These settings moved there, the ledger on SQLite or at the given URL; nothing of anybody's is touched.

    After an error the folder stays, for its logs.
    """
    folder, failed = Path(mkdtemp(prefix="huiyin-bench-")), False
    try:
        yield _moved(settings, database_url, folder)
    except Exception:
        failed = True
        say(text("bench.kept", folder=folder))
        raise
    finally:
        if not failed:
            rmtree(folder)


def _moved(settings: Settings, database_url: str, folder: Path) -> Settings:
    demo = load_districts(ROOT / "deployments" / "districts", load_catalogue())[DEMO]
    write_districts(districts(demo), folder / "districts")
    moved = {
        "home": folder / "home",
        "key_file": None,
        "database_url": database_url,
        "districts": folder / "districts",
        "gateway_port": free_port(settings.gateway_port),
        "prefect_port": free_port(settings.prefect_port),
        "prefect_api_url": "",
        "public_url": "",
        "allow_private_webhooks": True,
    }
    return settings.model_copy(update=moved)
