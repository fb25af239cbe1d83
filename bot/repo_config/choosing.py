"""What holds for a repository: defaults, then the operator's settings, what is extended, and the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model.base import Frozen
from bot.model.config_file import Added, RepoConfig, RiskPart
from bot.model.repo_config import (
    BudgetChoice,
    Choices,
    DigestChoice,
    IgnoreChoice,
    LabelChoice,
    ModelSize,
    OwnRisk,
    PublishMode,
    Source,
)
from bot.model.taxonomy import LABEL_PREFIX
from bot.repo_config.bounds import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.model.repo_config import Loaded
    from bot.settings import Settings

Values = dict[str, Any]
_SETTINGS = {
    "language": "language",
    "min_importance": "min_importance",
    "time_zone": "time_zone",
    "labels.max": "max_labels",
    "digest.schedule": "digest_schedule",
    "digest.period": "digest_period",
    "digest.highlights": "digest_highlights",
    "digest.threshold": "digest_threshold",
    "digest.publish": "digest_publish",
    "budget.tokens_per_pull": "budget_pull",
    "budget.tokens_per_day": "budget_repository_day",
}
_DEFAULTS: Values = {
    "publish": PublishMode.COMMENT,
    "ignore.paths": (),
    "ignore.authors": (),
    "ignore.labels": (),
    "core_paths": (),
    "labels.enabled": True,
    "labels.prefix": LABEL_PREFIX,
    "digest.time_zone": None,
    "digest.paths": (),
    "model.size": ModelSize.MEDIUM,
}
# Here the operator's 0 stands for no limit.
_MAY_BE_NONE = ("budget.tokens_per_pull", "budget.tokens_per_day")
_NAMED = ("modules", "risks", "commands")


def choices(settings: Settings, loaded: Loaded, full_name: str) -> Choices:
    """Give all that holds for a repository, each value with who has decided about it.

    The file goes before what it extends, that before the operator's settings. Lists with ``prepend`` and
    ``append`` keep what they are added to. What the operator has set as a limit holds all the same.
    """
    values, sources = _operators(settings, full_name)
    for source, config in ((Source.EXTENDS, loaded.base), (Source.FILE, loaded.file)):
        for key, value in () if config is None else _leaves(config):
            values[key] = _joined(values.get(key, ()), value)
            sources[key] = source
    narrowed = bounded(values, sources, settings)
    if values["digest.time_zone"] is None:
        values["digest.time_zone"] = values["time_zone"]
        if "time_zone" in sources:
            sources["digest.time_zone"] = sources["time_zone"]
    return _choices(values, sources, narrowed)


def _operators(settings: Settings, full_name: str) -> tuple[Values, dict[str, Source]]:
    """Give what holds without any file."""
    values = _DEFAULTS | {key: getattr(settings, name) for key, name in _SETTINGS.items()}
    values |= {key: values[key] or None for key in _MAY_BE_NONE}
    given = settings.model_fields_set
    sources = {key: Source.OPERATOR for key, name in _SETTINGS.items() if name in given}
    paths = settings.paths_in(full_name)
    if paths:
        values["digest.paths"], sources["digest.paths"] = paths, Source.OPERATOR
    return values, sources


def _leaves(config: RepoConfig) -> Iterator[tuple[str, Any]]:
    """Give the keys that a file sets, with dots."""
    for name in RepoConfig.model_fields:
        value = getattr(config, name)
        if name == "extends" or value is None:
            continue
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        elif isinstance(value, Frozen) and not isinstance(value, Added):
            yield from ((f"{name}.{inner}", one) for inner, one in value if one is not None)
        else:
            yield name, value


def _joined(before: Any, value: Any) -> Any:
    if not isinstance(value, Added):
        return value
    return tuple(dict.fromkeys((*value.prepend, *before, *value.append)))


def _choices(values: Values, sources: Mapping[str, Source], narrowed: tuple[str, ...]) -> Choices:
    named = {name: _below(values, name) for name in _NAMED}
    return Choices(
        language=values["language"],
        publish=values["publish"],
        min_importance=values["min_importance"],
        time_zone=values["time_zone"],
        ignore=IgnoreChoice(**_below(values, "ignore")),
        modules=named["modules"],
        core_paths=values["core_paths"],
        risks=tuple(_risk(key, part) for key, part in named["risks"].items()),
        labels=LabelChoice(**_below(values, "labels")),
        digest=DigestChoice(**_below(values, "digest")),
        commands=named["commands"],
        model=values["model.size"],
        budget=BudgetChoice(**_below(values, "budget")),
        sources=dict(sources),
        narrowed=narrowed,
    )


def _below(values: Values, name: str) -> Values:
    return {key.partition(".")[2]: value for key, value in values.items() if key.startswith(f"{name}.")}


def _risk(key: str, part: RiskPart) -> OwnRisk:
    return OwnRisk(key=key, **dict(part))
