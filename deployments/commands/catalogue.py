"""`huiyin catalogue diff`: what a newer version of the catalogue says otherwise, in words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption

OldArgument = Annotated[Path, typer.Argument(metavar="OLD_FOLDER", help=text("cli.catalogue.old"), exists=True)]
NewArgument = Annotated[
    Path | None, typer.Argument(metavar="[NEW_FOLDER]", help=text("cli.catalogue.new"), exists=True)
]


def diff(old: OldArgument, new: NewArgument = None, as_json: JsonOption = False) -> None:
    from catalog.difference import differences
    from catalog.loading import CATALOGUE_FOLDER, load_catalogue

    before, after = load_catalogue(old), load_catalogue(new or CATALOGUE_FOLDER)
    found = differences(before, after)
    document = {
        "old": before.version,
        "new": after.version,
        "counts": dict(Counter(each.kind for each in found)),
        "differences": [asdict(each) for each in found],
    }
    answer(document, _lines(document), as_json)


def _lines(document: dict[str, Any]) -> Iterator[str]:
    found = document["differences"]
    yield text("catalogue_difference.versions", old=document["old"], new=document["new"])
    yield from (each["sentence"] for each in found)
    codes = len({each["code"] for each in found})
    yield text("catalogue_difference.total", n=len(found), codes=codes) if found else text("catalogue_difference.same")
