"""The operator's limits, which a repository's file can tighten and never loosen (R112)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model.repo_config import ModelSize, Source

if TYPE_CHECKING:
    from bot.settings import Settings

_OFF = "off"


def bounded(values: dict[str, Any], sources: dict[str, Source], settings: Settings) -> tuple[str, ...]:
    """Bring values within what the operator has set; give the keys where a file asked for more.

    A default of PRHub's is no limit; only what the operator has written is. Both mappings are changed.
    """
    narrowed = []
    for key, limit in _limits(values, settings):
        if values[key] != limit:
            values[key], sources[key] = limit, Source.OPERATOR
            narrowed.append(key)
    return tuple(narrowed)


def _limits(values: dict[str, Any], settings: Settings) -> list[tuple[str, Any]]:
    """Give what each limited value may be at most."""
    given = settings.model_fields_set
    found: list[tuple[str, Any]] = []
    if "min_importance" in given:
        found.append(("min_importance", max(values["min_importance"], settings.min_importance)))
    if "max_labels" in given:
        found.append(("labels.max", min(values["labels.max"], settings.max_labels)))
    if settings.digest_schedule == _OFF:
        found.append(("digest.schedule", _OFF))
    if settings.digest_publish == "none":
        found.append(("digest.publish", "none"))
    if settings.model == _OFF:
        found.append(("model.size", ModelSize.OFF))
    return found
