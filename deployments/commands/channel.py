"""`huiyin channel key`: the key with which a channel's own system hands in requests."""

import asyncio
from typing import Annotated

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption


def key(
    district: Annotated[str, typer.Argument(metavar="DISTRICT", help=text("cli.option.district"))],
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help=text("cli.option.channel"))],
    as_json: JsonOption = False,
) -> None:
    found = asyncio.run(_key(district, channel))
    answer({"key": found}, [found], as_json)


async def _key(district: str, channel: str) -> str:
    from deployments.office import open_office
    from ledger.settings import settings

    async with open_office(settings()) as office:
        known = office.city.district(district).channel(channel)
        return await office.ledger.access.channel_key(district, known.code)
