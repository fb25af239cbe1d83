"""Opening the way to the model: settings become a client, and the client is closed again."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.llm.access import ModelSettings, Provider, require_provider
from bot.llm.budget import Budget
from bot.llm.client import Model
from bot.traces import OFF

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.llm.kept import Kept, Observe
    from bot.settings import Settings
    from bot.traces import Traces


@asynccontextmanager
async def open_model(
    settings: Settings, kept: Kept, observe: Observe, budget: Budget | None = None, traces: Traces = OFF
) -> AsyncIterator[Model | None]:
    """Give the way to the model, or ``None`` if none is asked; connections are closed at the block's end.

    Without a ``budget`` nothing bounds what is spent.

    Raises ``SettingsError`` if the provider lacks a setting or a package.
    """
    if not settings.asks_model:
        yield None
        return
    access = replace(model_settings(settings), traces=traces)
    model = Model(access, kept, observe, budget=budget or Budget())
    try:
        yield model
    finally:
        await model.aclose()


def model_settings(settings: Settings) -> ModelSettings:
    """Give what the client needs of the settings. Raises ``SettingsError`` like ``open_model``."""
    kind = settings.model_provider
    provider = Provider(
        kind=kind,
        api_key=settings.anthropic_api_key,
        base_url=settings.anthropic_base_url if kind == "anthropic" else None,
        region=settings.aws_region if kind == "bedrock" else settings.vertex_region,
        project=settings.vertex_project,
        headers=settings.extra_headers,
    )
    require_provider(provider)
    return ModelSettings(
        provider=provider,
        model=settings.model,
        model_small=settings.model_small,
        effort=settings.model_effort,
        effort_small=settings.model_effort_small,
        structured=settings.structured_output,
        concurrency=settings.model_concurrency,
    )
