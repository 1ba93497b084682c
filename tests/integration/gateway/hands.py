"""Hands for the gateway's tests: they play the parts of a case's life that are not the gateway's."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI
from standardwebhooks import Webhook

from casework.case import Case
from casework.events import SYSTEM, Act, Kind
from engine.prefect_memory import MemoryPrefect
from gateway.office import Office
from ledger.ledger import Ledger

UNIT, OTHER_UNIT = "urban-management", "street-xinhu"


@dataclass
class Hands:
    """The parts that are not the gateway's: the flow's acts, a unit's signed messages, tokens."""

    app: FastAPI
    client: httpx.AsyncClient
    prefect: MemoryPrefect
    secrets: dict[str, str]

    @property
    def office(self) -> Office:
        office: Office = self.app.state.office
        return office

    @property
    def ledger(self) -> Ledger:
        return self.office.ledger

    async def received(self, text: str = "松涛社区小区门口垃圾堆了三天没人清理", **more: Any) -> str:
        form = {"district": "demo", "text": text, "contact": {"name": "王小明", "phone": "13800138000"}, **more}
        answer = await self.client.post("/api/requests", json=form)
        assert answer.status_code == 201, answer.text
        self.receipt = answer.json()["receipt_url"].removeprefix(self.office.settings.gateway_url)
        case_no: str = answer.json()["case_no"]
        return case_no

    async def system(self, case_no: str, kind: Kind, **data: Any) -> None:
        """What the flow would record."""
        await self.ledger.cases.record(case_no, Act(kind, SYSTEM, await self.ledger.now(), data))

    async def assigned(self, unit: str = UNIT, **more: Any) -> str:
        """A case that a unit holds and has been told of."""
        case_no = await self.received(**more)
        await self.system(case_no, Kind.ASSIGNED, unit=unit)
        await self.system(case_no, Kind.NOTIFIED, task_id=f"{case_no}-T1")
        return case_no

    async def completed(self) -> str:
        case_no = await self.assigned()
        assert (await self.say("task.completed", case_no, result="垃圾已清运，加设了两个垃圾桶")).status_code == 200
        return case_no

    async def say(
        self, kind: str, case_no: str, *, unit: str = UNIT, task: int | None = 1, message_id: str = "", **data: Any
    ) -> httpx.Response:
        """A unit's signed webhook; about no piece of work where `task` is None."""
        told = {"case_no": case_no, **({"task_id": f"{case_no}-T{task}"} if task else {}), **data}
        return await self.post_signed(message(kind, told), unit=unit, message_id=message_id)

    async def post_signed(
        self, body: str, *, unit: str = UNIT, message_id: str = "", at: datetime | None = None, secret: str = ""
    ) -> httpx.Response:
        if unit not in self.secrets:
            self.secrets[unit] = await self.ledger.access.connect("demo", unit, "http://127.0.0.1:9/hook")
        at, message_id = at or await self.ledger.now(), message_id or uuid4().hex
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret or self.secrets[unit]).sign(message_id, at, body),
        }
        return await self.client.post(f"/webhooks/demo/{unit}", content=body, headers=headers)

    async def bearer(self, role: str, district: str | None = "demo", unit: str | None = None) -> dict[str, str]:
        return {"authorization": f"Bearer {await self.ledger.access.token(role, district, unit)}"}

    async def decide(self, act: str, case_no: str, role: str = "dispatcher", **body: Any) -> httpx.Response:
        """An act of the staff; a leader's or a street's token names the unit in `by`."""
        headers = await self.bearer(role, unit=body.pop("by", None))
        return await self.client.post(f"/api/cases/{case_no}/{act}", json=body, headers=headers)

    async def called(self, lead: str = UNIT, *others: str, unit: str = UNIT) -> str:
        """A case with an open whistle call of the dispatcher's: the lead's part is T2, the others' from T3 on."""
        case_no = await self.assigned(unit)
        answer = await self.decide("whistle", case_no, units=[lead, *others], lead=lead, reason="要几家一起办")
        assert answer.status_code == 200, answer.text
        return case_no

    async def owned(self, **body: Any) -> str:
        """A case that a leader owns by order; the owner's work is T2."""
        case_no = await self.assigned()
        answer = await self.decide("order", case_no, reason="久拖不决", **body)
        assert answer.status_code == 200, answer.text
        return case_no

    async def case(self, case_no: str) -> Case:
        return (await self.ledger.cases.load(case_no)).case

    async def task_link(self, case_no: str, task: int = 1, unit: str = UNIT) -> str:
        url = self.office.links.task(case_no, f"{case_no}-T{task}", unit)
        return url.removeprefix(self.office.settings.gateway_url)

    async def state(self, case_no: str) -> str:
        return str((await self.ledger.cases.load(case_no)).case.state)

    async def seq(self, case_no: str) -> int:
        return (await self.ledger.cases.load(case_no)).case.seq


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for the condition; fails when it does not come."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def message(kind: str, data: dict[str, Any], **more: Any) -> str:
    body = {"type": kind, "timestamp": "2026-11-22T10:30:00+08:00", "data": data, **more}
    return json.dumps(body, ensure_ascii=False)
