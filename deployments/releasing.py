"""A row in quarantine, released: somebody has looked at it, and it is received in spite of its faults."""

import json

from pydantic import ValidationError

from catalog.form_faults import form_faults
from catalog.texts import text
from deployments.batch_columns import Columns, form_of
from deployments.batch_judging import understood
from deployments.batch_twins import row_name
from deployments.errors import CommandFailed
from deployments.office import Office
from ledger.batches import Import
from ledger.intake import IntakeForm
from ledger.quarantine import Kept

NEVER = "ragged"  # which cell stands in which column is a guess


async def release(office: Office, number: int) -> str:
    """Receive the row as it is; answers its case's number: of one that came in another way meanwhile, that case's.

    Raises `CommandFailed` for a row that is not there, that is a case already, or that cannot be a request.
    """
    bad, cells, batch = await _kept(office, number)
    fields = Columns.of(tuple(cells), json.loads(batch.columns)).fields(tuple(cells.values()))
    filled = form_of(fields)
    if "doubled" in bad.kinds:  # its number is another row's
        filled.pop("external_id", None)
    try:
        form = IntakeForm(**{"external_id": row_name(cells, 1), **filled}, district=bad.district, channel=batch.channel)
    except ValidationError as error:
        raise CommandFailed(text("cli.quarantine.not_releasable", id=number, reason=form_faults(error))) from None
    request = understood(form, fields, office.city.district(bad.district), office.city.catalogue)
    case_no, _ = await office.ledger.cases.receive(request, await office.ledger.now())
    await office.ledger.quarantine.released(number, case_no)
    return case_no


async def _kept(office: Office, number: int) -> tuple[Kept, dict[str, str], Import]:
    """The row, its cells by column, and the import that it came with."""
    found = await office.ledger.quarantine.one(number)
    if found is None:
        raise CommandFailed(text("cli.quarantine.unknown", id=number))
    bad, content = found
    if bad.case_no is not None:
        raise CommandFailed(text("cli.quarantine.already", id=number, case_no=bad.case_no))
    if NEVER in bad.kinds:
        raise CommandFailed(text("cli.quarantine.not_releasable", id=number, reason=bad.reason))
    batch = await office.ledger.batches.of(bad.batch) if bad.batch else None
    if batch is None:
        raise CommandFailed(text("cli.quarantine.earlier", id=number))
    return bad, json.loads(content), batch
