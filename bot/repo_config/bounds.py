"""The operator's limits, which a repository's file can tighten and never loosen (R112)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model.repo_config import ModelSize, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings

_OFF = "off"


def bounded(values: dict[str, Any], sources: dict[str, Source], settings: Settings) -> tuple[str, ...]:
    """Bring values within what the operator allows; give the keys where a file asked for more.

    Of the defaults only the budget is a limit. Both mappings are changed.
    """
    narrowed = []
    for key, limit, name in _limits(values, settings):
        if values[key] == limit:
            continue
        values[key] = limit
        sources[key] = Source.OPERATOR if name in settings.model_fields_set else Source.DEFAULT
        narrowed.append(key)
    return tuple(narrowed)


def _limits(values: dict[str, Any], settings: Settings) -> Iterator[tuple[str, Any, str]]:
    """Give each limited value as it may be, and the setting that says so."""
    if "min_importance" in settings.model_fields_set:
        lowest = max(values["min_importance"], settings.min_importance)
        yield "min_importance", lowest, "min_importance"
    if "max_labels" in settings.model_fields_set:
        yield "labels.max", min(values["labels.max"], settings.max_labels), "max_labels"
    if settings.digest_schedule == _OFF:
        yield "digest.schedule", _OFF, "digest_schedule"
    if settings.digest_publish == "none":
        yield "digest.publish", "none", "digest_publish"
    if settings.model == _OFF:
        yield "model.size", ModelSize.OFF, "model"
    for key, name in (
        ("budget.tokens_per_pull", "budget_pull"),
        ("budget.tokens_per_day", "budget_repository_day"),
    ):
        if getattr(settings, name) and values[key] is not None:
            yield key, min(values[key], getattr(settings, name)), name
