"""Options that several commands share, described once."""

from typing import Annotated

import typer

from catalog.texts import text

DistrictOption = Annotated[str, typer.Option("--district", metavar="DISTRICT", help=text("cli.option.district"))]
ChannelOption = Annotated[str | None, typer.Option("--channel", metavar="CHANNEL", help=text("cli.option.channel"))]
TextOption = Annotated[str, typer.Option("--text", metavar="TEXT", help=text("cli.option.text"))]
PlaceOption = Annotated[str | None, typer.Option("--place", metavar="PLACE", help=text("cli.option.place"))]
JsonOption = Annotated[bool, typer.Option("--json", help=text("cli.option.json"))]
