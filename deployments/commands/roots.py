"""`huiyin roots`: the daily roots, one line each, to be kept elsewhere."""

import asyncio
from typing import Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption

WriteOption = Annotated[bool, typer.Option("--write", help=text("cli.roots.write"))]
RestoreOption = Annotated[bool, typer.Option("--restore-file", help=text("cli.roots.restore_file"))]


def roots(write: WriteOption = False, restore_file: RestoreOption = False, as_json: JsonOption = False) -> None:
    document = asyncio.run(_roots(write, restore_file))
    lines = [text("cli.roots.line", **root) for root in document["roots"]] or [text("cli.roots.none")]
    if restore_file:
        lines.append(text("cli.roots.restored", n=document["restored"]))
    answer(document, lines, as_json)


async def _roots(write: bool, restore_file: bool) -> dict[str, Any]:
    from deployments.office import open_office
    from ledger.settings import settings

    async with open_office(settings()) as office:
        if write:
            await office.ledger.roots.write_due()
        restored = await office.ledger.roots.restore_file() if restore_file else 0
        kept = await office.ledger.roots.all()
    told = [{"day": row.day, "cases": row.cases, "root": row.root, "until": row.until.isoformat()} for row in kept]
    return {"file": str(office.settings.roots_file), "roots": told, "restored": restored}
