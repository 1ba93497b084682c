"""The local stack: Prefect's server, the gateway and a worker on one machine, in one command."""

import asyncio
import fcntl
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from catalog.texts import text
from deployments.child import Child
from deployments.errors import CommandFailed
from deployments.plan import POOL
from deployments.ports import taken
from deployments.prefect_access import stack_environment
from deployments.readiness import answers_at, until_ready, worker_online
from deployments.supervision import Restarts, kept_alive
from ledger.settings import ROOT, Settings

Say = Callable[[str], None]
SERVER_LIMIT, GATEWAY_LIMIT, WORKER_LIMIT = 180.0, 90.0, 90.0  # seconds; a cold start on a slow disk
STOP_PATIENCE = 30.0  # the worker drains for 20


@dataclass(frozen=True, slots=True)
class Stack:
    """What it takes to start each part. `say` tells a person what is going on."""

    settings: Settings
    say: Say
    restarts: Restarts = field(default_factory=Restarts)

    @property
    def environment(self) -> dict[str, str]:
        """What every child gets: ours over Prefect's defaults, the user's own over ours, and where everything is."""
        settings = self.settings
        here = {
            "HUIYIN_HOME": str(settings.home.absolute()),
            "HUIYIN_DATABASE_URL": settings.database_url,
            "HUIYIN_KEY_FILE": str(settings.master_key_file.absolute()),
            "HUIYIN_GATEWAY_PORT": str(settings.gateway_port),
            "HUIYIN_PREFECT_PORT": str(settings.prefect_port),
            "HUIYIN_POOL_TYPE": settings.pool_type,
            "HUIYIN_DISTRICTS": str(settings.districts.absolute()),
            "HUIYIN_ALLOW_PRIVATE_WEBHOOKS": str(int(settings.allow_private_webhooks)),
            "PREFECT_API_URL": settings.prefect_url,
            "PYTHONUNBUFFERED": "1",
        }
        return {**stack_environment(settings), **os.environ, **here}

    def child(self, name: str, *command: str) -> Child:
        log = self.settings.home.absolute() / "logs" / f"{name}.log"
        return Child(name, (sys.executable, "-m", *command), self.environment, ROOT, log)

    def check_ports(self) -> None:
        """Raises `CommandFailed` when a port we need is taken."""
        ports = {"HUIYIN_GATEWAY_PORT": self.settings.gateway_port}
        if not self.settings.prefect_api_url:
            ports["HUIYIN_PREFECT_PORT"] = self.settings.prefect_port
        for variable, port in ports.items():
            if taken(port):
                raise CommandFailed(text("stack.port_taken", port=port, variable=variable, other=port + 10))

    @property
    def worker_name(self) -> str:
        return f"{self.settings.pool_type.removeprefix('huiyin-')}-{socket.gethostname()}"


@asynccontextmanager
async def running(stack: Stack) -> AsyncIterator[Mapping[str, Child]]:
    """Everything is up and deployed inside, by name; outside nothing of it is left. Raises `CommandFailed`."""
    with _sole_user(stack.settings):
        stack.check_ports()
        async with AsyncExitStack() as started:
            children = [child async for child in _started(stack, started)]
            await started.enter_async_context(kept_alive(children, stack.say, stack.restarts))
            try:
                yield {child.name: child for child in children}
            finally:
                stack.say(text("stack.stopping"))


async def _started(stack: Stack, started: AsyncExitStack) -> AsyncIterator[Child]:
    """Each part once the one before it answers; they are stopped in the opposite order."""
    settings = stack.settings
    if not settings.prefect_api_url:
        server = stack.child("prefect", "deployments.prefect_server", "server", "start")
        yield await _start(stack, started, server)
        await until_ready(server, answers_at(f"{settings.prefect_url}/health"), SERVER_LIMIT)
    await _deploy(stack)
    gateway = stack.child("gateway", "gateway")
    yield await _start(stack, started, gateway)
    await until_ready(gateway, answers_at(f"http://127.0.0.1:{settings.gateway_port}/healthz"), GATEWAY_LIMIT)
    since = datetime.now(UTC) - timedelta(seconds=1)
    worker = stack.child("worker", *_worker_command(stack))
    yield await _start(stack, started, worker)
    await until_ready(worker, worker_online(settings, stack.worker_name, since), WORKER_LIMIT)


def _worker_command(stack: Stack) -> Sequence[str]:
    options = {
        "--type": stack.settings.pool_type,
        "--pool": POOL,
        "--name": stack.worker_name,
        "--limit": str(stack.settings.worker_limit),
        "--install-policy": "never",
    }
    return ("prefect", "worker", "start", *(word for option in options.items() for word in option))


async def _start(stack: Stack, started: AsyncExitStack, child: Child) -> Child:
    stack.say(text("stack.starting", name=text(f"stack.name.{child.name}"), log=child.log))
    started.push_async_callback(child.stop, STOP_PATIENCE)
    await child.start()
    return child


async def _deploy(stack: Stack) -> None:
    """`huiyin deploy` in a process of its own: what it imports does not stay in this one."""
    stack.say(text("stack.deploying"))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deployments", "deploy"),
        env=stack.environment,
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    lines = said.decode().splitlines()
    if process.returncode:
        raise CommandFailed(text("stack.not_deployed"), lines)
    for line in lines:
        stack.say(f"  {line}")


@contextmanager
def _sole_user(settings: Settings) -> Iterator[None]:
    """One stack a data folder. Raises `CommandFailed`."""
    home = settings.home.absolute()
    home.mkdir(parents=True, exist_ok=True)
    with (home / "stack.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandFailed(text("stack.in_use", home=home)) from None
        yield
