"""What people asked for about one pull request: no report on it, or one in another language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.workflows.edge import Ended
from bot.workflows.services import services

if TYPE_CHECKING:
    from bot.inference.prompts import Terms
    from bot.model import Trigger
    from bot.settings import Settings


IGNORED = "ignored by a person"


async def is_ignored(trigger: Trigger) -> bool:
    """Tell whether somebody wants no report on this pull request."""
    return (await services().pull_choices.get(trigger.repository_id, trigger.number)).ignored


async def require_wanted(trigger: Trigger) -> None:
    """End work on a pull request that somebody wants no report on."""
    if await is_ignored(trigger):
        raise Ended(IGNORED)


async def settings_for(trigger: Trigger) -> Settings:
    """Give the settings with the language that somebody asked for about this pull request, if any."""
    chosen = await services().pull_choices.get(trigger.repository_id, trigger.number)
    settings = services().settings
    return settings if chosen.language is None else settings.model_copy(update={"language": chosen.language})


async def terms_for(trigger: Trigger) -> Terms:
    """Give the terms on which a model is asked about a pull request, in the same language."""
    return services().terms.model_copy(update={"language": (await settings_for(trigger)).language})
