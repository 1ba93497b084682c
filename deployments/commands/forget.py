"""`huiyin forget`: the people of closed cases leave the ledger, and the chains stay whole."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption

CaseNosArgument = Annotated[
    list[str] | None, typer.Argument(metavar="CASE_NO …", help=text("cli.forget.case_nos"), show_default=False)
]
BeforeOption = Annotated[
    datetime | None,
    typer.Option("--closed-before", metavar="DATE", formats=["%Y-%m-%d"], help=text("cli.forget.closed_before")),
]
QuarantinedOption = Annotated[
    datetime | None,
    typer.Option(
        "--quarantined-before", metavar="DATE", formats=["%Y-%m-%d"], help=text("cli.forget.quarantined_before")
    ),
]
ReasonOption = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=text("cli.forget.reason"))]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=text("cli.forget.dry_run"))]


def forget(
    *,
    case_nos: CaseNosArgument = None,
    closed_before: BeforeOption = None,
    quarantined_before: QuarantinedOption = None,
    reason: ReasonOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    asked = {
        "case_nos": case_nos or [],
        "closed_before": closed_before,
        "quarantined_before": quarantined_before,
        "reason": reason or text("cli.forget.by_default"),
        "dry_run": dry_run,
    }
    document = asyncio.run(_forget(asked))
    answer(document, _lines(document), as_json)
    if document["open"] or document["unknown"] or not document["scrubbed"]:
        raise typer.Exit(1)


async def _forget(asked: dict[str, Any]) -> dict[str, Any]:
    from catalog.working_time import SHANGHAI
    from deployments.errors import CommandFailed
    from deployments.forgetting import Asked, forgotten
    from deployments.office import open_office
    from ledger.settings import settings

    if not any(asked[what] for what in ("case_nos", "closed_before", "quarantined_before")):
        raise CommandFailed(text("cli.forget.nothing_asked"))
    days = {name: day.replace(tzinfo=SHANGHAI) for name, day in asked.items() if isinstance(day, datetime)}
    async with open_office(settings()) as office:
        return await forgotten(office.ledger, Asked(**{**asked, **days}))


def _lines(document: dict[str, Any]) -> Iterator[str]:
    for what in ("would", "forgotten", "already", "unknown"):
        for case_no in document[what]:
            yield text(f"cli.forget.{what}", case_no=case_no)
    for case in document["open"]:
        yield text("cli.forget.open", case_no=case["case_no"], state=text(f"state.{case['state']}"))
    if document["rows"]:
        yield text("cli.forget.rows", n=document["rows"])
    yield text("cli.forget.counts", n=len(document["forgotten"]))
    if not document["scrubbed"]:
        yield text("cli.forget.not_scrubbed")
