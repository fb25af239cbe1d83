"""A period gets its digest: one issue, brought up to date in place, and the one before it closed."""

from __future__ import annotations

from typing import Any

from dbos import DBOS

from bot.model import WorkItem
from bot.workflows import digest_reading, digest_stages
from bot.workflows.edge import step
from bot.workflows.ending import to_its_end


async def _flow(item: WorkItem) -> None:
    """Run the four steps of a digest, in order; each may run again, and nothing comes of it twice."""
    await step("facts", digest_stages.read_facts, item)  # merges and stored reports become facts
    await step("insights", digest_stages.infer_insights, item)  # facts and register become a digest
    await step("text", digest_stages.write_text, item)  # the digest becomes text
    await step("publish", digest_stages.publish, item)  # text becomes an issue, the former is closed


@DBOS.workflow(name="digest")
async def digest(data: dict[str, Any]) -> str:
    """Write the digest of a period; ``data`` is a ``WorkItem``. Gives how it ended."""
    return await to_its_end(WorkItem.model_validate(data), _flow)


async def completing(item: WorkItem) -> None:
    """Complete a digest that was posted without the model, once the model can be asked again."""
    await step("model", digest_reading.await_model, item)
    await _flow(item)


async def tidying(item: WorkItem) -> None:
    """Look again for a second issue, after an answer of GitHub's had been lost."""
    await step("tidy", digest_stages.tidy, item)
