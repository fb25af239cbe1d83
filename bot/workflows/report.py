"""A merged pull request gets its report, and a discussion that went on gets it refreshed."""

from __future__ import annotations

from typing import Any

from dbos import DBOS

from bot.model import WorkItem
from bot.publishing import Outcome
from bot.workflows import command, config_issue, digest, reading, stages
from bot.workflows.config_stages import is_about_file
from bot.workflows.edge import step
from bot.workflows.ending import to_its_end
from bot.workflows.showing import tell_refused


async def _flow(item: WorkItem) -> None:
    """Run the five steps of a report, in order; each may run again, and nothing comes of it twice."""
    await step("facts", stages.read_facts, item)  # a trigger becomes facts
    await step("insights", stages.infer_insights, item)  # facts become insights, verified and stored
    await step("text", stages.write_text, item)  # insights become text
    shown = await step("publish", stages.publish, item)  # text becomes a comment and labels
    await step("finish", stages.finish, item)  # facts are dropped, other reports told
    if shown == Outcome.REFUSED:
        await step("refused", tell_refused, item)  # the work's end says why GitHub shows nothing


@DBOS.workflow(name="report")
async def report(data: dict[str, Any]) -> str:
    """Report on a merged pull request; ``data`` is a ``WorkItem``. Gives how it ended."""
    return await to_its_end(WorkItem.model_validate(data), _flow)


@DBOS.workflow(name="refresh")
async def refresh(data: dict[str, Any]) -> str:
    """Read a reported pull request again and bring its comment up to date."""
    return await to_its_end(WorkItem.model_validate(data), _flow)


@DBOS.workflow(name="complete")
async def complete(data: dict[str, Any]) -> str:
    """Complete a report, or a digest, that was posted without the model, once that can be asked again."""
    item = WorkItem.model_validate(data)
    return await to_its_end(item, _completing if item.trigger.digest is None else digest.completing)


@DBOS.workflow(name="tidy")
async def tidy(data: dict[str, Any]) -> str:
    """Look again for a second comment, or issue, after an answer of GitHub's had been lost."""
    item = WorkItem.model_validate(data)
    if item.trigger.command is not None:
        return await to_its_end(item, command.tidying)
    if is_about_file(item.trigger):
        return await to_its_end(item, config_issue.tidying)
    return await to_its_end(item, _tidying if item.trigger.digest is None else digest.tidying)


async def _completing(item: WorkItem) -> None:
    await step("model", reading.await_model, item)
    await _flow(item)


async def _tidying(item: WorkItem) -> None:
    await step("tidy", stages.tidy, item)
