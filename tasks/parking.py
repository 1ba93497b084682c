"""Parking: a run that waits ends its code in a paused state named after what it waits for and until when."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from prefect.client.schemas.objects import State as RunState
from prefect.context import AsyncClientContext
from prefect.exceptions import Pause
from prefect.states import Completed, Paused, Scheduled

from casework.case import Case
from casework.steps import next_alarm
from casework.strands import Strand, strand_named
from casework.waiting import waits_for
from catalog.texts import text
from ledger.errors import RetryHelps
from tasks.desk import claims, held, ledger
from tasks.labels import child_name, tags_of
from tasks.quarantine import recovered
from tasks.skew import not_before
from tasks.this_run import this_run

COME_AGAIN = timedelta(seconds=2)


LOOKS_AGAIN = timedelta(hours=1)
"""After so long a run that waits for others looks again by itself: no open case is without an alarm."""


class ParkRefused(RetryHelps):
    """Prefect did not take the parked state."""


async def park(case_no: str) -> RunState[Any]:
    """End this wake: completed when what the run carries is at its end, else paused (raises Prefect's `Pause`)."""
    await recovered(case_no)
    claim = held()
    loaded = await ledger().cases.load(case_no)
    case, owed = loaded.case, await ledger().deliveries.owed(case_no, claim.strand)
    strand = strand_named(case, claim.strand)
    alarm_at = next_alarm(case, loaded.policy, owed, strand=claim.strand)
    over = strand.over if strand else not case.open
    if alarm_at is None and over:
        await _label(case, strand)
        await claims(claim.strand).release(claim.key, claim.epoch, claim.calls, None)
        return _completed(case, strand)
    if alarm_at is None:  # it waits for the other strands of its case, and has no clock of its own
        alarm_at = await ledger().now() + LOOKS_AGAIN
    alarm_at = await not_before(alarm_at, case, loaded.policy, claim.strand)
    label = text("waiting.undelivered") if over else waits_for(case, await ledger().now(), strand).label
    state = await _paused(label, case, strand)
    await claims(claim.strand).release(claim.key, claim.epoch, claim.calls, alarm_at)
    raise Pause(state=state)


def _completed(case: Case, strand: Strand | None) -> RunState[Any]:
    if strand is None:
        return Completed(name=text("state.closed"), message=text(f"outcome.{case.outcome}"))
    return Completed(name=text(f"state.{strand.state}"))


async def _paused(label: str, case: Case, strand: Strand | None) -> RunState[Any]:
    """The parked state; or the state that Prefect insists on, as when an operator is cancelling the run."""
    run = this_run()
    # Prefect refuses to let go of a run that has a parent; it waits all the same.
    parked: RunState[Any] = Paused(reschedule=run.parent_task_run_id is None, pause_key=uuid4().hex)
    parked.name = label
    await _label(case, strand)
    async with AsyncClientContext.get_or_create() as context:
        answer = await context.client.set_flow_run_state(run.id, parked)
    if answer.state is None:
        raise ParkRefused(f"the run of {held().key} could not be parked: {answer.status} {answer.details}")
    return answer.state


async def _label(case: Case, strand: Strand | None) -> None:
    """Say on the run what it carries, whose it is and what is awaited, where that is not what stands there."""
    run, tags = this_run(), sorted(tags_of(case, strand))
    name = child_name(case, strand) if strand else case.case_no
    if sorted(run.tags) != tags or run.name != name:
        async with AsyncClientContext.get_or_create() as context:
            await context.client.update_flow_run(run.id, name=name, tags=tags)


async def come_again() -> RunState[Any]:
    """Another run holds the case: look again in two seconds (raises Prefect's `Pause`)."""
    async with AsyncClientContext.get_or_create() as context:
        later: RunState[Any] = Scheduled(scheduled_time=await ledger().now() + COME_AGAIN)
        answer = await context.client.set_flow_run_state(this_run().id, later)
    raise Pause(state=answer.state)
