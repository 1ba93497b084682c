"""The dispatch desk: 待分拨 is dispatched, silent units lose their cases, what units ask for is decided, declined work
goes where it was proposed, emergency lines are rung.
"""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

from deployments.demo.behaviours import Dice
from deployments.demo.desk import Case, Desk
from deployments.demo.judgement import (
    Dispatching,
    disputed_before,
    gives_up_at,
    pending_request,
    proposed_unit,
    whistle_to_sign_off,
)
from deployments.demo.phrases import say
from deployments.demo.staff_api import StaffApi
from deployments.demo.units import Spawn

LOOKS_EVERY = 1.0
CHECKS_EVERY = 3.0


class Dispatcher:
    """One dispatcher of one district."""

    def __init__(self, api: StaffApi, knows: Dispatching, spawn: Spawn) -> None:
        self._api, self._knows, self._spawn = api, knows, spawn

    def duties(self) -> list[Coroutine[Any, Any, None]]:
        """What the dispatcher does all day, side by side."""
        return [
            Desk(self._api, self._spawn, self.dispatch).watch(LOOKS_EVERY, state="triage"),
            Desk(self._api, self._spawn, self.reassign).watch(CHECKS_EVERY, state="awaiting_ack"),
            Desk(self._api, self._spawn, self.decide).watch(CHECKS_EVERY, state="in_progress"),
            Desk(self._api, self._spawn, self.pass_on).watch(CHECKS_EVERY / 2, state="in_dispute"),
            Desk(self._api, self._spawn, self.sign_off).watch(CHECKS_EVERY, state="joint_handling"),
            Desk(self._api, self._spawn, self.sign_off).watch(CHECKS_EVERY, state="owned"),
            Desk(self._api, self._spawn, self.ring).watch(CHECKS_EVERY / 2, state="awaiting_referral"),
        ]

    async def dispatch(self, case: Case) -> None:
        """Read it, and give it to the best candidate's unit."""
        if case["state"] != "triage":
            return
        await asyncio.sleep(Dice(case["case_no"]).between(0.3, 1.5, "reads"))
        choice = self._knows.first(case)
        item = {"item": choice.item} if choice.item else {}
        body = {"unit": choice.unit, **item, "reason": say("dispatch_reason", "")}
        await self._api.act(case["case_no"], "dispatch", body)

    async def reassign(self, case: Case) -> datetime | None:
        """A unit that was told and has not said a word for twice its time loses the case."""
        at = gives_up_at(case)
        if at is None or at > datetime.now(UTC):
            return at
        choice = self._knows.instead(case)
        await self._api.act(case["case_no"], "dispatch", {"unit": choice.unit, "reason": say("reassign_reason", "")})
        return None

    async def decide(self, case: Case) -> None:
        """Grant what a unit has asked for, with what it asked."""
        asked = pending_request(case)
        if asked is None:
            return
        if asked["event"] == "task.extension_requested":
            granted = {"days": asked["detail"]["days"], "reason": say("extend_reason", "")}
            await self._api.act(case["case_no"], "extend", granted)
        else:
            granted = {"review_at": asked["detail"]["review_at"], "reason": say("pause_reason", "")}
            await self._api.act(case["case_no"], "pause", granted)

    async def pass_on(self, case: Case) -> None:
        """A first decline is believed: the unit that it proposes gets the case."""
        if disputed_before(case) == "dispatcher":
            body = {"unit": proposed_unit(case), "reason": say("pass_on_reason", "")}
            await self._api.act(case["case_no"], "dispatch", body)

    async def sign_off(self, case: Case) -> None:
        """A call that the item itself has made is the desk's: signed off when the result is there."""
        mine = bool(case["whistles"]) and case["whistles"][-1]["caller"] == "dispatcher"
        if mine and (ratings := whistle_to_sign_off(case)):
            await self._api.act(case["case_no"], "sign_off", {"ratings": ratings})

    async def ring(self, case: Case) -> None:
        """The line is rung, and says under which number it has the matter."""
        case_no = case["case_no"]
        await asyncio.sleep(Dice(case_no).between(0.5, 1.5, "rings"))
        await self._api.act(case_no, "confirm_referral", {"reference": say("reference", "", case_no=case_no)})
