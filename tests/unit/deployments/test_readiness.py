"""Waiting for a process to answer."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from deployments.child import Child
from deployments.errors import CommandFailed
from deployments.ports import free_port
from deployments.readiness import answers_at, until_ready


async def started(tmp_path: Path, code: str) -> Child:
    one = Child("gateway", (sys.executable, "-c", code), dict(os.environ), tmp_path, tmp_path / "gateway.log")
    await one.start()
    return one


async def never() -> bool:
    return False


async def test_it_waits_until_there_is_an_answer(tmp_path: Path) -> None:
    port = free_port(18765)
    serve = f"import http.server as h; h.HTTPServer(('127.0.0.1', {port}), h.SimpleHTTPRequestHandler).serve_forever()"
    one = await started(tmp_path, serve)
    await until_ready(one, answers_at(f"http://127.0.0.1:{port}/"), limit=20)
    await one.stop(patience=5)


async def test_one_that_ends_is_told_with_its_last_words(tmp_path: Path) -> None:
    one = await started(tmp_path, "import sys; print('no database'); sys.exit(4)")
    with pytest.raises(CommandFailed, match="退出码 4") as failed:
        await until_ready(one, never, limit=20)
    assert failed.value.lines == ("no database",)


async def test_one_that_never_answers_is_told_after_the_limit(tmp_path: Path) -> None:
    one = await started(tmp_path, "import time; print('thinking', flush=True); time.sleep(60)")
    async with asyncio.timeout(20):
        while not one.last_words():
            await asyncio.sleep(0.02)
    with pytest.raises(CommandFailed, match="没有就绪") as failed:
        await until_ready(one, never, limit=0.1)
    assert failed.value.lines == ("thinking",)
    await one.stop(patience=5)
