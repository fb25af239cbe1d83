"""A repository whose file is broken is told so in one issue, which is closed when the file is mended."""

from __future__ import annotations

from typing import Any

from dbos import DBOS

from bot.model import WorkItem
from bot.workflows import config_stages
from bot.workflows.edge import step
from bot.workflows.ending import to_its_end


async def _flow(item: WorkItem) -> None:
    await step("inform", config_stages.inform, item)


@DBOS.workflow(name="config")
async def config(data: dict[str, Any]) -> str:
    """Bring a repository's configuration issue up to date; ``data`` is a ``WorkItem``. Gives how it ended."""
    return await to_its_end(WorkItem.model_validate(data), _flow)


async def tidying(item: WorkItem) -> None:
    """Look again for a second issue, after an answer of GitHub's had been lost."""
    await step("tidy", config_stages.tidy, item)
