"""`huiyin classify`: what the system would make of a text; opens no case."""

import asyncio
from collections.abc import Iterator
from typing import Any

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import DistrictOption, JsonOption, PlaceOption, TextOption


def classify(
    district: DistrictOption, words: TextOption, place: PlaceOption = None, as_json: JsonOption = False
) -> None:
    document = asyncio.run(_classify(district, words, place or ""))
    answer(document, _lines(document), as_json)


async def _classify(district: str, words: str, place: str) -> dict[str, Any]:
    from casework.asset_codes import codes_in
    from casework.choosing import Known
    from casework.routing import Location
    from deployments.forecast import forecast
    from deployments.models import models_of
    from deployments.office import open_office
    from ledger.settings import settings

    async with open_office(settings()) as office:
        known = office.city.district(district)
        async with office.ledger.database.read() as session:
            version = await office.ledger.policies.latest(session, known.code)
            policy = await office.ledger.policies.get(session, version)
        judge = models_of(office).of(known.code).judge
        asset = await office.ledger.assets.first(known.code, codes_in(f"{place}\n{words}"))

        async def knows(item: str, location: Location) -> Known:
            return await office.ledger.choices.known(known.code, item, location, office.city.catalogue.version, asset)

        return await forecast(known, office.city.catalogue, policy, judge, words=words, place=place, knows=knows)


def _lines(document: dict[str, Any]) -> Iterator[str]:
    yield text(
        "cli.classify.result",
        item=_name(document["item"]),
        grade=text(f"grade.{document['grade']}"),
        unit=_name(document["unit"]),
        percent=round(100 * document["confidence"]),
    )
    if document["reason"]:
        yield text("choosing.why", why=document["reason"])
    if not document["automatic"]:
        yield text("cli.classify.unsure")
    for n, candidate in enumerate(document["candidates"], 1):
        yield text(
            "cli.classify.candidate",
            n=n,
            item=candidate["item"]["name"],
            percent=round(100 * candidate["confidence"]),
            unit=_name(candidate["unit"]),
            words="、".join(candidate["words"]) or text("cli.classify.no_words"),
        )


def _name(named: dict[str, str] | None) -> str:
    return named["name"] if named else text("cli.classify.unknown")
