"""Which of the engine's workflows belong to a repository: by their id, or as commands by their input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from bot.model import TriggerKind, WorkItem

if TYPE_CHECKING:
    from collections.abc import Collection

    from dbos import WorkflowStatus

# Their keys begin with the repository's id; those of commands are of comments.
_KINDS = [kind for kind in TriggerKind if kind not in {TriggerKind.LIFECYCLE, TriggerKind.COMMAND}]


def prefixes_of(repository_ids: Collection[int]) -> list[str]:
    """Give what the ids of all workflows on these repositories begin with, but for those of commands."""
    return [f"{kind.value}:{one}:" for one in repository_ids for kind in _KINDS]


def is_on(workflow: WorkflowStatus, repository_ids: Collection[int]) -> bool:
    """Tell by its input whether a workflow is about one of the repositories."""
    try:
        item = WorkItem.model_validate((workflow.input or {"args": [{}]})["args"][0])
    except (ValidationError, LookupError, TypeError):
        return False
    return item.trigger.repository_id in repository_ids
