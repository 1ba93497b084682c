"""The streets that call the units they need: they whistle, excuse who does not come, and sign off by their webhooks."""

import logging
from collections.abc import Coroutine, Mapping
from typing import Any

from deployments.demo.cast import Cast
from deployments.demo.desk import Case, Desk
from deployments.demo.judgement import excused_unit, whistle_to_sign_off
from deployments.demo.phrases import say
from deployments.demo.staff_api import StaffApi
from deployments.demo.units import Spawn
from deployments.demo.voice import Voice

LOG = logging.getLogger("huiyin.demo.caller")
LOOKS_EVERY = 2.0


class Caller:
    """All streets of the district that call somebody: they read by the staff API what the cast says is theirs."""

    def __init__(self, api: StaffApi, voice: Voice, cast: Cast, spawn: Spawn) -> None:
        self._api, self._voice, self._cast, self._spawn = api, voice, cast, spawn

    def duties(self) -> list[Coroutine[Any, Any, None]]:
        """A case is looked at while it is handled, while others are called, and while a leader owns it."""
        return [
            self._desk(self.call).watch(LOOKS_EVERY, state="in_progress"),
            self._desk(self.go_on).watch(LOOKS_EVERY, state="joint_handling"),
            self._desk(self.go_on).watch(LOOKS_EVERY, state="owned"),
        ]

    def _desk(self, take: Any) -> Desk:
        return Desk(self._api, self._spawn, take, only=lambda case_no: self._cast.call(case_no) is not None)

    async def call(self, case: Case) -> None:
        """Whistle, once."""
        call = self._cast.call(case["case_no"])
        if call is not None and not case["whistles"]:
            said = {"units": call.units, "lead": call.lead, "reason": say("whistle_reason", "")}
            await self._tell(call.by, "whistle.requested", case, said)

    async def go_on(self, case: Case) -> None:
        """Excuse who has stayed silent, once a leader has planned how to go on; sign off when the result is there."""
        call = self._cast.call(case["case_no"])
        if call is None or not case["whistles"]:
            return
        call_id = case["whistles"][-1]["call_id"]
        if call.silent is not None and (unit := excused_unit(case, call.silent)):
            said = {"call_id": call_id, "unit": unit, "reason": say("excused", "")}
            await self._tell(call.by, "whistle.excused", case, said)
        elif ratings := whistle_to_sign_off(case):
            await self._tell(call.by, "whistle.signed_off", case, {"call_id": call_id, "ratings": ratings})

    async def _tell(self, unit: str, kind: str, case: Case, said: Mapping[str, Any]) -> None:
        answer = await self._voice.tell(unit, kind, {"case_no": case["case_no"], **said})
        if answer.is_error:
            LOG.warning("%s %s: %s %s", case["case_no"], kind, answer.status_code, answer.text)
