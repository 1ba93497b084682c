"""`huiyin bench`: measurements, each on a stack of its own in an empty folder."""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.texts import text
from deployments.commands.options import JsonOption

if TYPE_CHECKING:
    from deployments.bench.sheet import Sheet


class What(StrEnum):
    """What can be measured."""

    LIFECYCLE = "lifecycle"
    INTAKE = "intake"
    PARKED = "parked"
    WAKE = "wake"
    WHISTLE = "whistle"


def bench(
    what: Annotated[What, typer.Argument(help=text("cli.bench.what"))],
    cases: Annotated[
        int | None, typer.Option("--cases", "--calls", min=2, metavar="N", help=text("cli.bench.cases"))
    ] = None,
    database_url: Annotated[
        str, typer.Option("--database-url", metavar="URL", help=text("cli.bench.database_url"))
    ] = "",
    as_json: JsonOption = False,
) -> None:
    from deployments.signals import run_until_ended

    sheet = run_until_ended(_bench(what, cases, database_url))
    if sheet is None:  # ended by hand: there is no figure
        raise typer.Exit(1)
    if as_json:
        typer.echo(json.dumps(sheet.document, ensure_ascii=False))
    else:
        sheet.show()


async def _bench(what: What, cases: int | None, database_url: str) -> "Sheet":
    from importlib import import_module

    from ledger.settings import settings

    module = "whistles" if what is What.WHISTLE else str(what)
    measure = getattr(import_module(f"deployments.bench.{module}"), what)
    sheet: Sheet = await measure(settings(), cases, database_url, _say)
    return sheet


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)
