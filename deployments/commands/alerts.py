"""`huiyin alerts`: what operators must know and do."""

import asyncio
from typing import Any

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption


def alerts(as_json: JsonOption = False) -> None:
    found = asyncio.run(_open_alerts())
    lines = [text("cli.alerts.line", **{**each, "since": each["since"][:16]}) for each in found]
    answer({"alerts": found}, lines or [text("cli.alerts.none")], as_json)


async def _open_alerts() -> list[dict[str, Any]]:
    from deployments.office import open_office
    from ledger.reading import alert_document
    from ledger.settings import settings

    async with open_office(settings()) as office:
        return [alert_document(row) for row in await office.ledger.alerts.open()]
