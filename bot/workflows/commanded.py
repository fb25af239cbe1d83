"""What a command's steps share: its request, where it was given, and how GitHub is written to there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Gone
from bot.github import WRITE
from bot.model import CommandName
from bot.publishing import Place
from bot.publishing.reactions import Reactor
from bot.repo_config import choices
from bot.workflows.checking import style_of
from bot.workflows.services import services

if TYPE_CHECKING:
    from bot.github import API
    from bot.markdown.escape import Safe
    from bot.markdown.report import Style
    from bot.model import CommandRequest, Trigger, WorkItem
    from bot.model.repo_config import Choices, Loaded


@dataclass(frozen=True)
class Asked:
    """A command that is carried out, with what holds in its repository."""

    item: WorkItem
    request: CommandRequest
    loaded: Loaded
    choices: Choices

    @property
    def repository_id(self) -> int:
        """The repository's id."""
        return self.item.trigger.repository_id

    @property
    def number(self) -> int:
        """The number of the pull request or issue."""
        return self.request.issue_number

    @property
    def style(self) -> Style:
        """How an answer is worded."""
        changes = {"language": self.choices.language, "time_zone": self.choices.time_zone}
        return style_of(services().settings.model_copy(update=changes))


@dataclass(frozen=True)
class Told:
    """What came of a command: whether it was done, and what there is to say, if anything."""

    done: bool = True
    body: Safe | None = None


def request_of(trigger: Trigger) -> CommandRequest:
    """Give the request of a command's trigger. Raises ``ValueError`` if it has none."""
    if trigger.command is None:
        raise ValueError("the trigger holds no command")
    return trigger.command


def name_of(request: CommandRequest) -> CommandName:
    """Give the name under which a command is answered."""
    return request.command.name


async def asked(item: WorkItem) -> Asked:
    """Give a command with its repository's configuration, as it stands now."""
    trigger = item.trigger
    if name_of(request_of(trigger)) is CommandName.CONFIG:
        services().configs.forget(trigger.repository)  # who asks wants to see what stands there now
    loaded = await services().configs.of(trigger.installation_id, trigger.repository_id, trigger.repository)
    chosen = choices(services().settings, loaded, trigger.repository)
    return Asked(item, request_of(trigger), loaded, chosen)


def writer_of(trigger: Trigger) -> API:
    """Give the way to write where a command was given."""
    return services().github.as_installation(trigger.installation_id, trigger.repository_id, WRITE)


async def current_place(trigger: Trigger) -> Place:
    """Give where a command was given, under the name that the store knows the repository has now."""
    found = await services().installed.repositories.get(trigger.repository_id)
    name = found.full_name if found is not None and found.full_name else trigger.repository
    return Place(trigger.repository_id, name, request_of(trigger).issue_number)


async def reactor_of(trigger: Trigger) -> Reactor:
    """Give what reacts to the command's comment."""
    return Reactor(writer_of(trigger), await current_place(trigger))


async def require_digest_issue(item: WorkItem) -> None:
    """Raise ``Gone`` unless the issue that a command was given on is a digest that PRHub posted."""
    trigger = item.trigger
    number = request_of(trigger).issue_number
    if await services().digest_issues.numbered(trigger.repository_id, number) is None:
        raise Gone("the issue is no digest")
