"""Prefect as a command reaches it: the environment set before Prefect is first imported, an open client, a check."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from catalog.texts import text
from deployments.errors import CommandFailed
from deployments.prefect_environment import prefect_environment
from ledger.settings import Settings

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient


def stack_environment(settings: Settings) -> dict[str, str]:
    """Prefect's variables for these settings. Another server than our own brings its own certificates."""
    environment = prefect_environment(settings.home, settings.prefect_port)
    environment["PREFECT_API_URL"] = settings.prefect_url
    if settings.prefect_url.startswith("https:"):
        del environment["PREFECT_API_SSL_CERT_FILE"]
    return environment


@asynccontextmanager
async def open_prefect(settings: Settings) -> AsyncIterator["PrefectClient"]:
    """A client of the server of these settings. Raises `CommandFailed` when it does not answer."""
    settings.home.mkdir(
        parents=True, exist_ok=True
    )  # Prefect's own folder is made in it, and complains where it cannot
    os.environ |= {name: value for name, value in stack_environment(settings).items() if name not in os.environ}
    # Prefect reads its environment when it is first imported.
    from prefect.client.orchestration import get_client  # noqa: PLC0415  see above
    from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415  see above

    with temporary_settings({PREFECT_API_URL: settings.prefect_url}):
        async with get_client() as client:
            fault = await client.api_healthcheck()
            if fault is not None:
                raise CommandFailed(text("cli.error.prefect_unreachable", url=settings.prefect_url))
            yield client
