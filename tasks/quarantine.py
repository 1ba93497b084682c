"""A case whose wake goes wrong: looked at again later each time, and after five times in a row in quarantine.

In quarantine nothing is lost: acts are received, the time is the system's, operators are told, and it is tried again
each hour, or when somebody asks for it (`huiyin retry`).
"""

from datetime import timedelta

from prefect.logging import get_logger

from casework.errors import NotAllowed
from casework.events import Kind
from catalog.texts import text
from ledger.errors import LedgerError
from tasks.concealing import kind_of
from tasks.desk import claims, held, ledger
from tasks.recording import record
from tasks.retrying import may_pass
from tasks.standing import failures_of

QUARANTINED_AFTER = 5
PASSING_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=10)
QUARANTINE_REST = timedelta(hours=1)
ALERT = "case_quarantined"


async def stand_down(case_no: str, error: Exception) -> None:
    """After an error: give the claim back, and have the case looked at again. Raises `ClaimLost`."""
    claim, now = held(), await ledger().now()
    mine = claims(claim.strand)
    if may_pass(error):  # something outside is away: no fault of the case
        await mine.fail(claim.key, claim.epoch, claim.calls, now + PASSING_REST, counted=False)
        return
    failures = await failures_of(claim) + 1
    if failures >= QUARANTINED_AFTER:
        await _quarantine(case_no, failures, error)
    rest = QUARANTINE_REST if failures >= QUARANTINED_AFTER else min(timedelta(seconds=2**failures), LONGEST_REST)
    await mine.fail(claim.key, claim.epoch, claim.calls, now + rest)


async def recovered(case_no: str) -> None:
    """A quarantined case has come through a wake: its time is again whose turn it is."""
    if await failures_of(held()) < QUARANTINED_AFTER:
        return
    if (await ledger().cases.load(case_no)).case.quarantined:
        await record(Kind.RECOVERED)
    await ledger().alerts.clear(ALERT, held().key)


async def _quarantine(case_no: str, failures: int, error: Exception) -> None:
    why = kind_of(error)  # its words may be a citizen's
    words = text(f"alert.{ALERT}.words", case_no=case_no, failures=failures, error=why)
    await ledger().alerts.raise_(ALERT, held().key, words)
    try:
        if not (await ledger().cases.load(case_no)).case.quarantined:
            await record(Kind.QUARANTINED, failures=failures, error=why)
    except (LedgerError, NotAllowed, LookupError, ValueError, TypeError) as broken:
        # Its record itself cannot be read: the alert and the count of failures must say it all.
        get_logger("huiyin.quarantine").error("%s cannot be read: %s", case_no, type(broken).__name__)
