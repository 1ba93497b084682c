"""`huiyin train`: learn from a district's own labelled history; the better model is kept."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import DistrictOption, JsonOption, LabelOption, TextColumnsOption

SHOWN = 20


def train(
    *,
    district: DistrictOption,
    labels: Annotated[Path, typer.Option("--labels", metavar="FILE", help=text("cli.train.labels"))],
    text_columns: TextColumnsOption = None,
    label: LabelOption = None,
    as_json: JsonOption = False,
) -> None:
    document = asyncio.run(_train(district, labels, text_columns, label))
    answer(document, _lines(document), as_json)


async def _train(district: str, labels: Path, text_columns: str | None, label: str | None) -> dict[str, Any]:
    from deployments.labelled_file import LabelledColumns
    from deployments.office import open_office
    from deployments.training import train as learn_file
    from ledger.settings import settings

    async with open_office(settings()) as office:
        return await learn_file(office, district, labels, LabelledColumns.of(text_columns, label))


def _lines(document: dict[str, Any]) -> Iterator[str]:
    yield text("train.rows", **{key: document[key] for key in ("rows", "labelled", "corrections")})
    yield text(
        f"train.{document['verdict']}",
        n=document["judged"],
        in_use=f"{document['in_use']:.1%}",
        new=f"{document['new']:.1%}",
        model=document["model"],
    )
    for row in document["unknown"][:SHOWN]:
        yield text("train.unknown_label", **row)
    if len(document["unknown"]) > SHOWN:
        yield text("train.more_unknown", n=len(document["unknown"]) - SHOWN)
