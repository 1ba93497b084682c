"""On what a measurement was made."""

import os
import platform
from typing import Any

from ledger.settings import Settings


def machine(settings: Settings) -> dict[str, Any]:
    """`{cores, memory_gb, system, python, ledger}`."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "system": platform.system(),
        "python": platform.python_version(),
        "ledger": settings.ledger_url.partition("+")[0],
    }
