"""`huiyin token create`: a bearer token for the staff API."""

import asyncio
from enum import StrEnum
from typing import Annotated

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption


class StaffRole(StrEnum):
    """Who works with the system (DESIGN §6)."""

    DISPATCHER = "dispatcher"
    STREET = "street"
    CLERK = "clerk"
    GRID = "grid"
    HANDLER = "handler"
    HEAD = "head"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    ADJUDICATOR = "adjudicator"
    CALLBACK = "callback"
    ADMIN = "admin"
    AUDITOR = "auditor"


OF_A_UNIT = frozenset(
    {StaffRole.STREET, StaffRole.CLERK, StaffRole.GRID, StaffRole.HANDLER, StaffRole.HEAD, StaffRole.LEADER}
)
"""Whose token says for which unit they speak; a leader's names his office."""


def create(
    role: Annotated[StaffRole, typer.Option("--role", help=text("cli.token.role"))],
    district: Annotated[
        str | None, typer.Option("--district", metavar="DISTRICT", help=text("cli.token.district"))
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="CODE", help=text("cli.token.unit"))] = None,
    as_json: JsonOption = False,
) -> None:
    token = asyncio.run(_create(role, district, unit))
    answer({"token": token}, [token], as_json)


async def _create(role: StaffRole, district: str | None, unit: str | None) -> str:
    from deployments.errors import CommandFailed
    from deployments.office import open_office
    from ledger.settings import settings

    if role in OF_A_UNIT and unit is None:
        raise CommandFailed(text("cli.token.needs_unit", role=role))
    if unit is not None and district is None:
        raise CommandFailed(text("cli.token.needs_district"))
    async with open_office(settings()) as office:
        if district is not None:
            known = office.city.district(district)
            unit = known.unit(unit).code if unit is not None else None
        return await office.ledger.access.token(role, district, unit)
