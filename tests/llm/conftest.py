"""The client over the stand-in Messages API, with a clock that the test turns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from bot.llm import Model, ModelSettings, Provider
from sandbox.messages import Messages, answer, running
from tests.fakes.llm import KEY, PATIENT, Clock, Desk, Memory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.model import Usage


@pytest.fixture
async def server() -> AsyncIterator[Messages]:
    """A stand-in that answers every question with the same."""
    async with running(lambda _: answer({"summary": "It works.", "level": 1})) as messages:
        yield messages


@pytest.fixture
async def make_desk(server):
    """Open a model on the stand-in; fields of the settings or of the provider may be given."""
    opened: list[Model] = []

    def make(kept: Memory | None = None, **fields: Any) -> Desk:
        of_provider = {
            name: fields.pop(name) for name in ("headers", "base_url", "api_key") if name in fields
        }
        provider = replace(Provider(api_key=SecretStr(KEY), base_url=server.url), **of_provider)
        settings = ModelSettings(provider, "claude-large", "claude-small", timeouts=PATIENT)
        seen: list[Any] = []
        memory, clock = kept or Memory(), Clock()

        def observe(task: str, model: str, outcome: str, usage: Usage, _seconds: float) -> None:
            seen.append((task, model, outcome, usage))

        model = Model(replace(settings, **fields), memory, observe, clock, lambda: 0.5)
        opened.append(model)
        return Desk(model, server, memory, clock, seen)

    yield make
    for model in opened:
        await model.aclose()


@pytest.fixture
def desk(make_desk):
    """A model on the stand-in."""
    return make_desk()
