"""Endpoints that are not well: each a real server on a port of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Unwell:
    """A listening place, who has come to it, and who is still there."""

    url: str = ""
    came: int = 0
    open: int = 0
    most: int = 0
    requests: list[bytes] = field(default_factory=list)


Treatment = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def unwell(treat: Treatment) -> AsyncIterator[Unwell]:
    """Reads each request whole, then treats whoever sent it as told, until the caller hangs up."""
    made, visits = Unwell(), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.came, made.open = made.came + 1, made.open + 1
        made.most = max(made.most, made.open)
        try:
            made.requests.append(await reader.readuntil(b"\r\n\r\n"))
            treating = asyncio.create_task(treat(writer))
            while await reader.read(65536):
                pass
            treating.cancel()
            await asyncio.gather(treating, return_exceptions=True)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            made.open -= 1
            writer.close()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.create_task(serve(reader, writer))
        visits.add(visit)
        visit.add_done_callback(visits.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield made
    finally:
        server.close()
        for visit in tuple(visits):
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)


async def hang(writer: asyncio.StreamWriter) -> None:
    """Takes the request and never says a word."""
    await asyncio.Event().wait()


async def drip_headers(writer: asyncio.StreamWriter) -> None:
    """A byte now and then, so that no single read ever takes long."""
    for byte in b"HTTP/1.1 204 No Content\r\nx-dripping: " + b"a" * 100_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_body(writer: asyncio.StreamWriter) -> None:
    """Answers at once that it has it, and never ends its answer."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.02)


async def slow(writer: asyncio.StreamWriter) -> None:
    """Takes its time, and then takes the message."""
    await asyncio.sleep(0.4)
    await answer(204)(writer)


async def nonsense(writer: asyncio.StreamWriter) -> None:
    """Is no web server."""
    writer.write(b"220 mail.example.org ESMTP\r\n")
    await writer.drain()
    writer.close()


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Closes without an answer."""
    writer.close()


def answer(status: int, **headers: str) -> Treatment:
    """Answers so, and closes."""

    async def treat(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} X", "content-length: 0", "connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        await writer.drain()
        writer.close()

    return treat
