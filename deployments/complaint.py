"""What a person at the command line is told of an error: one sentence, and for the expected ones no traceback."""

from collections.abc import Mapping

import httpx
from asyncpg import PostgresError
from cryptography.fernet import InvalidToken
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from typer import Abort, TyperException

from casework.errors import Refused
from catalog.districts import UnknownCode
from catalog.form_faults import form_faults
from catalog.marked import LoadError
from catalog.texts import text
from deployments.errors import CommandFailed
from learning.errors import LearningError
from ledger.errors import LedgerError

FILES: Mapping[type[OSError], str] = {
    FileNotFoundError: "cli.error.no_file",
    IsADirectoryError: "cli.error.folder",
    NotADirectoryError: "cli.error.no_file",
    PermissionError: "cli.error.no_permission",
}


def complaint(error: Exception) -> str | None:
    """The sentence for an error that a user can do something about; None for one that is a defect of ours."""
    match error:
        case TyperException():
            told = text("cli.error.usage", sentence=error.format_message().rstrip("."))
        case Abort():
            told = text("cli.error.aborted")
        case LoadError():
            told = "\n".join(text("cli.error.told", sentence=fault) for fault in error.faults)
        case CommandFailed():
            told = "\n".join((text("cli.error.told", sentence=error), *error.lines))
        case ValidationError():
            told = text("cli.error.told", sentence=form_faults(error))
        case LedgerError() | LearningError() | Refused() | UnknownCode():
            told = text("cli.error.told", sentence=_one_line(str(error)))
        case _:
            return _from_outside(error)
    return told


def _from_outside(error: Exception) -> str | None:
    """Databases, networks and files that are not there."""
    if isinstance(error, OperationalError | PostgresError):
        said = error.orig if isinstance(error, OperationalError) else error
        return text("cli.error.database", sentence=_one_line(str(said)))
    if isinstance(error, InvalidToken):
        return text("cli.error.key")
    if isinstance(error, httpx.HTTPError):
        return text("cli.error.prefect", sentence=_one_line(str(error)) or type(error).__name__)
    if isinstance(error, OSError):
        return _of_a_file(error) or text("cli.error.system", sentence=_one_line(str(error)))
    return None


def _of_a_file(error: OSError) -> str | None:
    """What a mistyped path leads to; None for the rest of what a system may say."""
    for kind, key in FILES.items():
        if isinstance(error, kind) and error.filename is not None:
            return text(key, file=error.filename)
    return None


def _one_line(sentence: str) -> str:
    return " ".join(sentence.split())
