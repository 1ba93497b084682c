"""Somebody who looks at a list again and again, and takes up each case on it, each once at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from deployments.demo.patience import Unheard
from deployments.demo.staff_api import StaffApi
from deployments.demo.units import Spawn

LOG = logging.getLogger("huiyin.demo.desk")
Case = dict[str, Any]
Take = Callable[[Case], Awaitable[datetime | None]]
"""Does what a case needs; answers when to look at it again, or None when there is nothing left to do."""


class Desk:
    """One list under one pair of eyes. A case that has not changed since it was left is not opened again."""

    def __init__(
        self, api: StaffApi, spawn: Spawn, take: Take, only: Callable[[str], bool] = lambda case_no: True
    ) -> None:
        """`only`: which cases of the list, by number, are opened at all."""
        self._api, self._spawn, self._take, self._only = api, spawn, take, only
        self._in_hand: set[str] = set()
        self._left_at: dict[str, int] = {}

    async def watch(self, every: float, **wanted: str) -> None:
        """Look every so many seconds, for ever. While the gateway does not answer there is nothing to see."""
        while True:
            try:
                listed = {row["case_no"]: int(row["seq"]) async for row in self._api.cases(**wanted)}
            except Unheard as unheard:
                LOG.warning("%s", unheard)
                continue
            self._left_at = {case_no: seq for case_no, seq in self._left_at.items() if case_no in listed}
            for case_no, seq in listed.items():
                self._take_up(case_no, seq)
            await asyncio.sleep(every)

    def _take_up(self, case_no: str, seq: int) -> None:
        if case_no not in self._in_hand and self._left_at.get(case_no) != seq and self._only(case_no):
            self._in_hand.add(case_no)
            self._spawn(self._handle(case_no, seq))

    async def _handle(self, case_no: str, seq: int) -> None:
        try:
            while again := await self._take(await self._api.case(case_no)):
                await _until(again)
            self._left_at[case_no] = seq
        except Unheard as unheard:
            LOG.warning("%s is left for the next look: %s", case_no, unheard)
        finally:
            self._in_hand.discard(case_no)


async def _until(at: datetime) -> None:
    await asyncio.sleep(max((at - datetime.now(UTC)).total_seconds(), 0.1))
