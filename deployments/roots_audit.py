"""The daily roots against the chains as they are now, and against the file they were written to."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from catalog.texts import text
from ledger import root_file
from ledger.chain import GENESIS
from ledger.ledger import Ledger
from ledger.root_file import Head, Line
from ledger.roots import BEGINNING, heads_of, root_over
from ledger.tables import RootRow


async def root_faults(ledger: Ledger) -> list[str]:
    """What is wrong, one sentence each; nothing where there is no root yet and none in the file."""
    file = ledger.roots.file
    lines = {line.day: line for line in root_file.read(file).lines} if file else {}
    rows = await ledger.roots.all()
    faults = list(_against_file(rows, lines, str(file))) if file else []
    previous, since = GENESIS, BEGINNING
    for row in rows:
        async with ledger.database.read() as session:
            heads = await heads_of(session, row.since, row.until)
        faults += _against_chains(row, heads, lines.get(row.day), previous, since)
        previous, since = row.root, row.until
    return faults


def _against_file(rows: Sequence[RootRow], lines: Mapping[str, Line], file: str) -> Iterator[str]:
    if rows and not lines:
        yield text("verify.root_file_gone", file=file, n=len(rows))
        return
    for row in rows:
        line = lines.get(row.day)
        if line is None:
            yield text("verify.root_not_in_file", day=row.day, file=file)
        elif (line.root, line.previous, line.since, line.until) != (row.root, row.previous, row.since, row.until):
            yield text("verify.root_file_differs", day=row.day, file=file)
    for day in sorted(lines.keys() - {row.day for row in rows}):
        yield text("verify.root_deleted", day=day, file=file)


def _against_chains(
    row: RootRow, heads: Sequence[Head], line: Line | None, previous: str, since: datetime
) -> Iterator[str]:
    if (row.previous, row.since) != (previous, since):
        yield text("verify.root_gap", day=row.day)
    if root_over(row.previous, row.since, row.until, heads) == row.root and row.cases == len(heads):
        return
    named = list(_named(row.day, heads, line.heads)) if line is not None and _proves_itself(line) else []
    yield from named or [text("verify.root_differs", day=row.day, n=row.cases)]


def _proves_itself(line: Line) -> bool:
    return root_over(line.previous, line.since, line.until, line.heads) == line.root


def _named(day: str, now: Sequence[Head], then: Sequence[Head]) -> Iterator[str]:
    """Which cases are not as they were when the root was written."""
    found = {head.case_no: head for head in now}
    for head in then:
        other = found.pop(head.case_no, None)
        if other is None:
            yield text("verify.root_case_gone", case_no=head.case_no, day=day, n=head.seq)
        elif other != head:
            yield text("verify.root_case_rewritten", case_no=head.case_no, day=day, n=head.seq)
    for case_no in sorted(found):
        yield text("verify.root_case_added", case_no=case_no, day=day)
