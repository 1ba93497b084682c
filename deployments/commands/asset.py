"""`huiyin asset import`: the register of things with codes of their own."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import DistrictOption, JsonOption

SHOWN = 20  # bad rows in the answer for people; the JSON has them all


def import_register(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=text("cli.asset.file"))],
    district: DistrictOption,
    as_json: JsonOption = False,
) -> None:
    document = asyncio.run(_import(file, district))
    answer(document, _lines(document), as_json)


async def _import(file: Path, district: str) -> dict[str, Any]:
    from deployments.asset_file import import_assets
    from deployments.office import open_office
    from ledger.settings import settings

    async with open_office(settings()) as office:
        counts = await import_assets(file, office.city.district(district), office.ledger.assets)
    return counts.document()


def _lines(document: dict[str, Any]) -> Iterator[str]:
    yield text("cli.asset.counts", **{key: document[key] for key in ("read", "stored", "refused")})
    for bad in document["bad_rows"][:SHOWN]:
        yield text("cli.import.bad_row", **bad)
    if len(document["bad_rows"]) > SHOWN:
        yield text("cli.import.more_bad_rows", n=len(document["bad_rows"]) - SHOWN)
