"""The gate before `huiyin deploy`: nothing is registered from a catalogue or districts that do not hold together."""

from datetime import UTC, datetime

from catalog.loading import CATALOGUE_FOLDER
from catalog.texts import text
from deployments.errors import CommandFailed
from ledger.settings import Settings
from quality.passed import Passed, digest_of
from quality.places import docs_folder, passed_file


def let_through(settings: Settings) -> None:
    """Judge the catalogue and the districts, unless these very files have passed. Raises `CommandFailed`.

    Where it fails, the rows are named, and the Data Docs show them.
    """
    passed, digest = Passed(passed_file(settings)), digest_of((CATALOGUE_FOLDER, settings.districts))
    if passed.knows(digest):
        return
    from quality.catalogue import check_catalogue  # noqa: PLC0415  only where it is not known to pass

    report = check_catalogue(CATALOGUE_FOLDER, settings.districts, None, datetime.now(UTC))
    if report.ok:
        passed.remember(digest)
        return
    docs = docs_folder(settings)
    check_catalogue(CATALOGUE_FOLDER, settings.districts, docs, datetime.now(UTC))
    told = text("check.not_deployed", n=len(report.findings), docs=docs / "index.html")
    raise CommandFailed(told, [str(finding) for finding in report.findings])
