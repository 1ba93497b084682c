"""`huiyin import`: a CSV or Excel file of requests."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import ChannelOption, DistrictOption, JsonOption

if TYPE_CHECKING:
    from deployments.batch import Told
    from ledger.batches import Standing

SHOWN = 20  # bad rows in the answer for people; the JSON has them all


def import_batch(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=text("cli.import.file"))],
    district: DistrictOption,
    channel: ChannelOption = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", metavar="FIELD=COLUMN", help=text("cli.import.column"))
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=0, metavar="N", help=text("cli.import.limit"))] = None,
    as_json: JsonOption = False,
) -> None:
    document = asyncio.run(_import(file, district, channel, column or [], limit))
    answer(document, _lines(document), as_json)


async def _import(
    file: Path, district: str, channel: str | None, columns: list[str], limit: int | None
) -> dict[str, Any]:
    from deployments.batch import Batch
    from deployments.office import open_office
    from ledger.settings import settings

    batch = Batch(file, district, channel, columns, limit)
    async with open_office(settings()) as office:
        with _progress() as told:
            received = await batch.receive(office, told)
    return {**received.document(), "district": district}


@contextmanager
def _progress() -> Iterator["Told"]:
    """A bar on standard error, at a terminal only."""
    if not sys.stderr.isatty():
        yield lambda standing, about: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("", total=None)

        def told(standing: "Standing", about: int | None) -> None:
            progress.update(bar, completed=standing.read, total=about)

        yield told


def _lines(document: dict[str, Any]) -> Iterator[str]:
    if document["resumed_after"]:
        yield text("cli.import.resumed", row=document["resumed_after"])
    yield text("cli.import.counts", **{key: document[key] for key in ("read", "accepted", "repeated", "quarantined")})
    for bad in document["bad_rows"][:SHOWN]:
        yield text("cli.import.bad_row", row=bad["row"], reason=bad["reason"])
    if len(document["bad_rows"]) > SHOWN:
        yield text("cli.import.more_bad_rows", n=len(document["bad_rows"]) - SHOWN)
    if document["bad_rows"]:
        yield text("cli.import.see_quarantine", district=document["district"])
