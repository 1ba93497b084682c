"""`huiyin demo`: the whole stack in an empty data folder, with simulated units, dispatcher and citizens."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.texts import text

if TYPE_CHECKING:
    from deployments.demo.report import DemoReport
    from ledger.settings import Settings


def demo(
    exit_when_done: Annotated[bool, typer.Option("--exit", help=text("cli.demo.exit"))] = False,
) -> None:
    from deployments.signals import run_until_ended
    from ledger.settings import settings

    place = place_of_demo(settings())
    report = run_until_ended(_demo(place, exit_when_done))
    if report is None and not exit_when_done:  # ended by hand, as it is meant to be
        return
    if report is not None:  # the last line of all, when everything has been stopped
        typer.echo(json.dumps(report.line(), ensure_ascii=False))
    if report is None or not report.ok:
        raise typer.Exit(1)


async def _demo(settings: "Settings", exit_when_done: bool) -> "DemoReport":
    from deployments.commands.up import pages
    from deployments.demo.run import run
    from deployments.stack import Stack, running

    async with running(Stack(settings, _say)):
        for line in pages(settings.gateway_url, settings.prefect_url):
            _say(line)
        return await run(settings, exit_when_done=exit_when_done)


def place_of_demo(settings: "Settings", play: str = "demo") -> "Settings":
    """These settings with an empty data folder and ports that are free. Raises `CommandFailed` for a folder in use."""
    from catalog.working_time import SHANGHAI
    from deployments.errors import CommandFailed
    from deployments.ports import free_port

    given = "home" in settings.model_fields_set
    home = settings.home if given else Path(".data", f"{play}-{datetime.now(SHANGHAI):%Y%m%d-%H%M%S}")
    if home.exists() and any(home.iterdir()):
        raise CommandFailed(text("cli.demo.not_empty", home=home))
    _say(text("cli.demo.home", home=home.absolute()))
    change: dict[str, object] = {"home": home, "allow_private_webhooks": True}
    for name in ("gateway_port", "prefect_port"):
        wished = getattr(settings, name)
        change[name] = free_port(wished)
        if change[name] != wished:
            _say(text("cli.demo.port", wished=wished, port=change[name]))
    return settings.model_copy(update=change)


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)
