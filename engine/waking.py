"""One case woken: its run scheduled for now, or a new run made where there is none that could be."""

import logging

from engine.prefect_door import CallRefused, NewRun, PrefectDoor, RunGone
from ledger.alarms import Ringing
from ledger.ledger import Ledger

logger = logging.getLogger("huiyin.waker")


async def wake_case(ledger: Ledger, door: PrefectDoor, ringing: Ringing) -> str:
    """Wake the run of a case whose wake has been won; answers what was done: created, woken, on_its_way.

    Raises what the door raises: `PrefectAway`, `PrefectBusy`, `DeploymentMissing`, `CallRefused`.
    """
    if ringing.flow_run_id is None:
        return await _create(ledger, door, ringing, ringing.generation)
    try:
        if ringing.again:
            standing = await door.standing(ringing.flow_run_id)
            if standing.on_its_way(await ledger.now()):
                return "on_its_way"
        await door.wake(ringing.flow_run_id)
    except (RunGone, CallRefused) as lost:
        logger.warning("%s gets a new run: %s", ringing.case_no, lost)
        return await _create(ledger, door, ringing, ringing.generation + 1)
    return "woken"


async def _create(ledger: Ledger, door: PrefectDoor, ringing: Ringing, generation: int) -> str:
    run_id = await door.create(NewRun(ringing.case_no, ringing.district, ringing.grade, generation))
    await ledger.alarms.ran(ringing.case_no, run_id, generation)
    return "created"
