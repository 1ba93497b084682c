"""Options that several commands share, described once."""

import sys
from typing import Annotated

import typer

from catalog.texts import text


def _given(words: str) -> str:
    """What was given; for ``-`` standard input: arguments are seen by everybody on the machine."""
    return sys.stdin.read().strip() if words == "-" else words


DistrictOption = Annotated[str, typer.Option("--district", metavar="DISTRICT", help=text("cli.option.district"))]
ChannelOption = Annotated[str | None, typer.Option("--channel", metavar="CHANNEL", help=text("cli.option.channel"))]
TextOption = Annotated[
    str, typer.Option("--text", metavar="TEXT|-", help=text("cli.option.text"), callback=_given, show_default=False)
]
PlaceOption = Annotated[str | None, typer.Option("--place", metavar="PLACE", help=text("cli.option.place"))]
JsonOption = Annotated[bool, typer.Option("--json", help=text("cli.option.json"))]
TextColumnsOption = Annotated[
    str | None, typer.Option("--text", metavar="COLUMN,COLUMN", help=text("cli.option.text_columns"))
]
LabelOption = Annotated[str | None, typer.Option("--label", metavar="COLUMN", help=text("cli.option.label"))]
