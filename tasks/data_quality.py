"""The ledger judged by its suite: what is wrong is told to operators, case by case."""

from prefect import task
from prefect.logging import get_run_logger

from catalog.texts import text
from ledger.errors import RetryNeverHelps
from ledger.settings import settings
from quality.ledger import RECENT, check_ledger
from quality.places import docs_folder
from quality.report import Report
from tasks.concealing import concealed
from tasks.desk import ledger
from tasks.retrying import VERB

ALERT, SUBJECT = "data_quality", "ledger"
ROWS_TOLD, CASES_NAMED = 50, 5


class LedgerUnsound(RetryNeverHelps):
    """The ledger does not hold what it must: each row in a sentence of its own, by its case's number."""


@task(name="check-ledger", **VERB)
@concealed
async def check_the_ledger(everything: bool) -> int:
    """Judge the open cases and those that closed of late, or all; answers how many. Raises `LedgerUnsound`."""
    report = await check_ledger(ledger(), docs_folder(settings()), closed_within=None if everything else RECENT)
    if report.ok:
        await ledger().alerts.clear(ALERT, SUBJECT)
        get_run_logger().info(text("data_quality.clean", **report.counts))
        return report.counts["cases"]
    await ledger().alerts.raise_(ALERT, SUBJECT, _alert(report))
    raise LedgerUnsound(_sentences(report))


def _alert(report: Report) -> str:
    cases = list(dict.fromkeys(finding.subject for finding in report.findings))
    rows = "、".join(cases[:CASES_NAMED]) + (text("data_quality.and_more") if len(cases) > CASES_NAMED else "")
    return text(f"alert.{ALERT}.words", n=len(report.findings), rows=rows, docs=docs_folder(settings()) / "index.html")


def _sentences(report: Report) -> str:
    """Every row, up to as many as a person reads; the pages show all."""
    lines = [text("data_quality.failed", n=len(report.findings), cases=report.counts["cases"])]
    lines += [str(finding) for finding in report.findings[:ROWS_TOLD]]
    if len(report.findings) > ROWS_TOLD:
        left = len(report.findings) - ROWS_TOLD
        lines.append(text("data_quality.more", n=left, docs=docs_folder(settings()) / "index.html"))
    return "\n".join(lines)
