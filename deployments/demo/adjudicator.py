"""The adjudicator (编办): decides whose matter it is when two units have declined it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from deployments.demo.behaviours import Dice
from deployments.demo.cast import Cast
from deployments.demo.desk import Case, Desk
from deployments.demo.judgement import disputed_before, first_to_decline
from deployments.demo.phrases import say
from deployments.demo.staff_api import StaffApi
from deployments.demo.units import Spawn

LOOKS_EVERY = 1.5


class Adjudicator:
    """One official with a list of disputes. For whom to rule is what the cast says, else for who had it first."""

    def __init__(self, api: StaffApi, cast: Cast, spawn: Spawn) -> None:
        self._api, self._cast, self._spawn = api, cast, spawn

    def duties(self) -> list[Coroutine[Any, Any, None]]:
        return [Desk(self._api, self._spawn, self.rule).watch(LOOKS_EVERY, state="in_dispute")]

    async def rule(self, case: Case) -> None:
        """Hear both sides, and rule."""
        if disputed_before(case) != "adjudicator":
            return
        case_no = case["case_no"]
        await asyncio.sleep(Dice(case_no).between(0.5, 1.5, "hears"))
        dispute = self._cast.dispute(case_no)
        unit = dispute.ruled if dispute else first_to_decline(case)
        await self._api.act(case_no, "rule", {"unit": unit, "reason": say("ruling", "")})
