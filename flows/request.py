"""The life of one request: from intake to an answer its citizen has judged."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from catalog.policy import Policy
from tasks.answer import answer
from tasks.assign import assign
from tasks.callback import callback
from tasks.classify import classify
from tasks.concealing import concealed
from tasks.engine_options import UNSTORED
from tasks.escalate import escalate
from tasks.follow import follow
from tasks.grade import grade
from tasks.handing_over import hand_over
from tasks.notify import notify
from tasks.opening import next_verb, open_case
from tasks.own import own
from tasks.parking import come_again, park
from tasks.pinning import AS_WRITTEN
from tasks.refer import refer
from tasks.standing_down import standing_down_on_error
from tasks.summon import summon
from tasks.whistle import whistle

VERBS = {
    "classify": classify,  # 分类
    "grade": grade,  # 定级
    "refer": refer,  # 转接 110、119、120、122 或公用事业单位
    "answer": answer,  # 咨询秒回
    "assign": assign,  # 派单，或转人工分拨
    "follow": follow,  # 并案：随主件更新
    "whistle": whistle,  # 吹哨
    "own": own,  # 提级包案
    "summon": summon,  # 各被召单位、各包案领导各一个子流程
    "notify": notify,  # 送达单位、告知群众
    "escalate": escalate,  # 倒计时提醒、逐级催办
    "callback": callback,  # 回访
}


# Prefect makes the form from `policy` and leaves judging it to us: one that makes no sense must not stop its cases.
@flow(name="request", validate_parameters=False, **UNSTORED)
@concealed
async def request(case_no: str, policy: Policy = AS_WRITTEN) -> State[Any]:
    """One wake of a case: claim it, do what is next until nothing is, then park or complete."""
    if ended := await hand_over(case_no):
        return ended
    if not await open_case(case_no, policy):
        return await come_again()
    async with standing_down_on_error(case_no):
        while verb := await next_verb(case_no):
            await VERBS[verb](case_no)
        return await park(case_no)
