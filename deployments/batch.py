"""A batch: each row becomes a case, or goes into quarantine with its reason; a second run opens nothing twice."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from catalog.form_faults import form_faults
from catalog.texts import text
from deployments.batch_columns import Columns
from deployments.batch_file import BatchFile, Row, open_batch_file
from deployments.office import Office
from ledger.intake import IntakeForm


@dataclass(slots=True)
class Counts:
    """What became of the rows. `bad_rows` are `(row number, reason)`."""

    read: int = 0
    repeated: int = 0
    case_nos: list[str] = field(default_factory=list)
    bad_rows: list[tuple[int, str]] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        return {
            "read": self.read,
            "accepted": len(self.case_nos),
            "repeated": self.repeated,
            "quarantined": len(self.bad_rows),
            "case_nos": self.case_nos,
            "bad_rows": [{"row": number, "reason": reason} for number, reason in self.bad_rows],
        }


@dataclass(frozen=True, slots=True)
class Batch:
    """A file to be received for one channel of one district (its first, if none is named), at most `limit` rows."""

    path: Path
    district: str
    channel: str | None = None
    columns: Sequence[str] = ()
    limit: int | None = None

    async def receive(self, office: Office, advanced: Callable[[], None]) -> Counts:
        """Receive row by row. Raises `CommandFailed`, `UnknownDistrict`, `UnknownCode`: then nothing was received."""
        known = office.city.district(self.district)
        known.channel(self.channel or known.channels[0].code)
        counts = Counts()
        with open_batch_file(self.path) as file:
            columns = Columns.of(file.header, self.columns)
            for row in file.rows:
                if counts.read == self.limit:
                    break
                counts.read += 1
                await self._row(office, file, columns, row, counts)
                advanced()
        return counts

    async def _row(self, office: Office, file: BatchFile, columns: Columns, row: Row, counts: Counts) -> None:
        try:
            case_no, new = await office.receive(self._form(columns, row))
        except ValidationError as error:
            await self._quarantine(office, file, row, form_faults(error), counts)
        except _Ragged:
            await self._quarantine(office, file, row, text("cli.import.ragged", n=row.surplus), counts)
        else:
            if new:
                counts.case_nos.append(case_no)
            else:
                counts.repeated += 1

    def _form(self, columns: Columns, row: Row) -> IntakeForm:
        if row.surplus:  # a quote is missing somewhere: what stands in which column is a guess
            raise _Ragged
        filled = {"external_id": _digest(row), **columns.form(row.cells)}
        return IntakeForm(district=self.district, channel=self.channel, **filled)

    async def _quarantine(self, office: Office, file: BatchFile, row: Row, reason: str, counts: Counts) -> None:
        cells = json.dumps(dict(zip(file.header, row.cells, strict=True)), ensure_ascii=False)
        await office.ledger.quarantine.put(self.district, self.path.name, row.number, reason, cells)
        counts.bad_rows.append((row.number, reason))


class _Ragged(Exception):
    """The row has more cells than the header."""


def _digest(row: Row) -> str:
    """The row by its number and content, whatever the file is called now."""
    content = json.dumps([row.number, *row.cells], ensure_ascii=False)
    return f"row-{hashlib.sha256(content.encode()).hexdigest()[:32]}"
