"""One case, part or ownership woken: its run scheduled for now, or a new run made where there is none that could be."""

import logging

from engine.prefect_door import CallRefused, NewRun, PrefectDoor, RunGone, Standing
from ledger.alarms import Alarms, Ringing
from ledger.ledger import Ledger

logger = logging.getLogger("huiyin.waker")


def alarms_of(ledger: Ledger, ringing: Ringing) -> Alarms:
    """Where it was won, and is let go: among the cases, or among their children."""
    return ledger.child_alarms if ringing.strand else ledger.alarms


async def wake_case(ledger: Ledger, door: PrefectDoor, ringing: Ringing) -> str:
    """Wake the run of what rings, the wake having been won; answers what was done: created, woken, on_its_way, lost.

    A child's run is made by its parent alone, which links it: where it is lost, the parent is rung.
    Raises what the door raises: `PrefectAway`, `PrefectBusy`, `DeploymentMissing`, `CallRefused`.
    """
    if ringing.flow_run_id is None:
        return await _create(ledger, door, ringing, ringing.generation)
    try:
        if ringing.again and (await _standing(door, ringing.flow_run_id)).on_its_way(await ledger.now()):
            return "on_its_way"
        await door.wake(ringing.flow_run_id)
    except (RunGone, CallRefused) as lost:
        logger.warning("%s gets a new run: %s", ringing.key, lost)
        if ringing.strand:
            return await _lost(ledger, door, ringing, ringing.flow_run_id)
        return await _create(ledger, door, ringing, ringing.generation + 1)
    return "woken"


async def _standing(door: PrefectDoor, run_id: str) -> Standing:
    """Where a run stands that was woken in vain. Raises `RunGone`, also for one that no worker can ever get."""
    standing = await door.standing(run_id)
    if not standing.deliverable:
        raise RunGone(f"run {run_id} has lost its work queue or its deployment")
    return standing


async def _create(ledger: Ledger, door: PrefectDoor, ringing: Ringing, generation: int) -> str:
    run_id = await door.create(NewRun(ringing.case_no, ringing.district, ringing.grade, generation))
    if ringing.flow_run_id is not None:  # only now that there is another one
        await door.retire(ringing.flow_run_id)
    await ledger.alarms.ran(ringing.case_no, run_id, generation)
    return "created"


async def _lost(ledger: Ledger, door: PrefectDoor, ringing: Ringing, run_id: str) -> str:
    await door.retire(run_id)
    await ledger.child_alarms.lost(ringing.key, run_id)
    await ledger.alarms.ring(ringing.case_no)
    return "lost"
