"""What a measurement works in: a stack of its own, whose units only listen, and a line to it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from catalog.texts import text
from deployments.bench.ears import Ears
from deployments.bench.sender import Sender, line_to
from deployments.bench.usage import Usage, check_proc, cpu_seconds
from deployments.child import Child
from deployments.demo.inbox import free_port, inbox, listening
from deployments.errors import CommandFailed
from deployments.office import Office, open_office
from deployments.stack import Stack, running
from ledger.ledger import Ledger
from ledger.lists import Query
from ledger.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """The stack's processes, its ledger, a sender of requests, and what the units have heard.

    `secrets` are the units', by ``district.unit``.
    """

    office: Office
    children: Mapping[str, Child]
    sender: Sender
    secrets: Mapping[str, str]
    ears: Ears
    say: Say

    @property
    def ledger(self) -> Ledger:
        return self.office.ledger

    def pid(self, name: str) -> int:
        """Of `worker`, `gateway` or `prefect`, its server."""
        pid = self.children[name].pid
        assert pid is not None, f"{name} has been started"
        return pid

    def usage(self, name: str) -> Usage:
        """What the process uses now."""
        return Usage.of(self.pid(name))

    def cpu(self, name: str) -> float:
        """Its seconds of processor time so far."""
        return cpu_seconds(self.pid(name))

    async def prefect(self, path: str, body: dict[str, Any]) -> Any:
        """What Prefect's API answers to a POST."""
        answer = await self.sender.client.post(f"{self.office.settings.prefect_url}{path}", json=body)
        return answer.raise_for_status().json()


@asynccontextmanager
async def scene(settings: Settings, say: Say) -> AsyncIterator[Scene]:
    """The stack up, every unit connected. Raises `CommandFailed`: where there is no /proc, or the ledger has cases."""
    check_proc()
    async with open_office(settings) as office:
        if await office.ledger.lists.cases(Query(limit=1)):
            raise CommandFailed(text("bench.not_empty"))
        ears = Ears()
        async with running(Stack(settings, say)) as children:
            with free_port() as port:
                secrets = await _connected(office, f"http://127.0.0.1:{port.getsockname()[1]}")
                async with listening(inbox(secrets, ears.hear), port), line_to(settings.gateway_url) as client:
                    yield Scene(office, children, await Sender.of(office, client), secrets, ears, say)


async def _connected(office: Office, url: str) -> dict[str, str]:
    """Connect every unit; each is known to the receiver as ``district.unit``."""
    names = [(district.code, unit.code) for district in office.city.districts.values() for unit in district.units]
    access = office.ledger.access
    return {f"{code}.{unit}": await access.connect(code, unit, f"{url}/{code}.{unit}") for code, unit in names}
