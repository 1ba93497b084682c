"""A batch: each row becomes a case, or goes into quarantine with its reasons; a second run opens nothing twice."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from casework.elsewhere import Bounds
from deployments.batch_columns import Columns
from deployments.batch_encoding import digest_of
from deployments.batch_file import BatchFile, open_batch_file
from deployments.batch_judging import Judging
from deployments.batch_twins import Twins
from deployments.office import Office
from ledger.batches import Import, Standing
from ledger.quarantine import Kept
from quality.places import docs_folder

CHUNK = 5_000  # rows judged at once: the suite takes as long for a few
CHUNK_CHARACTERS = 4_000_000  # and no more than these, however long the cells
PIECE = 250  # rows settled in one transaction: nobody waits long for the ledger meanwhile


class _Sized(Protocol):
    @property
    def size(self) -> int: ...


S = TypeVar("S", bound=_Sized)
Told = Callable[[Standing, int | None], None]
"""Is told how far the import has come, and how many rows there may be."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of the file: its counts, broken off runs included; the cases this run has opened; the bad rows."""

    standing: Standing
    bad_rows: Sequence[Kept]
    case_nos: Sequence[str] = field(repr=False)

    def document(self) -> dict[str, Any]:
        counts = self.standing
        return {
            "read": counts.read,
            "accepted": counts.accepted,
            "repeated": counts.repeated,
            "quarantined": counts.quarantined,
            "resumed_after": counts.resumed_after or None,
            "case_nos": list(self.case_nos),
            "bad_rows": [{"row": bad.row, "reason": bad.reason, "kinds": list(bad.kinds)} for bad in self.bad_rows],
        }


@dataclass(frozen=True, slots=True)
class Batch:
    """A file to be received for one channel of one district (its first, if none is named), at most `limit` rows."""

    path: Path
    district: str
    channel: str | None = None
    columns: Sequence[str] = ()
    limit: int | None = None

    async def receive(self, office: Office, told: Told) -> Received:
        """Receive row by row, from where the last run was broken off. The same file again opens no second case.

        Raises `CommandFailed`, `UnknownDistrict`, `UnknownCode`: then nothing was received. And `BatchTaken`, and
        `CommandFailed` for a file that cannot be read to its end: then what was read before is.
        """
        district = office.city.district(self.district)
        channel = district.channel(self.channel or district.channels[0].code).code
        batches, case_nos = office.ledger.batches, []
        with open_batch_file(self.path) as file, Twins() as twins:
            judging = self._judging(office, file, channel)
            standing = await batches.take_up(self._import(channel))
            about = min(filter(None, (file.about, self.limit)), default=None)
            told(standing, about)
            docs: Path | None = docs_folder(office.settings)  # pages of the first chunk: a page each says no more
            for chunk in chunks(judging.candidates(islice(file.rows, self.limit), twins)):
                left = [candidate for candidate in chunk if candidate.row.number > standing.done]
                if left:
                    settled = judging.settled(left, await office.ledger.now(), docs)
                    docs = None
                    for start in range(0, len(settled), PIECE):
                        standing, new = await batches.settle(standing, settled[start : start + PIECE])
                        case_nos += new
                        told(standing, about)
        await batches.finish(standing)
        told(standing, standing.read)
        bad = await office.ledger.quarantine.of_batch(standing.keys, standing.done)
        return Received(standing, bad, case_nos)

    def _judging(self, office: Office, file: BatchFile, channel: str) -> Judging:
        city = office.city
        return Judging(
            district=city.district(self.district),
            channel=channel,
            catalogue=city.catalogue,
            header=file.header,
            columns=Columns.of(file.header, self.columns),
            bounds=Bounds.of(city.district(self.district), city.districts.values()),
        )

    def _import(self, channel: str) -> Import:
        columns = json.dumps(sorted(self.columns), ensure_ascii=False)
        name = self.path.name.encode(errors="replace").decode()  # a name that is no UTF-8 cannot be kept
        return Import(self.district, channel, name, columns, digest_of(self.path))


def chunks(rows: Iterable[S]) -> Iterator[list[S]]:
    """So many rows, or so many characters, as are judged at once."""
    chunk: list[S] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += row.size
        if len(chunk) == CHUNK or size >= CHUNK_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
