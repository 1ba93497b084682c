"""One case of the ledger against itself: its chain is whole, and its row says what its events say. Pure."""

from collections.abc import Iterator, Sequence

from casework.case import Case
from casework.evolve import fold
from catalog.policy import Policy
from catalog.texts import text
from ledger.cases import project
from ledger.chain import event_of, first_break
from ledger.tables import CaseRow, EventRow


def case_faults(row: CaseRow, events: Sequence[EventRow], policy: Policy | None) -> list[str]:
    """What is wrong, one sentence each; nothing for a sound case."""
    broken = _broken(row, events)
    if broken:
        return [broken]
    if policy is None:
        return [text("verify.no_policy", case_no=row.case_no, version=row.policy_version)]
    try:
        case = fold(row.case_no, map(event_of, events), policy)
    except (ValueError, LookupError, TypeError) as error:
        return [text("verify.not_folded", case_no=row.case_no, reason=repr(error))]
    return list(_differing(row, case))


def _broken(row: CaseRow, events: Sequence[EventRow]) -> str | None:
    if not events:
        return text("verify.no_events", case_no=row.case_no)
    found = first_break(row.case_no, list(events), row.head)
    return text("verify.chain", sentence=found) if found else None


def _differing(row: CaseRow, case: Case) -> Iterator[str]:
    expected = CaseRow(district=case.district, channel=case.channel, property=case.nature, received_at=case.received_at)
    project(expected, case)
    for name in sorted(vars(expected).keys() & CaseRow.__mapper__.columns.keys()):
        if getattr(row, name) != getattr(expected, name):
            values = {"written": getattr(row, name), "expected": getattr(expected, name)}
            yield text("verify.column", case_no=row.case_no, column=name, **values)
