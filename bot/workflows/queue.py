"""The queue: how work gets to the engine, under its business key and its installation's share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbos import DBOS

from bot.model import TriggerKind

if TYPE_CHECKING:
    from dbos import EnqueueOptions

    from bot.model import Trigger, WorkItem

QUEUE = "pulls"
# Digests wait for one another, and no report for them; releases without digests leave this queue alone.
DIGESTS = "digests"
# People wait for an answer: not behind reports, and not with a release that knows no commands.
COMMANDS = "commands"
# What a repository is told about its file; releases that do not tell it leave this queue alone.
NOTICES = "notices"
# Work started by one flow must be understood by the next: raise this only when it is not, and
# then drain first. The engine's own default, a hash of the source, would strand work at each upgrade.
FLOW_VERSION = "1"


def queue_of(trigger: Trigger) -> str:
    """Give the queue in which work waits."""
    if trigger.kind is TriggerKind.COMMAND:
        return COMMANDS
    if trigger.kind is TriggerKind.CONFIG:
        return NOTICES
    return QUEUE if trigger.digest is None else DIGESTS


async def enqueue(item: WorkItem, seconds: float = 0.0) -> None:
    """Hand work to the engine, to start in ``seconds``. An item with a known id is there already."""
    options: EnqueueOptions = {
        "workflow_name": item.trigger.kind.value,
        "queue_name": queue_of(item.trigger),
        "workflow_id": item.workflow_id,
        "app_version": FLOW_VERSION,
        "queue_partition_key": str(item.trigger.installation_id),
    }
    if seconds > 0:
        options["delay_seconds"] = seconds
    await DBOS.enqueue_workflow_with_options_async(options, item.model_dump(mode="json"))
