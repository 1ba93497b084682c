"""`huiyin keys`: a new master key, and the end of old ones."""

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption

LinksTooOption = Annotated[bool, typer.Option("--links-too", help=text("cli.keys.links_too"))]


def rotate(as_json: JsonOption = False) -> None:
    document = asyncio.run(_rotate())
    told = {"newest": document["newest"], "n": document["resealed"], "kept": len(document["kept"])}
    answer(document, [text("cli.keys.rotated", **told)], as_json)


def retire(links_too: LinksTooOption = False, as_json: JsonOption = False) -> None:
    document = asyncio.run(_retire(links_too))
    answer(document, _lines(document), as_json)


async def _rotate() -> dict[str, Any]:
    from deployments.office import open_office
    from ledger.settings import settings

    async with open_office(settings()) as office:
        done = await office.ledger.rotation.rotate()
    return {"newest": done.newest, "kept": list(done.kept), "resealed": done.resealed}


async def _retire(links_too: bool) -> dict[str, Any]:
    from deployments.office import open_office
    from ledger.settings import settings

    async with open_office(settings()) as office:
        done = await office.ledger.rotation.retire(links_too=links_too)
    kept = {key: until.isoformat() for key, until in done.kept.items()}
    return {"dropped": list(done.dropped), "kept": kept, "resealed": done.resealed}


def _lines(document: dict[str, Any]) -> Iterator[str]:
    for key in document["dropped"]:
        yield text("cli.keys.retired", fingerprint=key)
    for key, until in document["kept"].items():
        yield text("cli.keys.kept", fingerprint=key, until=until[:10])
    if not (document["dropped"] or document["kept"]):
        yield text("cli.keys.none_old")
