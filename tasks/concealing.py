"""What an error may say: Prefect writes a failing step's words into states and logs, and they may be a citizen's.

Our own errors are sentences of ours. Of any other's, only its kind and the places it came through are told.
"""

import traceback
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from ledger.errors import RetryHelps
from tasks.retrying import may_pass

P = ParamSpec("P")
T = TypeVar("T")
OURS = frozenset({"casework", "catalog", "engine", "flows", "learning", "ledger", "quality", "tasks"})
PLACES = 6
"""The innermost so many are told: enough to find the line."""


class Concealed(Exception):
    """An error whose own words are kept back. `kind` is the name of its class."""

    def __init__(self, error: BaseException) -> None:
        self.kind = type(error).__name__
        super().__init__(f"{self.kind} at {_places(error)} (its words are kept back: they may be a citizen's)")


class ConcealedForNow(Concealed, RetryHelps):
    """The same, of something outside that may be back in a moment."""


def kind_of(error: BaseException) -> str:
    """The name of the error's class, also of one that is concealed."""
    return error.kind if isinstance(error, Concealed) else type(error).__name__


def concealed(step: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """A step of whose errors only ours pass as they are; any other becomes `Concealed`, without what led to it."""

    @wraps(step)
    async def carefully(*args: P.args, **kwargs: P.kwargs) -> T:
        caught: Exception
        try:
            return await step(*args, **kwargs)
        except Exception as error:
            if type(error).__module__.partition(".")[0] in OURS:
                raise
            caught = error
        # Raised out here: as its context the error would be printed with it.
        raise (ConcealedForNow if may_pass(caught) else Concealed)(caught)

    return carefully


def _places(error: BaseException) -> str:
    """Innermost first, as ``notify.py:33 < request.py:42``."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
