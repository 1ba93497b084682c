"""`huiyin verify`: is anything wrong?"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption


def verify(
    ledger_only: Annotated[bool, typer.Option("--ledger-only", help=text("cli.verify.ledger_only"))] = False,
    as_json: JsonOption = False,
) -> None:
    document = asyncio.run(_verify(ledger_only))
    answer(document, _lines(document), as_json)
    if not document["ok"]:
        raise typer.Exit(1)


async def _verify(ledger_only: bool) -> dict[str, Any]:
    from deployments.errors import CommandFailed
    from deployments.office import open_office
    from deployments.prefect_access import open_prefect
    from ledger.settings import settings

    unreachable = []
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(open_office(settings()))
        runs = None
        if not ledger_only:
            try:
                client = await stack.enter_async_context(open_prefect(settings()))
            except CommandFailed as failed:
                unreachable = [str(failed)]
            else:
                from deployments.run_states import RunStates

                runs = RunStates(client)
        from deployments.verification import Verification

        report = await Verification(office.ledger, runs).report()
    if unreachable:
        report.faults["prefect"] = unreachable
    return report.document()


def _lines(document: dict[str, Any]) -> Iterator[str]:
    for each in document["findings"]:
        yield each["finding"]
    key = "clean" if document["ok"] else "wrong"
    numbers = {"cases": document["cases"], "events": document["events"], "n": len(document["findings"])}
    yield text(f"verify.{key}", **numbers)
