"""The operator's settings as they hold for one repository: what its file has a say in is as it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model.repo_config import ModelSize

if TYPE_CHECKING:
    from bot.model.repo_config import Choices
    from bot.settings import Settings


def effective(settings: Settings, chosen: Choices) -> Settings:
    """Give the settings for work on one repository. Whatever reads settings then reads its choices.

    ``digest_paths`` stay as they are: they name repositories.
    """
    budget, digest = chosen.budget, chosen.digest
    changes = {
        "language": chosen.language,
        "min_importance": chosen.min_importance,
        "time_zone": chosen.time_zone,
        "max_labels": chosen.labels.max,
        "digest_schedule": digest.schedule,
        "digest_period": digest.period,
        "digest_highlights": digest.highlights,
        "digest_threshold": digest.threshold,
        "digest_publish": digest.publish,
        "budget_pull": budget.tokens_per_pull or 0,
        "budget_repository_day": budget.tokens_per_day or 0,
        **_model(settings, chosen.model),
    }
    return settings.model_copy(update=changes)


def _model(settings: Settings, size: ModelSize) -> dict[str, str | None]:
    """Give the models that are asked: of one size only, both of that one."""
    match size:
        case ModelSize.OFF:
            return {"model": "off"}
        case ModelSize.SMALL:
            return {"model": settings.model_small, "model_effort": settings.model_effort_small}
        case ModelSize.LARGE:
            return {"model_small": settings.model, "model_effort_small": settings.model_effort}
        case _:
            return {}
