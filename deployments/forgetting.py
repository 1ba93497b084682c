"""Forgetting as it is asked for on the command line: case after case, each told of, and the disk cleaned at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.errors import NotAllowed
from casework.events import Actor, Role
from ledger.errors import NoSuchCase
from ledger.ledger import Ledger

CLERK = Actor(Role.ADMIN, "cli")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to forget: these cases, all that were closed before, the rows of imports that were quarantined before."""

    case_nos: Sequence[str] = ()
    closed_before: datetime | None = None
    quarantined_before: datetime | None = None
    reason: str = ""
    dry_run: bool = False


async def forgotten(ledger: Ledger, asked: Asked) -> dict[str, Any]:
    """What became of each. `scrubbed`: nothing is left on the disk.

    Cases that are open are left as they are, and told with their state.
    """
    told: dict[str, Any] = {name: [] for name in ("would", "forgotten", "already", "open", "unknown")}
    wanted, before = dict.fromkeys(asked.case_nos), asked.closed_before
    if before is not None:
        wanted |= {case_no: None async for case_no in ledger.forgetting.closed_before(before)}
    for case_no in wanted:
        what, case = await _one(ledger, case_no, asked.reason, dry_run=asked.dry_run)
        told[what].append(case)
    rows = 0
    if asked.quarantined_before is not None and not asked.dry_run:
        rows = await ledger.quarantine.forget_before(asked.quarantined_before)
    return {**told, "rows": rows, "scrubbed": asked.dry_run or await ledger.forgetting.scrub()}


async def _one(ledger: Ledger, case_no: str, reason: str, *, dry_run: bool) -> tuple[str, Any]:
    try:
        case = (await ledger.cases.load(case_no)).case
        if case.open:
            return "open", {"case_no": case_no, "state": str(case.state)}
        if dry_run:
            return "already" if case.forgotten else "would", case_no
        return "forgotten" if await ledger.forgetting.forget(case_no, CLERK, reason) else "already", case_no
    except NoSuchCase:
        return "unknown", case_no
    except NotAllowed as refused:  # its citizen has taken it up again meanwhile
        return "open", {"case_no": case_no, "state": str(refused.state)}
