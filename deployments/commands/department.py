"""`huiyin department connect`: where a unit receives its webhooks."""

import asyncio
from typing import Annotated

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption

UrlOption = Annotated[str, typer.Option("--url", metavar="URL", help=text("cli.department.url"))]


def connect(
    district: Annotated[str, typer.Argument(metavar="DISTRICT", help=text("cli.option.district"))],
    code: Annotated[str, typer.Argument(metavar="CODE", help=text("cli.department.code"))],
    url: UrlOption,
    as_json: JsonOption = False,
) -> None:
    secret = asyncio.run(_connect(district, code, url))
    document = {"district": district, "unit": code, "url": url, "secret": secret}
    answer(document, [secret], as_json)


async def _connect(district: str, code: str, url: str) -> str:
    from deployments.office import open_office
    from ledger.settings import settings

    async with open_office(settings()) as office:
        unit = office.city.district(district).unit(code)
        await _look_at(url, office.settings.allow_private_webhooks)
        return await office.ledger.access.connect(district, unit.code, url)


async def _look_at(url: str, allow_private: bool) -> None:
    """Refuse what can never be sent to. An address that cannot be used now is told: the stack may stand elsewhere, be
    started with other settings, or come later.
    """
    from deployments.errors import CommandFailed
    from tasks.addresses import AddressRefused, NameUnknown, NeverAllowed, resolve

    if not url.startswith(("http://", "https://")):
        raise CommandFailed(text("cli.department.no_web_address", url=url))
    try:
        await resolve(url, allow_private=allow_private)
    except NeverAllowed as never:
        raise CommandFailed(text("cli.department.never", sentence=never)) from None
    except (AddressRefused, NameUnknown) as refused:
        typer.echo(text("cli.department.not_now", sentence=refused), err=True)
