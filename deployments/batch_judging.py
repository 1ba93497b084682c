"""Rows of a file on their way to becoming requests: known by what, and what is wrong with them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from casework.elsewhere import Bounds
from casework.row_facts import RowFacts, row_facts
from casework.written_times import read_time
from catalog.districts import District
from catalog.form_faults import form_faults
from catalog.items import Catalogue
from deployments.batch_columns import Columns, form_of
from deployments.batch_file import Row
from deployments.batch_twins import Twins, earlier_row_name, row_name
from ledger.batches import Settled
from ledger.intake import IntakeForm, understand
from ledger.receiving import NewRequest


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row, its cells by column, the fields that they fill, the numbers by which it is known, and the row that had
    its number before. No field of a row with too many cells: a quote is missing somewhere, and where is a guess.
    """

    row: Row
    cells: dict[str, str]
    fields: dict[str, str]
    names: tuple[str, ...]
    doubled: int | None = None

    @property
    def size(self) -> int:
        return sum(map(len, self.row.cells))


@dataclass(frozen=True, slots=True)
class Judging:
    """How the rows of one file are judged."""

    district: District
    channel: str
    catalogue: Catalogue
    header: tuple[str, ...]
    columns: Columns
    bounds: Bounds

    def candidates(self, rows: Iterable[Row], twins: Twins) -> Iterator[Candidate]:
        """Every row of the file, from its beginning: what is double is told by what came before."""
        header = apart(self.header)
        for row in rows:
            cells = dict(zip(header, row.cells, strict=True))
            fields = {} if row.surplus else self.columns.fields(row.cells)
            content = row_name(cells, 1)
            if given := fields.get("external_id"):
                doubled = twins.other(row.number, given, content)
                yield Candidate(row, cells, fields, () if doubled else (given,), doubled)
            else:
                yield Candidate(row, cells, fields, (row_name(cells, twins.time(content)), earlier_row_name(row)))

    def settled(self, chunk: Sequence[Candidate], now: datetime, docs: Path | None = None) -> list[Settled]:
        """Each row as its request, or with its faults. The suite's pages go to `docs`, where it is given."""
        from quality.intake import row_faults  # noqa: PLC0415  Great Expectations takes seconds: where rows are judged

        forms = [self._form(candidate) for candidate in chunk]
        facts = [(each.row.number, self._facts(each, form, now)) for each, form in zip(chunk, forms, strict=True)]
        judged = []
        for each, form, faults in zip(chunk, forms, row_faults(facts, docs, now), strict=True):
            if faults or isinstance(form, str):
                content = json.dumps(each.cells, ensure_ascii=False)
                kinds = tuple(fault.kind for fault in faults)
                reason = "；".join(fault.sentence for fault in faults)
                names = tuple(name for name in each.names if name.isprintable())  # a database refuses U+0000
                judged.append(Settled(each.row.number, names, kinds=kinds, reason=reason, content=content))
            else:
                request = understood(form, each.fields, self.district, self.catalogue)
                judged.append(Settled(each.row.number, each.names, request))
        return judged

    def _form(self, candidate: Candidate) -> IntakeForm | str:
        """The form, or what it refuses."""
        if candidate.row.surplus:
            return ""
        try:
            return IntakeForm(district=self.district.code, channel=self.channel, **form_of(candidate.fields))
        except ValidationError as error:
            return form_faults(error)

    def _facts(self, candidate: Candidate, form: IntakeForm | str, now: datetime) -> RowFacts:
        if candidate.row.surplus:
            return RowFacts(surplus=candidate.row.surplus)
        facts = row_facts(candidate.cells, candidate.fields, self.bounds, now, doubled=candidate.doubled)
        return replace(facts, form=form) if isinstance(form, str) else facts


def understood(form: IntakeForm, fields: Mapping[str, str], district: District, catalogue: Catalogue) -> NewRequest:
    """What the front desk understands of it, and when it was asked, where the file says so. That is kept as a fact:
    clocks run from receipt, since nobody could act before.
    """
    new = understand(form, district, catalogue)
    asked = read_time(fields.get("created_at", ""))
    return replace(new, more={**new.more, "created_at": asked.isoformat()}) if asked else new


def apart(header: Sequence[str]) -> tuple[str, ...]:
    """The columns' names, a second one of the same name told from the first."""
    return tuple(
        name if n == header.index(name) else f"{name}#{header[: n + 1].count(name)}" for n, name in enumerate(header)
    )
