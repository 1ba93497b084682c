"""Where checks keep what they write: under ``HUIYIN_HOME/quality``."""

from pathlib import Path

from ledger.settings import Settings


def docs_folder(settings: Settings) -> Path:
    """The Data Docs, whose first page is ``index.html``."""
    return settings.home.absolute() / "quality" / "docs"


def passed_file(settings: Settings) -> Path:
    return settings.home.absolute() / "quality" / "passed.json"
