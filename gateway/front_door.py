"""What every request passes: a limit of size, a line in the log that says nothing of whose case it is, and no cache."""

import logging
import re
import time

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casework.privacy import mask

BODY_LIMIT = 1024 * 1024
SECRET_PATH = re.compile(r"^(/[ct]/)[^/]+")

logger = logging.getLogger("huiyin.access")


class BodyLimit:
    """Takes the whole body, up to 1 MiB, before anything else sees it; however it is sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            await _refuse(400, "the address must not contain the character U+0000", scope, receive, send)
            return
        try:
            body = await _body(scope, receive)
        except ClientDisconnect:  # half a body is nothing to act on, and nobody waits for an answer
            return
        if body is None:
            await _refuse(413, f"the body must not be larger than {BODY_LIMIT} bytes", scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


class NoStore:
    """What is answered here is somebody's case: nothing between here and the reader keeps a copy."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and not scope["path"].startswith("/static/"):
                MutableHeaders(scope=message)["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, sending)


class AccessLog:
    """Method, path, status and milliseconds. A link's token is a key to a case, so it is left out, as is the query."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            took = (time.perf_counter() - began) * 1000
            logger.info("%s %s %d %.0f ms", scope["method"], redacted(scope["path"]), status, took)


def redacted(path: str) -> str:
    """The path without the token of a citizen's or a unit's link and without anybody's number, on one line whatever was
    sent.
    """
    return mask(SECRET_PATH.sub(r"\1***", path)).text.encode("unicode_escape").decode("ascii")


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The body; None if it is too large. Raises `ClientDisconnect`."""
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > BODY_LIMIT:
        return None
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


async def _refuse(status: int, error: str, scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse({"error": error}, status)(scope, receive, send)
