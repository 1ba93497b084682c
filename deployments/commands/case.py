"""`huiyin case`: one case, as it stands."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import JsonOption

CaseNoArgument = Annotated[str, typer.Argument(metavar="CASE_NO", help=text("cli.case.case_no"))]


def case(case_no: CaseNoArgument, as_json: JsonOption = False) -> None:
    document = asyncio.run(_case(case_no))
    answer(document, _lines(document), as_json)


async def _case(case_no: str) -> dict[str, Any]:
    from deployments.office import open_office
    from ledger.reading import case_document
    from ledger.settings import settings

    async with open_office(settings()) as office:
        return await case_document(office.ledger, office.city, case_no)


def _lines(case: dict[str, Any]) -> Iterator[str]:
    ended = f" · {text('outcome.' + case['outcome'])}" if case["outcome"] else ""
    grade = text(f"grade_short.{case['grade']}")
    yield f"{case['case_no']}  {case['state_zh']}{ended}  {grade}  {text('property.' + case['property'])}"
    for key, value in (("item", case["item"]), ("department", case["department"])):
        if value:
            yield f"{text('cli.case.' + key)}：{value['name']}（{value['code']}）"
    yield f"{text('cli.case.words')}：{case['text']}"
    for clock in case["clocks"]:
        yield f"{text('cli.case.clock')}：{_clock(clock)}"
    for line in case["timeline"]:
        yield f"{_wall(line['at'])}  {line['event_zh']}  {line['actor']}"


def _clock(clock: dict[str, Any]) -> str:
    name = text(f"clock.{clock['kind']}")
    if clock["due_at"] is None:
        return text("cli.case.clock_paused", name=name)
    due = _wall(clock["due_at"])
    if clock["met_at"]:
        return text("cli.case.clock_met", name=name, due=due, met=_wall(clock["met_at"]))
    return text("cli.case.clock_stopped" if clock["stopped_at"] else "cli.case.clock_runs", name=name, due=due)


def _wall(at: str) -> str:
    from catalog.working_time import SHANGHAI

    return datetime.fromisoformat(at).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
