"""`huiyin policy diff` and `huiyin policy move`: which policies there are, and which one open cases live under."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption

if TYPE_CHECKING:
    from deployments.policy_comparing import Form
    from ledger.settings import Settings

DistrictArgument = Annotated[str, typer.Argument(metavar="DISTRICT", help=text("cli.option.district"))]


def diff(district: DistrictArgument, as_json: JsonOption = False) -> None:
    document = asyncio.run(_diff(district))
    answer(document, _differences(document), as_json)


def move(
    district: DistrictArgument,
    to: Annotated[str | None, typer.Option("--to", metavar="VERSION", help=text("cli.policy.to"))] = None,
    case_nos: Annotated[
        list[str] | None, typer.Option("--case", metavar="CASE_NO", help=text("cli.policy.case"))
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=text("cli.policy.yes"))] = False,
    as_json: JsonOption = False,
) -> None:
    document = asyncio.run(_move(district, to, case_nos or [], yes))
    answer(document, _moves(document), as_json)
    if yes and document["counts"]["problems"]:
        raise typer.Exit(1)


async def _diff(district: str) -> dict[str, Any]:
    from deployments.office import open_office
    from deployments.policy_comparing import compared
    from ledger.settings import settings

    async with open_office(settings()) as office:
        known = office.city.district(district)
        return await compared(office, known.code, await _form(settings(), known.code))


async def _form(settings: "Settings", district: str) -> "Form":
    """What the form says; without Prefect the file and the ledger are still compared."""
    from deployments.errors import CommandFailed
    from deployments.policy_comparing import Form
    from deployments.prefect_access import open_prefect

    try:
        async with open_prefect(settings) as client:
            from engine.forms import POLICY, forms

            parameters = (await forms(client)).get(district)
    except CommandFailed as away:
        return Form(away=str(away))
    return Form(parameters.get(POLICY)) if parameters is not None else Form(away=text("policy.not_deployed"))


async def _move(district: str, to: str | None, case_nos: Sequence[str], yes: bool) -> dict[str, Any]:
    from deployments.office import open_office
    from deployments.policy_moving import moving
    from ledger.settings import settings

    async with open_office(settings()) as office:
        moves = await moving(office, district, to, carry_out=yes)
        found = moves.these(case_nos) if case_nos else moves.all()
        cases = [case.document() async for case in found]
        problems = sum(case["problem"] is not None for case in cases)
        moved = sum(case["moved"] for case in cases)
        counts = {"cases": len(cases), "moved": moved, "problems": problems}
        return {"district": moves.district, "to": moves.version, "carried_out": yes, "counts": counts, "cases": cases}


def _differences(document: dict[str, Any]) -> Iterator[str]:
    form, ledger = document["form"], document["ledger"]
    yield text("policy.file", version=document["file"]["version"])
    yield text("policy.form", version=form["version"] or form["away"] or text("policy.fault", fault=form["fault"]))
    yield text("policy.ledger", version=ledger["version"], source=text(f"policy.source.{ledger['source']}"))
    if not document["fields"]:
        yield text("policy.agree")
    for field in document["fields"]:
        values = (
            text(f"policy.value.{name}", value=_value(field[name]))
            for name in ("file", "form", "ledger")
            if name in field
        )
        yield text("policy.field", name=field["name"], values="，".join(values))
    for each in document["versions"]:
        yield text("policy.version", **{**each, **_said(each)})


def _said(version: dict[str, Any]) -> dict[str, str]:
    used = text("policy.used", at=_wall(version["used_at"])) if version["used_at"] else ""
    mark = text("policy.current") if version["current"] else ""
    return {"source": text(f"policy.source.{version['source']}"), "used": used, "mark": mark}


def _moves(document: dict[str, Any]) -> Iterator[str]:
    for case in document["cases"]:
        if case["problem"]:
            yield text("policy.cannot", case_no=case["case_no"], problem=case["problem"])
            continue
        state = text(f"state.{case['state']}")
        yield text("policy.case", case_no=case["case_no"], state=state, version=case["from"])
        yield from (_clock(clock) for clock in case["clocks"] if clock["changes"])
    key = "moved" if document["carried_out"] else "preview"
    yield text(f"policy.{key}", version=document["to"], **document["counts"])


def _clock(clock: dict[str, Any]) -> str:
    fires = text("policy.fires", action=text(f"action.{clock['fires']}")) if clock["fires"] else ""
    times = {when: _wall(clock[f"due_{when}"]) for when in ("before", "after")}
    notes = fires + (text("policy.paused") if clock["paused"] else "")
    return text("policy.clock", name=text(f"clock.{clock['kind']}"), holder=clock["holder"], **times, notes=notes)


def _value(value: Any) -> str:
    """A ladder as people say it, anything else as it is written."""
    if value is None or isinstance(value, str):
        return value or text("policy.none")
    try:
        return "、".join(f"{rung['at_percent']}% {text('action.' + rung['action'])}" for rung in value)
    except (LookupError, TypeError):  # no ladder, or one that makes no sense
        return json.dumps(value, ensure_ascii=False)


def _wall(at: str) -> str:
    from catalog.working_time import SHANGHAI

    return datetime.fromisoformat(at).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
