"""What the gateway answers when it does not do what was asked: one tree of errors, one table of answers."""

import logging
from collections.abc import Callable
from socket import gaierror
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException

from casework.errors import BadAct, NotAllowed
from gateway.pages import is_page, problem_page
from ledger.errors import DeliveryReused, NoSuchCase
from ledger.links import BadLink, LinkExpired

Kinds = type[Exception] | tuple[type[Exception], ...]
# A refused or timed-out connection comes up as it is, not as SQLAlchemy's.
DATABASE_AWAY = (OperationalError, InterfaceError, PoolExhausted, ConnectionError, TimeoutError, gaierror)

logger = logging.getLogger("huiyin.gateway")


class Declined(Exception):
    """The gateway's own no: a status, a sentence that says what to do, and more fields of the answer."""

    def __init__(self, status: int, error: str, headers: dict[str, str] | None = None, **more: Any) -> None:
        self.status, self.error, self.headers, self.more = status, error, headers, more
        super().__init__(error)


def declined(error: Exception) -> Declined:
    """The answer to any error that may come up in a route."""
    if isinstance(error, Declined):
        return error
    return next(rule(error) for kinds, rule in RULES if isinstance(error, kinds))


def malformed(error: RequestValidationError | ValidationError, within: str = "") -> Declined:
    """The first fault with its field. What was sent is not repeated: it may be somebody's number."""
    fault = error.errors()[0]
    loc = fault["loc"][1:] if isinstance(error, RequestValidationError) else fault["loc"]
    field = ".".join(str(step) for step in ((within, *loc) if within else loc)) or "body"
    return Declined(422, f"{field}: {fault['msg'].removeprefix('Value error, ')}", field=field)


def _away(error: Exception) -> Declined:
    logger.error("The ledger's database does not answer: %s", error)
    return Declined(503, "the ledger cannot be reached: try again in a minute", {"retry-after": "30"})


# The first that fits; an unforeseen error's traceback is logged by the server, to which it goes on.
RULES: tuple[tuple[Kinds, Callable[[Any], Declined]], ...] = (
    (NotAllowed, lambda error: Declined(409, str(error), state=error.state, allowed=list(error.allowed))),
    (BadAct, lambda error: Declined(422, str(error), field=error.field)),
    ((RequestValidationError, ValidationError), malformed),
    ((NoSuchCase, BadLink), lambda error: Declined(404, str(error))),
    (LinkExpired, lambda error: Declined(410, str(error))),
    (DeliveryReused, lambda error: Declined(409, str(error))),
    (HTTPException, lambda error: Declined(error.status_code, str(error.detail), dict(error.headers or {}))),
    (DATABASE_AWAY, _away),
    (Exception, lambda error: Declined(500, "something went wrong here: try again, tell the operators if it lasts")),
)


async def answer(request: Request, error: Exception) -> Response:
    """A friendly page where people look, JSON everywhere else."""
    said = declined(error)
    if is_page(request):
        return problem_page(request, said.status, said.more)
    return JSONResponse({"error": said.error, **said.more}, said.status, said.headers)


def install(app: FastAPI) -> None:
    app.add_exception_handler(Declined, answer)
    for kinds, _ in RULES:
        for kind in kinds if isinstance(kinds, tuple) else (kinds,):
            app.add_exception_handler(kind, answer)
