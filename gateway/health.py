"""Whether the gateway lives, whether it can serve, and what it has counted."""

import asyncio

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy import text

from gateway.errors import DATABASE_AWAY
from gateway.office import Desk, Office

router = APIRouter(tags=["health"])
LEDGER_SECONDS = 3


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "The ledger cannot be reached"}})
async def readyz(office: Desk) -> Response:
    """Prefect may be away: requests are received all the same, and their runs start when it is back.

    `rungs` says whether what is due fires: nothing is wrong with the gateway where it does not.
    """
    ledger, prefect = await asyncio.gather(_ledger(office), office.door.reachable())
    said = {"ledger": "ok" if ledger else "unreachable", "prefect": "ok" if prefect else "unreachable"}
    return JSONResponse({**said, "rungs": "overdue" if office.watch.overdue else "ok"}, 200 if ledger else 503)


@router.get("/metrics")
async def metrics(office: Desk) -> Response:
    """Prometheus text format."""
    return Response(await office.meters.exposition(office.ledger), media_type="text/plain; version=0.0.4")


async def _ledger(office: Office) -> bool:
    try:
        async with asyncio.timeout(LEDGER_SECONDS), office.ledger.database.read() as session:
            await session.execute(text("select 1 from cases limit 1"))
    except DATABASE_AWAY:
        return False
    return True
