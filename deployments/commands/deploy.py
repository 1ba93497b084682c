"""`huiyin deploy`: the work pool, its queues and every district's deployment."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption

if TYPE_CHECKING:
    from deployments.deploying import Deployed


def deploy(
    districts: Annotated[
        list[str] | None, typer.Argument(metavar="[DISTRICT]...", help=text("cli.deploy.districts"))
    ] = None,
    from_file: Annotated[bool, typer.Option("--policy-from-file", help=text("cli.deploy.from_file"))] = False,
    version: Annotated[
        str | None, typer.Option("--policy-version", metavar="VERSION", help=text("cli.deploy.version"))
    ] = None,
    write_prefect_yaml: Annotated[
        bool, typer.Option("--write-prefect-yaml", help=text("cli.deploy.write_prefect_yaml"))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    if write_prefect_yaml:
        path = _write()
        answer({"written": path}, [text("deploy.written", path=path)], as_json)
        return
    deployed = asyncio.run(_deploy(districts or [], from_file, version))
    document = {"deployments": [each.document() for each in deployed]}
    answer(document, _lines(document["deployments"]), as_json)


def _write() -> str:
    from deployments.plan import plan
    from deployments.prefect_yaml import PREFECT_YAML, render
    from ledger.city import City
    from ledger.settings import settings

    PREFECT_YAML.write_text(render(plan(City.of(settings()).districts.values())), encoding="utf-8")
    return str(PREFECT_YAML)


async def _deploy(districts: Sequence[str], from_file: bool, version: str | None) -> "list[Deployed]":
    from deployments.catalogue_gate import let_through
    from deployments.office import open_office
    from deployments.prefect_access import open_prefect
    from ledger.settings import settings

    let_through(settings())
    async with open_prefect(settings()) as client, open_office(settings()) as office:
        from deployments.deploying import deploy
        from deployments.registration import Registration

        registration = Registration(client, pool_type=settings().pool_type)
        return await deploy(office, registration, districts, from_file=from_file, version=version)


def _lines(deployments: Sequence[dict[str, Any]]) -> Iterator[str]:
    for each in deployments:
        yield text(f"deploy.{each['change']}", name=each["deployment"])
        policy = each.get("policy")
        if policy:
            yield from _of_policy(policy)


def _of_policy(policy: dict[str, Any]) -> Iterator[str]:
    if policy["fault"]:
        yield text("deploy.fault", fault=policy["fault"])
    if policy["differences"]:
        yield text(f"deploy.differs.{policy['source']}")
    for each in policy["differences"]:
        yield text("deploy.difference", field=each["field"], file=each["file"], form=each["form"])
