"""`huiyin answers`: what a question would be answered at once; with `--missed`, what was asked in vain."""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any

import typer

from catalog.texts import text
from catalog.working_time import SHANGHAI
from deployments.commands.answer import answer
from deployments.commands.options import DistrictOption, JsonOption, PlaceOption
from deployments.errors import CommandFailed

AskedOption = Annotated[
    str | None, typer.Option("--text", metavar="TEXT|-", help=text("cli.answers.text"), show_default=False)
]
MissedOption = Annotated[bool, typer.Option("--missed", help=text("cli.answers.missed"))]
DaysOption = Annotated[int, typer.Option("--days", min=1, max=3650, help=text("cli.answers.days"))]
SHOWN = 20


def answers(
    *,
    district: DistrictOption,
    words: AskedOption = None,
    place: PlaceOption = None,
    missed: MissedOption = False,
    days: DaysOption = 30,
    as_json: JsonOption = False,
) -> None:
    if missed == (words is not None):
        raise CommandFailed(text("cli.answers.one_of_both"))
    if missed:
        document = asyncio.run(_missed(district, days))
        answer(document, _missed_lines(document), as_json)
        return
    document = asyncio.run(_answers(district, sys.stdin.read().strip() if words == "-" else words or "", place or ""))
    answer(document, _lines(document), as_json)


async def _answers(district: str, words: str, place: str) -> dict[str, Any]:
    from deployments.answer_forecast import answer_forecast
    from deployments.models import models_of
    from deployments.office import open_office
    from learning.answering import Answerer, complaints, unsettled
    from ledger.settings import settings

    async with open_office(settings()) as office:
        known = office.city.district(district)
        async with office.ledger.database.read() as session:
            version = await office.ledger.policies.latest(session, known.code)
            policy = await office.ledger.policies.get(session, version)
        today = (await office.ledger.now()).astimezone(SHANGHAI).date()
        judge = models_of(office).of(known.code).judge
    against = (*complaints(office.city.catalogue), *unsettled())
    answerer = Answerer.of(office.city.knowledge[known.code], against)
    return answer_forecast(known, office.city.catalogue, answerer, policy, judge, words=words, place=place, today=today)


async def _missed(district: str, days: int) -> dict[str, Any]:
    """Groups of questions alike, each with one that stands for it, how many, why, and the nearest entry."""
    from deployments.office import open_office
    from learning.alike import alike
    from ledger.questions import unsettled_questions
    from ledger.settings import settings

    async with open_office(settings()) as office:
        code = office.city.district(district).code
        since = await office.ledger.now() - timedelta(days=days)
        asked = await unsettled_questions(office.ledger.database, code, since)
    groups = [[asked[n] for n in group] for group in alike([one.text for one in asked])]
    return {
        "questions": len(asked),
        "groups": [
            {
                "n": len(group),
                "text": group[0].text,
                "because": dict(Counter(one.because for one in group)),
                "entry": Counter(one.entry for one in group).most_common(1)[0][0],
                "cases": [one.case_no for one in group],
            }
            for group in groups
        ],
    }


def _lines(document: dict[str, Any]) -> Iterator[str]:
    percent = round(100 * document["confidence"])
    if document["answered"]:
        yield text("cli.answers.answered", percent=percent)
    else:
        yield text(
            f"cli.answers.because.{document['because']}",
            property=text(f"property.{document['property']}"),
            percent=percent,
            threshold=round(100 * (document["threshold"] or 0)),
            sign=document["sign"],
        )
    if document["entry"]:
        shown = {name: document[name] for name in ("entry", "question", "answer", "source")}
        yield text("cli.answers.entry", percent=percent, **shown)


def _missed_lines(document: dict[str, Any]) -> Iterator[str]:
    yield text("cli.answers.missed_total", questions=document["questions"], groups=len(document["groups"]))
    for group in document["groups"][:SHOWN]:
        why = "、".join(text(f"cli.answers.short.{each}", n=n) for each, n in group["because"].items())
        yield text("cli.answers.missed_group", n=group["n"], text=group["text"][:60], why=why)
