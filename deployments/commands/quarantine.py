"""`huiyin quarantine list` and `huiyin quarantine release`: what an import could not take, and taking it after all."""

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import DistrictOption, JsonOption

SHOWN = 20  # rows in the answer for people; the JSON has them all


def list_rows(
    *,
    district: DistrictOption,
    source: Annotated[str | None, typer.Option("--file", metavar="NAME", help=text("cli.quarantine.source"))] = None,
    as_json: JsonOption = False,
) -> None:
    rows = asyncio.run(_list(district, source))
    answer({"rows": rows}, _lines(rows), as_json)


def release(
    *,
    ids: Annotated[list[int], typer.Argument(metavar="ID …", help=text("cli.quarantine.ids"))],
    as_json: JsonOption = False,
) -> None:
    released = asyncio.run(_release(ids))
    answer({"released": released}, (text("cli.quarantine.released", **each) for each in released), as_json)


async def _list(district: str, source: str | None) -> list[dict[str, Any]]:
    from deployments.office import open_office
    from ledger.settings import settings

    async with open_office(settings()) as office:
        office.city.district(district)
        rows = await office.ledger.quarantine.of_district(district, source)
    return [
        {
            "id": bad.id,
            "file": bad.source,
            "row": bad.row,
            "reason": bad.reason,
            "kinds": list(bad.kinds),
            "at": bad.at.isoformat(),
        }
        for bad in rows
    ]


async def _release(ids: list[int]) -> list[dict[str, Any]]:
    from deployments.office import open_office
    from deployments.releasing import release as released
    from ledger.settings import settings

    async with open_office(settings()) as office:
        return [{"id": number, "case_no": await released(office, number)} for number in ids]


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        yield text("cli.quarantine.none")
    for bad in rows[:SHOWN]:
        yield text("cli.quarantine.line", id=bad["id"], source=bad["file"], row=bad["row"], reason=bad["reason"])
    if len(rows) > SHOWN:
        yield text("cli.quarantine.more", n=len(rows) - SHOWN)
