"""Which errors a task tries again for: told from the error tree, wired to Prefect in this one place."""

from typing import Any

import httpx
from prefect.cache_policies import NO_CACHE
from sqlalchemy.exc import DBAPIError

from ledger.errors import RetryHelps

HELPED = (RetryHelps, httpx.TransportError, OSError)
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


async def retry_helps(task: Any, run: Any, state: Any) -> bool:
    """Prefect's retry condition: whether the same call may succeed in a moment."""
    return may_pass(await state.aresult(raise_on_failure=False))


def may_pass(error: object) -> bool:
    """Whether the error is of something outside that may be back in a moment."""
    if isinstance(error, httpx.HTTPStatusError):  # Prefect's own errors are of this kind
        return error.response.status_code in BUSY
    return isinstance(error, HELPED) or (isinstance(error, DBAPIError) and _passing(error))


def _passing(error: DBAPIError) -> bool:
    return error.connection_invalidated or "locked" in str(error) or "deadlock" in str(error)


# Every verb is a task of this kind: a few quick tries, nothing cached, no result kept.
VERB: dict[str, Any] = {
    "retries": 2,
    "retry_delay_seconds": [0.5, 2.0],
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": retry_helps,
    "cache_policy": NO_CACHE,
    "persist_result": False,
}
