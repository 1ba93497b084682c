"""The daily root over all chains, in the ledger and in its file."""

from prefect import task

from catalog.texts import text
from tasks.concealing import concealed
from tasks.desk import ledger
from tasks.retrying import VERB

ALERT = "root_unwritten"


@task(name="write-root", **VERB)
@concealed
async def write_root() -> None:
    """Today's root, if there is none yet. A file that cannot be written is told of; the ledger has the root."""
    roots = ledger().roots
    try:
        await roots.write_due()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        await ledger().alerts.raise_(ALERT, "roots", text(f"alert.{ALERT}.words", file=roots.file, reason=reason))
        return
    await ledger().alerts.clear(ALERT, "roots")
