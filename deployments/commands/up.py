"""`huiyin up`: the local stack, until Ctrl-C."""

import asyncio

import typer

from catalog.texts import text


def up() -> None:
    from deployments.signals import run_until_ended

    run_until_ended(_up())


async def _up() -> None:
    from deployments.stack import Stack, running
    from ledger.settings import settings

    async with running(Stack(settings(), typer.echo)):
        for line in pages(settings().gateway_url, settings().prefect_url):
            typer.echo(line)
        await asyncio.Event().wait()


def pages(gateway_url: str, prefect_url: str) -> list[str]:
    """Where everything is, once it is up."""
    desk = prefect_url.removesuffix("/api")
    return [text("stack.ready"), text("stack.gateway_at", url=gateway_url), text("stack.prefect_at", url=desk)]
