"""Where the units of a district listen: one receiver, a path for each, that answers at once and acts later."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

Heard = Callable[[str, dict[str, Any]], None]
Noted = Callable[[str, str, dict[str, Any]], None]
"""Told of every delivery, the repeated ones too: the unit, the `webhook-id` and the message."""


def inbox(secrets: Mapping[str, str], heard: Heard, noted: Noted | None = None) -> Starlette:
    """The receiver at ``/{unit}``: checks the signature, takes each `webhook-id` once, and hands the message on."""
    seen: set[str] = set()

    async def receive(request: Request) -> JSONResponse:
        unit, body = request.path_params["unit"], await request.body()
        if unit not in secrets:
            return JSONResponse({"error": "no such unit"}, status_code=404)
        try:
            message = Webhook(secrets[unit]).verify(body, dict(request.headers))
        except WebhookVerificationError as error:
            return JSONResponse({"error": str(error)}, status_code=401)
        delivery = request.headers["webhook-id"]
        if noted is not None:
            noted(unit, delivery, message)
        if delivery in seen:
            return JSONResponse({"status": "duplicate"})
        seen.add(delivery)
        heard(unit, message)
        return JSONResponse({"status": "accepted"})

    return Starlette(routes=[Route("/{unit}", receive, methods=["POST"])])


class _QuietServer(uvicorn.Server):
    """Leaves the signals to whoever runs the loop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def free_port() -> Iterator[socket.socket]:
    """A listening place on a free loopback port."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        yield place


@asynccontextmanager
async def listening(app: Starlette, place: socket.socket) -> AsyncIterator[None]:
    """Serve the app at this place while the block runs."""
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
    server = _QuietServer(config)
    serving = asyncio.create_task(server.serve(sockets=[place]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
