"""`huiyin retry`: a case, with its parts and ownerships, is looked at again now, as after a fault that was mended."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption
from ledger.errors import NoSuchCase

if TYPE_CHECKING:
    from deployments.office import Office


def retry(
    case_no: Annotated[str, typer.Argument(metavar="CASE_NO", help=text("cli.retry.case_no"))],
    as_json: JsonOption = False,
) -> None:
    asyncio.run(_ring(case_no))
    answer({"case_no": case_no}, [text("cli.retry.rung", case_no=case_no)], as_json)


async def _ring(case_no: str) -> None:
    from deployments.office import open_office
    from ledger.settings import settings

    async with open_office(settings()) as office:
        case_no = await _case_of(office, case_no)
        await office.ledger.alarms.ring(case_no)
        children = [row.child_id for row in await office.ledger.children.of_cases([case_no]) if row.flow_run_id]
        if children:
            await office.ledger.child_alarms.ring(*children)


async def _case_of(office: "Office", name: str) -> str:
    """The case of this number, or of the part or ownership of this name, as an alert calls it. Raises `NoSuchCase`."""
    try:
        return (await office.ledger.cases.row(name)).case_no
    except NoSuchCase:
        if "-" not in name:
            raise
        return (await office.ledger.children.row(name)).case_no
