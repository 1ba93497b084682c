"""The units that a case may go to, by the rules in their order and what the ledger knows."""

from typing import Any

from casework.asset_codes import codes_in
from casework.case import Case
from casework.choosing import Asset, Choice, choices, choose
from casework.routing import Location
from catalog.items import UnknownItem
from tasks.desk import city, ledger


async def named_asset(case: Case) -> Asset | None:
    """The registered thing whose code stands in the place or the words, that of the place first."""
    words = await ledger().cases.words(case.case_no)
    return await ledger().assets.first(case.district, codes_in(f"{words['place']}\n{words['text']}"))


async def candidates(case: Case, item: str, asset: Asset | None) -> tuple[Choice, ...]:
    """Every unit that a rule names for this item at the case's place, the strongest rule's first."""
    location, version = Location(case.street, case.community), city().catalogue.version
    known = await ledger().choices.known(case.district, item, location, version, asset)
    return choices(city().district(case.district), city().catalogue.item(item), location, known)


async def proposals(case: Case) -> list[dict[str, Any]]:
    """For a dispatcher: the classifier's candidates, each with the unit that it would go to and why."""
    if not case.candidates:
        return []
    asset, district = await named_asset(case), city().district(case.district)
    proposed = []
    for candidate in case.candidates:
        try:
            found = choose(district, await candidates(case, candidate["item"], asset), case.recused)
        except UnknownItem:  # classified under a catalogue that had it
            found = None
        said = {"unit": found.unit, "why": found.why} if found else {}
        proposed.append({**candidate, **said})
    return proposed
