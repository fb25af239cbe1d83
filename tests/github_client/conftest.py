"""The client over the stand-in GitHub, as the app."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import pytest
from pydantic import SecretStr

from bot.github import Credentials, GitHub
from bot.github.transport import Transport
from tests.fakes.gates import quick_gate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.github import Gate


@pytest.fixture
def as_app(github, app_key):
    """Open the client of the app; a gate and an address may be given."""

    @asynccontextmanager
    async def start(gate: Gate | None = None, base: str | None = None) -> AsyncIterator[GitHub]:
        async with aiohttp.ClientSession() as session:
            urls = (base or github.url, f"{github.url}/{'api/' if base else ''}graphql")
            credentials = Credentials(app_id=github.state.app.id, private_key=SecretStr(app_key.private))
            yield GitHub(Transport(session, urls), gate or quick_gate(), credentials, urls)

    return start


@pytest.fixture
async def client(as_app):
    """The client of the app."""
    async with as_app() as opened:
        yield opened
