"""The units of a district: they hear what they are given to do, and do it in their own way."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from deployments.demo.behaviours import Story, UnitWay
from deployments.demo.cast import Cast
from deployments.demo.pacing import (
    ASKED,
    Deed,
    Order,
    after_the_answer,
    after_the_ruling,
    hurried,
    order_of,
    ownership,
    part,
    plan,
)
from deployments.demo.page_form import first_form
from deployments.demo.patience import Unheard, patiently
from deployments.demo.voice import Voice
from deployments.demo.words import decline, words

LOG = logging.getLogger("huiyin.demo.units")
SAYS_AGAIN_AFTER = 1.5
"""Seconds until somebody who waits for others tries again."""
Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


@dataclass(slots=True)
class Job:
    """A piece of work in somebody's hands, and what of it is going on. `proposes`: whose it is, to who declines it."""

    order: Order
    way: UnitWay
    proposes: str | None = None
    going: asyncio.Task[None] | None = None
    done: set[str] = field(default_factory=set)


class Units:
    """All units of one district. `spawn` starts what is done later; nothing is done while hearing."""

    def __init__(self, cast: Cast, voice: Voice, spawn: Spawn) -> None:
        self._cast, self._voice, self._spawn = cast, voice, spawn
        self._jobs: dict[str, Job] = {}
        self._kinds: Mapping[str, Callable[[str, dict[str, Any]], None]] = {
            "task.assigned": self._ordered,
            "task.reopened": self._ordered,
            "whistle.called": self._called,
            "ownership.assigned": self._owning,
            "task.supervised": self._supervised,
            "task.decided": self._decided,
            "task.withdrawn": self._dropped,
            "task.reassigned": self._dropped,
            "case.closed": self._dropped,
        }

    def hear(self, unit: str, message: dict[str, Any]) -> None:
        """One verified message. Reminders are read and thrown away, as reminders are."""
        react = self._kinds.get(message["type"])
        if react is not None:
            react(unit, message["data"])

    def _ordered(self, unit: str, data: dict[str, Any]) -> None:
        now = datetime.now(UTC)
        order = order_of(unit, data, now)
        job = Job(order, self._cast.unit_way(order.case_no), self._proposed(order))
        if job.way is UnitWay.BOUNCES and job.proposes is None:
            job.way = UnitWay.PROMPT
        self._take(job, plan(job.way, order, now))

    def _proposed(self, order: Order) -> str | None:
        """Whose matter it is in the eyes of a unit that has just been given it and is to decline it."""
        dispute = self._cast.dispute(order.case_no)
        heard_before = (job for job in self._jobs.values() if job.order.case_no == order.case_no)
        declined = {job.order.unit for job in heard_before if job.proposes is not None}
        return dispute.proposes.get(order.unit) if dispute and order.unit not in declined else None

    def _called(self, unit: str, data: dict[str, Any]) -> None:
        """A street's call: everybody comes, but who is to stay silent."""
        now = datetime.now(UTC)
        order = order_of(unit, data, now)
        call = self._cast.call(order.case_no)
        if call is None or call.silent != unit:
            self._take(Job(order, UnitWay.PROMPT), part(order, now))

    def _owning(self, unit: str, data: dict[str, Any]) -> None:
        """A leader owns a case, or approves its end: through his office."""
        now = datetime.now(UTC)
        order = order_of(unit, data, now)
        silent = self._cast.story(order.case_no) is Story.SILENT_OWNERS
        if deeds := ownership(order, now, only_at_the_top=silent):
            self._take(Job(order, UnitWay.PROMPT), deeds)

    def _take(self, job: Job, deeds: tuple[Deed, ...]) -> None:
        former = self._jobs.get(job.order.task_id)
        if former is not None and former.going is not None:
            former.going.cancel()
        self._jobs[job.order.task_id] = job
        self._begin(job, deeds)

    def _supervised(self, unit: str, data: dict[str, Any]) -> None:
        """A supervision order moves whoever sits on the work, except the one who never moves."""
        job = self._jobs.get(data["task_id"])
        idle = job is not None and (job.going is None or job.going.done()) and "task.completed" not in job.done
        handles = job is not None and job.order.role is None
        if job is not None and idle and handles and not (job.way is UnitWay.SILENT and job.order.first):
            self._begin(job, hurried(job.order, datetime.now(UTC)))

    def _decided(self, unit: str, data: dict[str, Any]) -> None:
        """The dispatcher's answer: on with the work, except while a pause that was granted lasts."""
        job = self._jobs.get(data["task_id"])
        if job is not None and data["request"] == "decline":
            self._begin(job, after_the_ruling(job.order, datetime.now(UTC)))
        pausing = data["request"] == "pause" and data["granted"]
        if job is not None and job.way in ASKED and not pausing:
            self._begin(job, after_the_answer(job.order, datetime.now(UTC)))

    def _dropped(self, unit: str, data: dict[str, Any]) -> None:
        job = self._jobs.pop(data["task_id"], None)
        if job is not None and job.going is not None:
            job.going.cancel()

    def _begin(self, job: Job, deeds: tuple[Deed, ...]) -> None:
        if job.going is not None:
            job.going.cancel()
        job.going = self._spawn(self._perform(job, deeds)) if deeds else None

    async def _perform(self, job: Job, deeds: tuple[Deed, ...]) -> None:
        """Do what is planned, each at its time, until something is refused: then the work is no longer ours."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        for deed in deeds:
            await asyncio.sleep(max(start + deed.after - loop.time(), 0))
            try:
                answer = await self._act(job, deed.type)
                while deed.again and _waits_for_others(answer):
                    await asyncio.sleep(SAYS_AGAIN_AFTER)
                    answer = await self._act(job, deed.type)
            except Unheard as unheard:
                LOG.warning("%s", unheard)
                return
            if answer.is_error:
                LOG.info("%s %s: %s %s", job.order.task_id, deed.type, answer.status_code, answer.text)
                return
            job.done.add(deed.type)

    async def _act(self, job: Job, kind: str) -> httpx.Response:
        if kind == "page":
            return await self._by_page(job.order)
        if kind == "task.declined" and job.proposes is not None:
            said: dict[str, Any] = decline(job.proposes)
        else:
            said = words(kind, job.order, poor=job.way is UnitWay.POOR_FIRST)
        data = {"case_no": job.order.case_no, "task_id": job.order.task_id, **said}
        return await self._voice.tell(job.order.unit, kind, data)

    async def _by_page(self, order: Order) -> httpx.Response:
        """A handler in the field: opens the link on a phone, fills in the form, looks up the citizen's number."""
        assert order.ack_url is not None, "an order has a page"
        answer = await self._fill_in(order.ack_url, words("task.acknowledged", order))
        if order.contact_url is not None and not answer.is_error:
            answer = await self._fill_in(order.contact_url, {})
        return answer

    async def _fill_in(self, url: str, fields: dict[str, str]) -> httpx.Response:
        """Open the page and send its first form; a page without one is the answer."""
        client = self._voice.client
        opened = await patiently(lambda: client.get(url))
        form = first_form(opened.text)
        if opened.is_error or form is None:
            return opened
        where, filled = httpx.URL(url).join(form.action), {**form.hidden, **fields}
        return await patiently(lambda: client.post(where, data=filled))


def _waits_for_others(answer: httpx.Response) -> bool:
    """Whether it was refused for what others have not done yet: the work is still this unit's."""
    return answer.status_code == httpx.codes.CONFLICT and answer.json().get("state") in ("joint_handling", "owned")
