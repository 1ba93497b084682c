"""What a called unit costs: whistle calls at once beside plain requests, after as many plain requests by themselves."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from casework.case import Case
from casework.routing import locate
from casework.states import State
from catalog.districts import District
from catalog.texts import text
from deployments.bench.districts import WAITING
from deployments.bench.machine import machine
from deployments.bench.measured import Measured, measured
from deployments.bench.place import place
from deployments.bench.quiet import busy_cases
from deployments.bench.scene import Say, Scene, scene
from deployments.bench.sheet import Sheet
from deployments.bench.spread import Spread
from deployments.demo.script import Scripted
from deployments.demo.voice import Voice
from deployments.errors import CommandFailed
from ledger.settings import Settings

CALLS = 50
WARM = 4
"""Requests before anything is measured: what the worker loads once is no request's."""
CALLED = 3
"""Units a call: who handles the request leads, and two others come."""
HELPERS = ("police", "construction", "market", "urban-management")
A_LIFE = 20.0
"""Seconds that a life, with its call, may take of a slow machine."""
AT_LEAST = 180.0
BETWEEN = 0.5
THINKS = 2.0
"""Seconds that a citizen takes to judge the answer: the question has been put by then, if nothing is in its way."""
EVIDENCE = ("https://photos.example.org/after.jpg",)


@dataclass(frozen=True, slots=True)
class Costs:
    """Milliseconds of processor time, of the worker and of Prefect's server; milliseconds of the clock; wakes."""

    worker: float
    server: float
    wall: float
    wakes: float

    @classmethod
    def of(cls, work: Measured, n: float) -> "Costs":
        """Of one of so many that were measured together."""
        return cls(1000 * work.worker_cpu / n, 1000 * work.server_cpu / n, 1000 * work.seconds / n, work.wakes / n)

    def beyond(self, other: "Costs", n: float) -> "Costs":
        """What is left of this without the other, shared by so many."""
        return Costs(
            (self.worker - other.worker) / n,
            (self.server - other.server) / n,
            (self.wall - other.wall) / n,
            (self.wakes - other.wakes) / n,
        )

    def document(self) -> dict[str, float]:
        return {
            "worker_cpu_ms": round(self.worker, 1),
            "server_cpu_ms": round(self.server, 1),
            "wall_ms": round(self.wall, 1),
            "wakes": round(self.wakes, 2),
        }


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a stretch of work took, and the cases that were lived in it."""

    work: Measured
    cases: Sequence[Case]

    @property
    def whistled(self) -> Sequence[Case]:
        return [case for case in self.cases if case.whistles]


@dataclass(frozen=True, slots=True)
class Streets:
    """The district's units as they speak: who handles, who is called, and the street that whistles."""

    scene: Scene
    district: District
    voice: Voice

    @classmethod
    def of(cls, here: Scene) -> "Streets":
        """With requests of which it is known in which street they are."""
        district = here.office.city.district(WAITING)
        placed = [request for request in here.sender.requests if _caller(district, request)]
        secrets = {unit.code: here.secrets[f"{WAITING}.{unit.code}"] for unit in district.units}
        here = replace(here, sender=replace(here.sender, requests=placed))
        return cls(here, district, Voice(here.sender.client, WAITING, secrets))

    async def plain(self, n: int) -> str:
        """One request that its unit handles alone. Its number."""
        case_no, page, work = await self._acknowledged(n)
        await self._says(work, "task.completed", result=text("bench.done"), evidence=EVIDENCE)
        await self._judged(page)
        return case_no

    async def whistled(self, n: int) -> str:
        """One for which the street calls its unit and two others; the joint result is the answer. Its number."""
        case_no, page, work = await self._acknowledged(n)
        lead, caller = work.unit, self._caller_of(n)
        others = [code for code in HELPERS if code not in (lead, caller)][: CALLED - 1]
        said = {"units": [lead, *others], "lead": lead, "reason": text("bench.done")}
        await self._says(_Work(caller, case_no), "whistle.requested", **said)
        await asyncio.gather(*(self._part(case_no, code) for code in others))
        leading = await self._called(case_no, lead)
        await self._comes(leading)
        await self._says(leading, "whistle.joint_result", result=text("bench.done"))
        ratings = dict.fromkeys([lead, *others], 5)
        await self._says(_Work(caller, case_no, call_id=leading.call_id), "whistle.signed_off", ratings=ratings)
        await self._judged(page)
        return case_no

    async def _acknowledged(self, n: int) -> "tuple[str, str, _Work]":
        receipt = await self.scene.sender.submit(WAITING, n)
        heard = await self.scene.ears.first(receipt.case_no, "task.assigned")
        work = _Work(heard.unit.removeprefix(f"{WAITING}."), receipt.case_no, heard.data["task_id"])
        await self._says(work, "task.acknowledged", handler=text("bench.handler"), feedback=text("bench.done"))
        return receipt.case_no, receipt.page, work

    async def _part(self, case_no: str, code: str) -> None:
        work = await self._called(case_no, code)
        await self._comes(work)
        await self._says(work, "whistle.part_completed", note=text("bench.done"))

    async def _called(self, case_no: str, code: str) -> "_Work":
        heard = await self.scene.ears.first(case_no, "whistle.called", f"{WAITING}.{code}")
        return _Work(code, case_no, heard.data["task_id"], heard.data["call_id"])

    async def _comes(self, work: "_Work") -> None:
        for kind in ("whistle.reported_in", "whistle.arrived"):
            await self._says(work, kind, note=text("bench.done"))

    async def _says(self, work: "_Work", kind: str, **said: Any) -> None:
        (await self.voice.tell(work.unit, kind, {**work.named(), **said})).raise_for_status()

    async def _judged(self, page: str) -> None:
        await asyncio.sleep(THINKS)
        answer = await self.scene.sender.client.post(f"{page}/evaluate", json={"solved": True, "satisfaction": 5})
        answer.raise_for_status()

    def _caller_of(self, n: int) -> str:
        requests = self.scene.sender.requests
        return _caller(self.district, requests[n % len(requests)]) or ""


@dataclass(frozen=True, slots=True)
class _Work:
    """A unit's piece of work; a caller has none."""

    unit: str
    case_no: str
    task_id: str | None = None
    call_id: str | None = None

    def named(self) -> dict[str, str]:
        named = {"case_no": self.case_no, "task_id": self.task_id, "call_id": self.call_id}
        return {name: value for name, value in named.items() if value is not None}


async def whistle(settings: Settings, cases: int | None, database_url: str, say: Say) -> Sheet:
    """Measure so many plain requests at once (50), then as many calls beside as many plain ones. Prefect's database is
    SQLite, the ledger's where it is told. Raises `CommandFailed` when not all calls are joined and closed in time.
    """
    calls = cases or CALLS
    with place(settings, database_url, say) as moved:
        async with scene(moved, say) as here:
            streets = Streets.of(here)
            await _at_once(here, [partial(streets.plain, n) for n in range(WARM)])
            say(text("bench.plain_at_once", n=calls))
            alone = await _at_once(here, [partial(streets.plain, n) for n in range(calls)])
            say(text("bench.calls_at_once", n=calls))
            lives = [partial(life, n) for n in range(calls) for life in (streets.plain, streets.whistled)]
            return _sheet(moved, calls, alone, await _at_once(here, lives))


async def _at_once(scene: Scene, lives: Sequence[Callable[[], Awaitable[str]]]) -> Stretch:
    """Live them all at once until every run has ended; what it took. Raises `CommandFailed`."""
    limit = max(AT_LEAST, len(lives) * A_LIFE)
    async with measured(scene) as work:
        try:
            async with asyncio.timeout(limit):
                numbers = await asyncio.gather(*(life() for life in lives))
                while await busy_cases(scene.ledger):  # noqa: ASYNC110  others change it
                    await asyncio.sleep(BETWEEN)
        except TimeoutError:
            closed = (await scene.ledger.lists.by_state()).get((WAITING, "closed"), 0)
            raise CommandFailed(text("bench.not_closed", n=len(lives), closed=closed, seconds=round(limit))) from None
    return Stretch(work, [(await scene.ledger.cases.load(case_no)).case for case_no in numbers])


def joined(case: Case) -> bool:
    """Whether every part of its call is done, its result is there, and it has been signed off."""
    call = case.whistles[-1]
    parts = case.parts(call.call_id)
    return bool(parts) and all(part.state is State.DONE for part in parts) and bool(call.ratings) and not call.open


def _sheet(settings: Settings, calls: int, alone: Stretch, both: Stretch) -> Sheet:
    plain, whistled = alone.cases, both.whistled
    if not all(joined(case) for case in whistled) or len(whistled) != calls:
        raise CommandFailed(text("bench.not_joined", n=calls, joined=sum(joined(case) for case in whistled)))
    a_case = Costs.of(alone.work, calls)
    # A whistled request is a plain one and its called units; beside it another plain one has lived.
    a_unit = Costs.of(both.work, calls).beyond(Costs.of(alone.work, calls / 2), CALLED)
    of_cases, of_calls = Spread.of([_seconds(case) for case in plain]), Spread.of([_call(case) for case in whistled])
    document = {
        "bench": "whistle",
        "machine": machine(settings),
        "prefect": "sqlite",
        "calls": calls,
        "called_units": CALLED * calls,
        "joined": sum(joined(case) for case in whistled),
        "plain_beside": calls,
        "a_plain_case": a_case.document(),
        "a_called_unit": a_unit.document(),
        "plain_seconds": of_cases.document(1),
        "call_to_sign_off_seconds": of_calls.document(1),
        "seconds": round(both.work.seconds, 1),
    }
    rows = [
        (text(f"bench.row.{name}_each"), f"{getattr(a_case, name):{form}}", f"{getattr(a_unit, name):{form}}")
        for name, form in (("worker", ".0f"), ("server", ".0f"), ("wall", ".0f"), ("wakes", ".1f"))
    ]
    rows.append((text("bench.row.whole"), of_cases.line(".0f"), of_calls.line(".0f")))
    return Sheet([text("bench.a_plain_case"), text("bench.a_called_unit", n=CALLED * calls)], rows, document)


def _seconds(case: Case) -> float:
    assert case.closed_at is not None, "every case has been waited for"
    return (case.closed_at - case.received_at).total_seconds()


def _call(case: Case) -> float:
    call = case.whistles[-1]
    assert call.ended_at is not None, "every call has been joined"
    return (call.ended_at - call.called_at).total_seconds()


def _caller(district: District, request: Scripted) -> str | None:
    """The street in which the request lies."""
    street = locate(district, request.place).street if request.place else None
    return district.roles["street_office"].streets.get(street or "")
