"""One case of the ledger against itself: its chain is whole, and its row says what its events say. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from casework.case import Case
from casework.evolve import fold, policy_versions
from catalog.policy import Policy
from catalog.texts import text
from ledger.chain import event_of, first_break
from ledger.projecting import project
from ledger.tables import CaseRow, EventRow


def case_faults(row: CaseRow, events: Sequence[EventRow], policies: Mapping[str, Policy]) -> list[str]:
    """What is wrong, one sentence each; nothing for a sound case. `policies` holds those that its events name."""
    broken = _broken(row, events)
    if broken:
        return [broken]
    try:
        told = tuple(map(event_of, events))
        first, *moves = policy_versions(told)
        missing = [version for version in (first, *moves) if version not in policies]
        if missing:
            return [text("verify.no_policy", case_no=row.case_no, version=missing[0])]
        case = fold(row.case_no, told, policies[first], policies)
    except (ValueError, LookupError, TypeError) as error:
        return [text("verify.not_folded", case_no=row.case_no, reason=repr(error))]
    return list(_differing(row, case))


def policies_of(events: Sequence[EventRow]) -> set[str]:
    """The versions that these events name; none where they cannot be read, which the audit then says."""
    try:
        return set(policy_versions(map(event_of, events)))
    except (ValueError, LookupError, TypeError):
        return set()


def _broken(row: CaseRow, events: Sequence[EventRow]) -> str | None:
    if not events:
        return text("verify.no_events", case_no=row.case_no)
    found = first_break(row.case_no, list(events), row.head)
    return text("verify.chain", sentence=found) if found else None


def _differing(row: CaseRow, case: Case) -> Iterator[str]:
    expected = CaseRow(district=case.district, channel=case.channel, property=case.nature, received_at=case.received_at)
    project(expected, case)
    for name in sorted(vars(expected).keys() & CaseRow.__mapper__.columns.keys()):
        if name == "rung_at" and row.rung_at is None:  # written before there was this column: its next event fills it
            continue
        if getattr(row, name) != getattr(expected, name):
            values = {"written": getattr(row, name), "expected": getattr(expected, name)}
            yield text("verify.column", case_no=row.case_no, column=name, **values)
