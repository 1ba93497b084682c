"""The demo as a whole: prepare, send the script's requests, watch until all are closed, and report."""

import asyncio
from collections.abc import Sequence
from secrets import token_hex

from catalog.texts import text
from deployments.demo.company import Company, company
from deployments.demo.progress import Progress
from deployments.demo.report import DemoReport, Played, report
from deployments.demo.script import Scripted, load_script
from deployments.demo.wakes import wakes
from ledger.settings import Settings

DISTRICT = "demo"
ALL_ARRIVED_AFTER = 110.0
"""Seconds: what one small machine carries beside everything else."""
TIME_LIMIT = 230.0
LOOKS_EVERY = 2.0


async def run(
    settings: Settings,
    *,
    exit_when_done: bool,
    requests: Sequence[Scripted] | None = None,
    arrive_within: float = ALL_ARRIVED_AFTER,
    time_limit: float = TIME_LIMIT,
) -> DemoReport:
    """Play the demo against the running stack of these settings, progress and summary on standard error.

    Needs the gateway at ``settings.gateway_url``, deployments of the district `demo`, and a stack that was started with
    `HUIYIN_ALLOW_PRIVATE_WEBHOOKS=1`. Connects every unit of the district to a receiver of its own (the secrets in use
    before stay good for a day). Answers the report when every case is closed or after `time_limit` seconds; its `ok`
    says whether all went as the script says. Unless `exit_when_done`, the simulators then stay until cancelled.
    """
    script = tuple(requests or load_script())
    async with company(settings, DISTRICT) as people:
        with Progress() as progress:
            interval = arrive_within / len(script)
            progress.begin(people.stage, len(script), interval)
            people.errands.spawn(people.citizens.arrive(script, interval, token_hex(4)))
            await _watch(people, len(script), progress, time_limit)
            ended = await _report(people, len(script), progress.seconds)
        progress.end(ended)
        if not exit_when_done:
            progress.say(text("demo.stays"))
            await asyncio.Event().wait()
        return ended


async def accompany(settings: Settings, district: str = DISTRICT) -> None:
    """Give a running stack its other side (units, dispatcher, callback centre) until cancelled; send nothing."""
    async with company(settings, district) as people:
        units = len(people.stage.district.units)
        Progress().say(text("demo.accompanies", district=people.stage.district.name, units=units))
        await asyncio.Event().wait()


async def _watch(people: Company, total: int, progress: Progress, time_limit: float) -> None:
    """Until every request is sent and closed, or time is up."""
    while progress.seconds < time_limit:
        ours = people.citizens.receipts
        states = [row["state"] async for row in people.api.cases() if row["case_no"] in ours]
        progress.show(states, total)
        if len(states) == total and set(states) == {"closed"}:
            return
        await asyncio.sleep(LOOKS_EVERY)


async def _report(people: Company, total: int, seconds: float) -> DemoReport:
    receipts = people.citizens.receipts
    cases = [await people.api.case(case_no) for case_no in receipts]
    played = [Played(case, request) for case in cases if (request := people.cast.request(case["case_no"]))]
    unsent = [text("demo.problem.unsent", n=len(receipts), total=total)] if len(receipts) < total else []
    gateway = people.stage.gateway_url
    urls = {
        "prefect": people.stage.prefect_url.removesuffix("/api"),
        "gateway": gateway,
        "api": f"{gateway}/openapi.json",
        "metrics": f"{gateway}/metrics",
        **({"citizen": next(iter(receipts.values()))} if receipts else {}),
    }
    return report(played, wakes=await wakes(people.client), seconds=seconds, urls=urls, more_problems=unsent)
