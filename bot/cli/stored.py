"""What the commands about jobs share: the store beside a running server, and how times are shown."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.cli.logs import set_up_logs
from bot.settings import Settings, load_settings
from bot.store.beside import beside

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.store import Store

_T = TypeVar("_T")
_UNITS = (("d", 86400), ("h", 3600), ("min", 60))


def settings_here() -> Settings:
    """Give the settings of this folder and environment; logs are kept out of the result."""
    settings = load_settings(os.environ, Path.cwd())
    set_up_logs(settings.model_copy(update={"log_level": "critical"}))
    return settings


def with_store(settings: Settings, work: Callable[[Store], Awaitable[_T]], *, read_only: bool) -> _T:
    """Do some work on the store; no server is needed, and none disturbed. Raises ``UserError``."""

    async def run() -> _T:
        async with beside(settings.async_database_url, read_only=read_only) as store:
            return await work(store)

    return asyncio.run(run())


def age(since: float, now: float | None = None) -> str:
    """Give the time since a moment (epoch seconds) in its largest unit: ``3 h``."""
    seconds = max((time.time() if now is None else now) - since, 0.0)
    for unit, size in _UNITS:
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"


def moment(at: float) -> str:
    """Give a moment (epoch seconds) to the second, in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def printable(text: str) -> str:
    """Give one line without control characters: what GitHub said must not move a terminal's cursor."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
