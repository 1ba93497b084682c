"""A case as it is shown to staff, through the API and on the command line: one document."""

from typing import Any

from casework.view import Names, case_json, timeline_json
from catalog.items import UnknownItem
from ledger.chain import event_of
from ledger.city import City
from ledger.ledger import Ledger


def names_of(city: City, district: str, item: str | None) -> Names:
    """Names of the district's units and of the item; codes stand where a name is no longer known."""
    known = city.districts.get(district)
    units = {unit.code: unit.name for unit in known.units} if known else {}
    return Names(item_name(city, item), units)


def item_name(city: City, item: str | None) -> str | None:
    if item is None:
        return None
    try:
        return city.catalogue.item(item).name
    except UnknownItem:  # the case keeps its catalogue's version; the present one may have dropped the item
        return item


async def case_document(ledger: Ledger, city: City, case_no: str) -> dict[str, Any]:
    """CONTRACT, *A case in JSON*, with the masked text. Raises `NoSuchCase`."""
    loaded = await ledger.cases.load(case_no)
    names = names_of(city, loaded.case.district, loaded.case.item)
    return {
        **case_json(loaded.case, names, await ledger.now()),
        "text": loaded.row.text,
        "flow_run_id": loaded.row.flow_run_id,
        "timeline": [timeline_json(event_of(row), row.hash) for row in loaded.events],
    }
