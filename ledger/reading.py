"""A case as it is shown to staff, through the API and on the command line: one document."""

from typing import Any

from casework.view import Names, case_json, iso, timeline_json
from catalog.items import UnknownItem
from catalog.texts import text
from ledger.chain import event_of
from ledger.city import City
from ledger.deliveries import Delivery
from ledger.erasing import ERASED
from ledger.ledger import Ledger
from ledger.tables import AlertRow, CaseRow


def names_of(city: City, district: str, item: str | None) -> Names:
    """Names of the district's units and of the item; codes stand where a name is no longer known."""
    known = city.districts.get(district)
    return Names(item_name(city, item), known.names if known else {})


def item_name(city: City, item: str | None) -> str | None:
    if item is None:
        return None
    try:
        return city.catalogue.item(item).name
    except UnknownItem:  # the case keeps its catalogue's version; the present one may have dropped the item
        return item


def text_of(row: CaseRow) -> str:
    """The request as it is shown: masked, or that it has been forgotten."""
    return text("privacy.erased") if row.text == ERASED else row.text


async def case_document(ledger: Ledger, city: City, case_no: str) -> dict[str, Any]:
    """CONTRACT, *A case in JSON*, with the masked text. Raises `NoSuchCase`."""
    loaded = await ledger.cases.load(case_no)
    names = names_of(city, loaded.case.district, loaded.case.item)
    return {
        **case_json(loaded.case, names, await ledger.now()),
        "text": text_of(loaded.row),
        "forgotten": loaded.case.forgotten,
        "flow_run_id": loaded.row.flow_run_id,
        "undelivered": [undelivered_json(one) for one in await ledger.deliveries.unsettled(case_no)],
        "timeline": [timeline_json(event_of(row), row.hash) for row in loaded.events],
    }


def undelivered_json(delivery: Delivery) -> dict[str, Any]:
    """A message that its own door has not taken, or of which nobody knows whether it has."""
    return {
        "type": delivery.type,
        "to": delivery.addressee,
        "state": delivery.state,
        "via": delivery.via,
        "attempts": delivery.attempts,
        "next_try_at": iso(delivery.next_try_at),
        "error": delivery.error,
    }


def alert_document(row: AlertRow) -> dict[str, Any]:
    """An open alert as operators are shown it."""
    return {
        "kind": row.kind,
        "name": text(f"alert.{row.kind}.name"),
        "subject": row.subject,
        "words": row.words,
        "times": row.times,
        "since": row.first_at.isoformat(),
        "last_at": row.last_at.isoformat(),
    }
