"""Notices, beside other work, that a repository's own file is broken or mended, and has it told there."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import PRHubError
from bot.markdown.config_issue import Broken, broken_issue, mended_issue
from bot.model import Trigger, TriggerKind
from bot.model.repo_config import PublishMode
from bot.repo_config import choices, own_mistakes
from bot.store import ConfigWish
from bot.workflows.services import services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import WorkItem
    from bot.model.repo_config import Loaded, Problem
    from bot.store import ConfigIssue

# How often it is tried again to tell what GitHub refused, as long as there is other work.
AGAIN_SECONDS = 86_400.0


async def notice(item: WorkItem) -> None:
    """Have the repository told what is wrong in its own file, or that it is mended, where that is new.

    What is wrong in a file of another repository is told in no issue: not everybody here may read it.
    GitHub is asked at most once in 4 minutes; what it does not answer stops no other work.
    """
    trigger = item.trigger
    try:
        loaded = await services().configs.of(
            trigger.installation_id, trigger.repository_id, trigger.repository
        )
    except PRHubError:
        return
    mistakes, row = (
        own_mistakes(loaded, trigger.repository),
        await services().config_issues.get(trigger.repository_id),
    )
    wish = _broken(trigger, loaded, mistakes) if mistakes else _mended(trigger, loaded, row)
    if wish is None or await services().config_issues.want(wish, partial(_work, trigger)):
        return
    if row is not None and _is_left(row):
        key = f"{row.wish}:{int(services().installed.clock())}"
        await services().config_issues.ask_again(row, _work(trigger, key))


def _broken(trigger: Trigger, loaded: Loaded, mistakes: Sequence[Problem]) -> ConfigWish | None:
    """Give the issue that tells what is wrong, or ``None`` where nobody wants one."""
    settings = services().settings
    chosen = choices(settings, loaded, trigger.repository)
    if not settings.config_issues or chosen.publish is PublishMode.NONE:
        return None
    address = f"{settings.github_server_url}/{trigger.repository}"
    told = Broken(trigger.repository_id, address, tuple(mistakes), has_good=loaded.file is not None)
    text = broken_issue(told, chosen.language)
    return ConfigWish(trigger.repository_id, True, _sha256(mistakes), text.title, text.body)  # noqa: FBT003


def _mended(trigger: Trigger, loaded: Loaded, row: ConfigIssue | None) -> ConfigWish | None:
    """Give the issue that tells that nothing is wrong any more, or ``None`` if nothing was."""
    if row is None or not row.open:
        return None
    chosen = choices(services().settings, loaded, trigger.repository)
    body = mended_issue(trigger.repository_id, row.body, chosen.language)
    return ConfigWish(trigger.repository_id, False, _sha256(()), row.title, body)  # noqa: FBT003


def _is_left(row: ConfigIssue) -> bool:
    """Tell whether there is something to tell still that was asked for a day ago."""
    asked_at = row.asked_at or 0.0
    return not row.settled and services().installed.clock() - asked_at > AGAIN_SECONDS


def _work(trigger: Trigger, number: int | str) -> Trigger:
    """Give the work for a wish, by its number."""
    return Trigger(
        kind=TriggerKind.CONFIG,
        key=f"{TriggerKind.CONFIG.value}:{trigger.repository_id}:{number}",
        installation_id=trigger.installation_id,
        repository_id=trigger.repository_id,
        repository=trigger.repository,
        number=0,
    )


def _sha256(mistakes: Sequence[Problem]) -> str:
    """Give what stands for these mistakes, whatever the repository is called and in whatever language."""
    lines = (f"{one.line}:{one.column}:{one.key}:{one.text}" for one in mistakes)
    return hashlib.sha256("\n".join(lines).encode(errors="replace")).hexdigest()
