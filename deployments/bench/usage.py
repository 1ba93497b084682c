"""What a process uses, as Linux tells it: memory, threads, connections, processor time."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.texts import text
from deployments.errors import CommandFailed

PROC = Path("/proc")
ESTABLISHED = "01"
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """Resident memory in MiB, threads, and connections: TCP ones that stand, and open handles of database files."""

    memory_mb: float
    threads: int
    connections: int

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """This process now. Raises `CommandFailed` where it is gone, or where there is no /proc."""
        check_proc()
        try:
            return cls(_memory(pid), _threads(pid), sum(1 for _ in _connections(pid)))
        except FileNotFoundError:
            raise CommandFailed(text("bench.gone", pid=pid)) from None


def cpu_seconds(pid: int) -> float:
    """Processor time of this process so far, its own and the system's for it."""
    user, system = _stat(pid)[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def check_proc() -> None:
    """Raises `CommandFailed` on a system that does not tell about processes as Linux does."""
    if not (PROC / "self" / "fd").is_dir():
        raise CommandFailed(text("bench.no_proc"))


def _memory(pid: int) -> float:
    pages = int((PROC / str(pid) / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MIB


def _threads(pid: int) -> int:
    return int(_stat(pid)[17])


def _stat(pid: int) -> list[str]:
    """The fields after the command's name, which may itself hold blanks and brackets: the state comes first."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _connections(pid: int) -> Iterator[str]:
    standing = {f"socket:[{inode}]" for inode in _established(pid)}
    for handle in (PROC / str(pid) / "fd").iterdir():
        try:
            target = str(handle.readlink())
        except FileNotFoundError:  # closed meanwhile
            continue
        if target in standing or target.endswith(".db"):
            yield target


def _established(pid: int) -> Iterator[str]:
    """Socket numbers of the TCP connections that stand, of every process in this one's network."""
    for table in ("tcp", "tcp6"):
        file = PROC / str(pid) / "net" / table
        for line in file.read_text().splitlines()[1:] if file.exists() else ():
            fields = line.split()
            if fields[3] == ESTABLISHED:
                yield fields[9]
