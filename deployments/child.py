"""A process of the local stack: in a group of its own, its output in a log, ended with all that it started."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

LAST_LINES = 15
LAST_BYTES = 8192


class Child:
    """Started, watched and stopped by whoever made it. A child that has ended can be started again."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
    ) -> None:
        self.name, self.log = name, log
        self._command, self._environment, self._folder = tuple(command), dict(environment), folder
        self._process: Process | None = None

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.returncode if self._process else None

    @property
    def pid(self) -> int | None:
        """The process it is now; another one after each start."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """The log goes on where it ended."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env=self._environment,
                cwd=self._folder,
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
                start_new_session=True,  # Ctrl-C at the terminal reaches us alone: we end our children in order
            )

    async def ended(self) -> int:
        """Wait for its end; answers the exit code."""
        assert self._process is not None, f"{self.name} has not been started"
        return await self._process.wait()

    async def kill(self) -> None:
        """SIGKILL to it and all of its group, as from outside; returns once it is dead."""
        process = self._process
        assert process is not None, f"{self.name} has not been started"
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()

    async def stop(self, patience: float) -> None:
        """SIGTERM, and after `patience` seconds, or when cancelled, SIGKILL; nothing of its group is left."""
        if self._process is None:
            return
        group = self._process.pid
        try:
            if self._process.returncode is None:
                self._process.terminate()
            async with asyncio.timeout(patience):
                await self._process.wait()
        except TimeoutError:
            pass
        finally:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
            await self._process.wait()

    def last_words(self) -> list[str]:
        """The last lines of its log."""
        if not self.log.exists():
            return []
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - LAST_BYTES))
            return log.read().decode(errors="replace").splitlines()[-LAST_LINES:]
