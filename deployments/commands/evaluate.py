"""`huiyin evaluate`: figures of what is learnt, on a labelled file."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import DistrictOption, JsonOption, LabelOption, TextColumnsOption

if TYPE_CHECKING:
    from deployments.evaluating.asked import Asked


def evaluate(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=text("cli.evaluate.file"))],
    district: DistrictOption,
    train: Annotated[Path | None, typer.Option("--train", metavar="FILE", help=text("cli.evaluate.train"))] = None,
    text_columns: TextColumnsOption = None,
    label: LabelOption = None,
    task: Annotated[
        Literal["classification", "assignment", "duplicates", "bursts"],
        typer.Option("--task", help=text("cli.evaluate.task")),
    ] = "classification",
    pairs: Annotated[Path | None, typer.Option("--pairs", metavar="FILE", help=text("cli.evaluate.pairs"))] = None,
    as_json: JsonOption = False,
) -> None:
    from deployments.evaluating.asked import Asked
    from deployments.evaluating.choosing import Task, lines
    from deployments.labelled_file import LabelledColumns

    asked = Asked(file, district, train, LabelledColumns.of(text_columns, label), pairs)
    document = asyncio.run(_evaluate(task, asked))
    answer(document, lines(Task(task), document), as_json)


async def _evaluate(task: str, asked: "Asked") -> dict[str, Any]:
    from deployments.evaluating.choosing import Task, score
    from deployments.office import open_office
    from ledger.settings import settings

    async with open_office(settings()) as office:
        return await score(Task(task), office, asked)
