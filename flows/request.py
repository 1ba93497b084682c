"""The life of one request: from intake to an answer its citizen has judged."""

from pathlib import Path
from tempfile import gettempdir
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from catalog.policy import Policy
from tasks.assign import assign
from tasks.callback import callback
from tasks.classify import classify
from tasks.escalate import escalate
from tasks.grade import grade
from tasks.notify import notify
from tasks.opening import next_verb, open_case
from tasks.parking import come_again, park
from tasks.standing_down import standing_down_on_error

VERBS = {
    "classify": classify,  # 分类
    "grade": grade,  # 定级
    "assign": assign,  # 派单，或转人工分拨
    "notify": notify,  # 送达单位、告知群众
    "escalate": escalate,  # 倒计时提醒、逐级催办
    "callback": callback,  # 回访
}


# A result storage of its own spares two calls a run; nothing is ever stored in it.
@flow(name="request", persist_result=False, result_storage=Path(gettempdir()) / "huiyin-results")
async def request(case_no: str, policy: Policy) -> State[Any]:
    """One wake of a case: claim it, do what is next until nothing is, then park or complete."""
    if not await open_case(case_no, policy):
        return await come_again()
    async with standing_down_on_error(case_no):
        while verb := await next_verb(case_no):
            await VERBS[verb](case_no)
        return await park(case_no)
