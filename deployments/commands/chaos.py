"""`huiyin chaos`: the demo's requests while parts of the stack are killed at random; then everything is counted."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.demo import place_of_demo
from deployments.commands.options import JsonOption

if TYPE_CHECKING:
    from deployments.chaos.report import ChaosReport
    from deployments.chaos.run import Chaos
    from ledger.settings import Settings

LARGEST_SEED = 10**6


def chaos(
    minutes: Annotated[float, typer.Option("--minutes", min=2, help=text("cli.chaos.minutes"))] = 15,
    kills: Annotated[int, typer.Option("--kills", min=1, help=text("cli.chaos.kills"))] = 30,
    seed: Annotated[int | None, typer.Option("--seed", help=text("cli.chaos.seed"))] = None,
    as_json: JsonOption = False,
) -> None:
    from deployments.chaos.run import Chaos
    from deployments.signals import run_until_ended
    from ledger.settings import settings

    # It kills nobody else's server: it has one of its own, whatever PREFECT_API_URL says.
    place = place_of_demo(settings(), "chaos").model_copy(update={"prefect_api_url": ""})
    chosen = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    _say(text("chaos.begins", kills=kills, seed=chosen))
    report = run_until_ended(_chaos(place, Chaos(seed=chosen, kills=kills, seconds=minutes * 60)))
    if report is None:  # ended by a signal
        raise typer.Exit(1)
    document = report.document()
    answer(document, _lines(document), as_json)
    if not report.ok:
        raise typer.Exit(1)


async def _chaos(settings: "Settings", chaos: "Chaos") -> "ChaosReport":
    from deployments.chaos.run import run
    from deployments.stack import Stack, running
    from deployments.supervision import Restarts

    began = time.monotonic()
    await _check_empty(settings)
    # Who kills on purpose need not wait half a minute for the tenth restart.
    async with running(Stack(settings, _say, Restarts(longest=2.0))) as children:
        left = chaos.seconds - (time.monotonic() - began)
        return await run(settings, children, replace(chaos, seconds=left))


async def _check_empty(settings: "Settings") -> None:
    """Raises `CommandFailed` for a ledger with cases (`HUIYIN_DATABASE_URL` may name one): nothing real is broken."""
    from deployments.chaos.record import read_record
    from deployments.errors import CommandFailed
    from deployments.office import open_office

    async with open_office(settings) as office:
        if (await read_record(office.ledger.database)).states:
            raise CommandFailed(text("cli.chaos.not_empty"))


def _lines(document: dict[str, Any]) -> Iterator[str]:
    kills, webhooks, acts = document["kills"], document["webhooks"], document["acts"]
    yield text("chaos.kills", **kills, seed=document["seed"])
    yield text("chaos.cases", **{key: document[key] for key in ("requests", "confirmed", "cases", "closed", "seconds")})
    yield text("chaos.webhooks", **webhooks)
    yield text("chaos.acts", **acts)
    yield from (text("chaos.wrong", problem=problem) for problem in document["problems"])
    yield text("chaos.all_well") if document["ok"] else text("chaos.not_well", n=len(document["problems"]))


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)
