"""The demo played while the stack is broken again and again: then everything is counted."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from catalog.texts import text
from deployments.chaos.answers import Answers
from deployments.chaos.kills import Kill, planned, strike
from deployments.chaos.post import Post
from deployments.chaos.record import read_record
from deployments.chaos.report import ChaosReport
from deployments.child import Child
from deployments.demo.company import Company, company
from deployments.demo.progress import Progress
from deployments.demo.run import ALL_ARRIVED_AFTER, DISTRICT
from deployments.demo.script import Scripted, load_script
from deployments.errors import CommandFailed
from deployments.office import Office, open_office
from deployments.prefect_access import open_prefect
from deployments.verification import Report, Verification
from ledger.settings import Settings

SECONDS_A_KILL = 8.0
"""On average: long enough for what was killed to come back and do some work before it is killed again."""
SHARE_OF_KILLS = 0.6
"""Of the time there is; the rest is for what was left lying."""
LOOKS_EVERY = 2.0


@dataclass(frozen=True, slots=True)
class Chaos:
    """What is to be done: so many kills by this seed, all over after so many seconds."""

    seed: int
    kills: int
    seconds: float

    @property
    def window(self) -> float:
        """Within so many seconds requests arrive and parts are killed."""
        wished = max(ALL_ARRIVED_AFTER, self.kills * SECONDS_A_KILL)
        return min(wished, SHARE_OF_KILLS * self.seconds)


@dataclass(slots=True)
class Seen:
    """What is written down on the way."""

    post: Post = field(default_factory=Post)
    answers: Answers = field(default_factory=Answers)
    kills: list[Kill] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise under way: who takes part, what is broken, and what is seen."""

    chaos: Chaos
    children: Mapping[str, Child]
    script: Sequence[Scripted]
    people: Company
    office: Office
    progress: Progress
    seen: Seen

    async def play(self) -> None:
        """Requests arrive, parts are killed; then what is left is waited for, as long as there is time."""
        chaos, people = self.chaos, self.people
        self.seen.answers.listen(people.client)
        interval = chaos.window / len(self.script)
        self.progress.begin(people.stage, len(self.script), interval)
        people.errands.spawn(people.citizens.arrive(self.script, interval, token_hex(4)))
        plan = planned(chaos.seed, chaos.kills, chaos.window)
        killing = people.errands.spawn(strike(plan, self.children, self._told))
        with suppress(TimeoutError):
            async with asyncio.timeout(chaos.seconds):
                await self._until_at_rest(killing)

    def _told(self, kill: Kill) -> None:
        self.seen.kills.append(kill)
        parts = "、".join(text(f"stack.name.{part}") for part in kill.parts)
        self.progress.say(text("chaos.killed", n=len(self.seen.kills), parts=parts))

    async def _until_at_rest(self, killing: asyncio.Task[None]) -> None:
        total = len(self.script)
        while True:
            record = await read_record(self.office.ledger.database)
            self.progress.show(record.states.values(), total)
            if killing.done() and len(record.states) >= total and record.at_rest:
                return
            await asyncio.sleep(LOOKS_EVERY)


async def run(settings: Settings, children: Mapping[str, Child], chaos: Chaos) -> ChaosReport:
    """Play the demo's requests against the stack of these children, kill, wait until all is closed, and count.

    Progress goes to standard error. What is not closed when the time is up is told as such.
    """
    seen, script = Seen(), load_script()
    async with open_office(settings) as office:
        with Progress() as progress:
            async with company(settings, DISTRICT, seen.post.note) as people:
                await Exercise(chaos, children, script, people, office, progress, seen).play()
            record = await read_record(office.ledger.database)
        verified = await _verified(settings, office)
    return ChaosReport(
        seed=chaos.seed,
        planned=chaos.kills,
        kills=tuple(seen.kills),
        requests=len(script),
        seconds=progress.seconds,
        post=seen.post,
        answers=seen.answers,
        record=record,
        verified=verified,
    )


async def _verified(settings: Settings, office: Office) -> dict[str, Any]:
    """The document of `huiyin verify`; a Prefect that does not answer in the end is a finding."""
    try:
        async with open_prefect(settings) as client:
            from deployments.run_states import RunStates  # noqa: PLC0415  Prefect reads its environment when imported

            report = await Verification(office.ledger, RunStates(client)).report()
    except CommandFailed as failed:
        report = Report(faults={"prefect": [str(failed)]})
    return report.document()
