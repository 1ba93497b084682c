"""`huiyin check`: the catalogue and the districts, every fault at once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption

if TYPE_CHECKING:
    from quality.report import Report

CatalogueOption = Annotated[
    Path | None,
    typer.Option("--catalogue", metavar="FOLDER", help=text("cli.check.catalogue"), exists=True, file_okay=False),
]
DocsOption = Annotated[
    Path | None, typer.Option("--docs", metavar="FOLDER", help=text("cli.check.docs"), file_okay=False)
]


def check(catalogue: CatalogueOption = None, docs: DocsOption = None, as_json: JsonOption = False) -> None:
    from catalog.loading import CATALOGUE_FOLDER
    from ledger.settings import settings
    from quality.catalogue import check_catalogue

    report = check_catalogue(catalogue or CATALOGUE_FOLDER, settings().districts, docs, datetime.now(UTC))
    answer(report.document(), _lines(report), as_json)
    if not report.ok:
        raise typer.Exit(1)


def _lines(report: "Report") -> Iterator[str]:
    yield from map(str, report.findings)
    yield text(f"check.{'clean' if report.ok else 'wrong'}", n=len(report.findings), **report.counts)
    if report.docs:
        yield text("check.docs", docs=report.docs / "index.html")
