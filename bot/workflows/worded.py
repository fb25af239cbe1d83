"""What holds for work on one pull request: its repository's choices, and what people asked for about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import NoAccess, NotSent, PRHubError, RateLimited
from bot.logged import about
from bot.model.repo_config import Loaded
from bot.repo_config import choices, effective
from bot.store import ORGANISATION
from bot.workflows.edge import Ended, log
from bot.workflows.services import services

if TYPE_CHECKING:
    from bot.inference.prompts import Terms
    from bot.model import PullFacts, Trigger, WorkItem
    from bot.model.repo_config import Choices
    from bot.settings import Settings


IGNORED = "ignored by a person"
# After so many failures a file that was never read is done without: a report must not wait for it for ever.
MOST_TRIES = 3


async def is_ignored(trigger: Trigger) -> bool:
    """Tell whether somebody wants no report on this pull request."""
    return (await services().pull_choices.get(trigger.repository_id, trigger.number)).ignored


async def require_wanted(trigger: Trigger) -> None:
    """End work on a pull request that somebody wants no report on."""
    if await is_ignored(trigger):
        raise Ended(IGNORED)


async def chosen_for(item: WorkItem) -> Choices:
    """Give what holds for the repository now. At most one request, none within 4 minutes of the last.

    A file that cannot be read holds as it was read last; one that never was read is asked for again
    (``Later``), and after some failures the operator's settings hold alone.
    """
    trigger = item.trigger
    try:
        loaded = await services().configs.of(
            trigger.installation_id, trigger.repository_id, trigger.repository
        )
    except (NoAccess, RateLimited, NotSent):
        raise
    except PRHubError as error:
        if item.failures < MOST_TRIES:
            raise
        log.warning("configuration not read", error=type(error).__name__, **about(item))
        return operators(trigger.repository)
    return choices(services().settings, loaded, trigger.repository)


async def chosen_for_digest(item: WorkItem) -> Choices:
    """Give what holds for a digest now: for one over several repositories, what the operator has set."""
    digest = item.trigger.digest
    if digest is not None and digest.scope == ORGANISATION:
        return operators(item.trigger.repository)
    return await chosen_for(item)


def operators(full_name: str) -> Choices:
    """Give what holds for a repository without a file."""
    return operators_of(services().settings, full_name)


def operators_of(settings: Settings, full_name: str) -> Choices:
    """Give what these settings say where there is no file."""
    return choices(settings, Loaded(), full_name)


def chosen_of(facts: PullFacts) -> Choices:
    """Give what held for the repository when the facts were read: all work on them goes by that."""
    # An older release kept none with its facts.
    return facts.choices or operators(facts.repository.full_name)


def why_ignored(facts: PullFacts, chosen: Choices) -> str | None:
    """Tell why the repository's file wants no report on a pull request, or ``None`` if it does."""
    if facts.author.login.lower() in {login.lower() for login in chosen.ignore.authors}:
        return "ignored: its author is in ignore.authors of the repository's file"
    unwanted = {label.lower() for label in chosen.ignore.labels}
    if any(label.lower() in unwanted for label in facts.labels):
        return "ignored: it has a label of ignore.labels of the repository's file"
    return None


async def settings_for(trigger: Trigger, facts: PullFacts) -> Settings:
    """Give the settings as they hold for a pull request; the language that somebody asked for goes first."""
    people = await services().pull_choices.get(trigger.repository_id, trigger.number)
    settings = effective(services().settings, chosen_of(facts))
    return settings if people.language is None else settings.model_copy(update={"language": people.language})


async def terms_for(trigger: Trigger, facts: PullFacts) -> Terms:
    """Give the terms on which a model is asked about a pull request, in the same language."""
    return services().terms.model_copy(update={"language": (await settings_for(trigger, facts)).language})
