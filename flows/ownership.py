"""One ownership: 待接案, 办理中, 待销案, through all its tiers, until 销案."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from tasks.concealing import concealed
from tasks.engine_options import UNSTORED
from tasks.escalate import escalate
from tasks.handing_over import hand_over
from tasks.notify import notify
from tasks.opening import next_verb, open_strand
from tasks.parking import come_again, park
from tasks.standing_down import standing_down_on_error

VERBS = {
    "notify": notify,  # 送达
    "escalate": escalate,  # 逐级催办
}


@flow(name="ownership", **UNSTORED)
@concealed
async def ownership(case_no: str, strand: str) -> State[Any]:
    """One wake of an ownership: claim it, do what is next until nothing is, then park or complete."""
    if ended := await hand_over(case_no, strand):
        return ended
    if not await open_strand(case_no, strand):
        return await come_again()
    async with standing_down_on_error(case_no):
        while verb := await next_verb(case_no):
            await VERBS[verb](case_no)
        return await park(case_no)
