"""Parking: a run that waits ends its code in a paused state named after what it waits for and until when."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from prefect.client.schemas.objects import State as RunState
from prefect.context import AsyncClientContext, FlowRunContext
from prefect.exceptions import Pause
from prefect.states import Completed, Paused, Scheduled
from prefect.types._datetime import now as prefect_now

from casework.case import Case
from casework.steps import next_alarm
from casework.waiting import waits_for
from catalog.texts import text
from ledger.errors import RetryHelps
from tasks.desk import held, ledger

COME_AGAIN = timedelta(seconds=2)
LONGEST_REST = timedelta(minutes=10)


class ParkRefused(RetryHelps):
    """Prefect did not take the parked state."""


async def park(case_no: str) -> RunState[Any]:
    """End this wake: completed when the case is at its end, else paused (raises Prefect's `Pause`)."""
    loaded = await ledger().cases.load(case_no)
    case, owed = loaded.case, await ledger().deliveries.owed(case_no)
    alarm_at = next_alarm(case, loaded.policy, owed)
    if alarm_at is None:
        await _tag(case)
        await ledger().claims.release(case_no, held().epoch, case.seq, None)
        return Completed(name=text("state.closed"), message=text(f"outcome.{case.outcome}"))
    label = waits_for(case, await ledger().now()).label
    state = await _paused(label if case.open else text("waiting.undelivered"), case)
    await ledger().claims.release(case_no, held().epoch, case.seq, alarm_at)
    raise Pause(state=state)


async def _paused(label: str, case: Case) -> RunState[Any]:
    """The parked state; or the state that Prefect insists on, as when an operator is cancelling the run."""
    run = _flow_run()
    parked: RunState[Any] = Paused(reschedule=run.parent_task_run_id is None, pause_key=uuid4().hex)
    parked.name = label
    await _tag(case)
    async with AsyncClientContext.get_or_create() as context:
        answer = await context.client.set_flow_run_state(run.id, parked)
    if answer.state is None:
        raise ParkRefused(f"the run of {case.case_no} could not be parked: {answer.status} {answer.details}")
    return answer.state


async def _tag(case: Case) -> None:
    """Say on the run whose the case is and what is awaited, where that has changed."""
    run, tags = _flow_run(), sorted(_tags(case))
    if sorted(run.tags) != tags:
        async with AsyncClientContext.get_or_create() as context:
            await context.client.update_flow_run(run.id, tags=tags)


def _tags(case: Case) -> set[str]:
    tags = {f"district:{case.district}", f"grade:{case.grade}", text(f"state.{case.state}")}
    return tags | {f"unit:{case.unit}"} if case.unit else tags


async def come_again() -> RunState[Any]:
    """Another run holds the case: look again in two seconds (raises Prefect's `Pause`)."""
    async with AsyncClientContext.get_or_create() as context:
        later: RunState[Any] = Scheduled(scheduled_time=prefect_now("UTC") + COME_AGAIN)
        answer = await context.client.set_flow_run_state(_flow_run().id, later)
    raise Pause(state=answer.state)


async def stand_down(case_no: str) -> None:
    """After an error: give the claim back, and have the case looked at again, later each time."""
    loaded = await ledger().cases.load(case_no)
    rest = min(timedelta(seconds=2 ** min(loaded.row.failures + 1, 10)), LONGEST_REST)
    await ledger().claims.fail(case_no, held().epoch, await ledger().now() + rest)


def _flow_run() -> Any:
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise RuntimeError("parking works inside a flow run only: start the flow through a deployment")
    return context.flow_run
