"""A server in a process of its own, without GitHub's waiting times: to be measured, or killed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.logs import set_up_logs
from bot.settings import load_settings
from bot.wiring import running_server
from tests.fakes.forked import Forked, fork
from tests.fakes.process import FAST, environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.github import GitHub
    from tests.fakes.github import AppKey

NOWHERE = Path(os.devnull)


@asynccontextmanager
async def server(
    github: GitHub, key: AppKey, folder: Path, log: Path = NOWHERE, **changes: str
) -> AsyncIterator[Forked]:
    """Start the server; the stand-in then knows its address. It is ended with the block.

    What it logs is added to ``log``.
    """
    settings = environment(github, key.private, folder, **changes)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PRHUB_")}
    process = await fork("tests.fakes.serving", env=kept | settings, log=log)
    try:
        assert process.stdout is not None
        address = json.loads(await process.stdout.readline())["address"]
        github.state.app.webhook_secret = settings["WEBHOOK_SECRET"]
        github.state.app.webhook_url = f"{address}/api/github/webhooks"
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _main() -> None:
    settings = load_settings(os.environ, Path("/nonexistent"))
    set_up_logs(settings)
    async with running_server(settings, FAST) as running:
        sys.stdout.write(json.dumps({"address": running.address}) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
