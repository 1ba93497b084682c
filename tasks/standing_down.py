"""What happens to the claim when a wake goes wrong: given back, so that the case is looked at again soon."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prefect.exceptions import Pause

from ledger.errors import ClaimLost
from tasks.desk import claims, held
from tasks.parking import come_again
from tasks.quarantine import stand_down


@asynccontextmanager
async def standing_down_on_error(case_no: str) -> AsyncIterator[None]:
    """A park passes through; a lost claim comes again; any other error gives the claim back and fails the wake."""
    try:
        yield
    except Pause:
        raise
    except ClaimLost:
        await claims(held().strand).lost()
        await come_again()
    except Exception as error:
        await stand_down(case_no, error)
        raise
