"""The callback centre: it phones whoever has not used a link, and writes down what was said."""

from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

from deployments.demo.behaviours import CitizenWay, Dice
from deployments.demo.cast import Cast
from deployments.demo.desk import Case, Desk
from deployments.demo.judgement import phones_at
from deployments.demo.phrases import say
from deployments.demo.staff_api import StaffApi
from deployments.demo.units import Spawn

LOOKS_EVERY = 1.5


class CallbackCentre:
    """One clerk with a list and a telephone. What the people phoned think is what the cast says."""

    def __init__(self, api: StaffApi, cast: Cast, spawn: Spawn) -> None:
        self._api, self._cast, self._spawn = api, cast, spawn

    def duties(self) -> list[Coroutine[Any, Any, None]]:
        return [Desk(self._api, self._spawn, self.phone).watch(LOOKS_EVERY, state="awaiting_callback")]

    async def phone(self, case: Case) -> datetime | None:
        """Phone when it is time to, unless a citizen holds a link or never answers."""
        case_no = case["case_no"]
        way = self._cast.citizen_way(case_no)
        if self._cast.has_link(case_no) or way is CitizenWay.SILENT:
            return None
        at = phones_at(case, at_once=self._cast.request(case_no) is not None)
        if at is None or at > datetime.now(UTC):
            return at
        await self._api.act(case_no, "callback", self._answer(case, way))
        return None

    def _answer(self, case: Case, way: CitizenWay) -> dict[str, Any]:
        if way is CitizenWay.DISSATISFIED and not case["reopened"]:
            return {"solved": False, "satisfaction": 1, "comment": say("phone_complaint", "")}
        request = self._cast.request(case["case_no"])
        said = request.comment if request else ""
        satisfaction = 4 + (Dice(case["case_no"]).roll("satisfaction") < 0.6)
        return {"solved": True, "satisfaction": satisfaction, "comment": said or say("phone_praise", "")}
