"""Whether a command is carried out: by its place, its author's role, and how much was asked lately."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.logged import about
from bot.model import COMMANDS, CostClass, Role
from bot.publishing.reactions import Reaction
from bot.store.commands import DAY, Entry, Verdict
from bot.workflows.commanded import (
    asked,
    current_place,
    reactor_of,
    request_of,
    require_digest_issue,
    writer_of,
)
from bot.workflows.edge import Ended, log
from bot.workflows.lifecycle import require_place
from bot.workflows.roles import Someone
from bot.workflows.services import services

if TYPE_CHECKING:
    from bot.model import CommandRequest, WorkItem
    from bot.store.commands import Decided

_REACTIONS = {
    Verdict.ADMITTED: Reaction.SEEN,
    Verdict.NOT_ALLOWED: Reaction.FAILED,
    Verdict.OVER: Reaction.TOO_OFTEN,
}
_COSTLY = tuple(spec.name.value for spec in COMMANDS.values() if spec.cost is CostClass.MODEL)


async def admit(item: WorkItem) -> None:
    """Decide about a command, and show by a reaction that it was seen, or why it is not carried out.

    What is not carried out ends here. Run twice, it decides the same, and there is one reaction.
    """
    trigger, request = item.trigger, request_of(item.trigger)
    await require_place(trigger)
    if request.created_at is not None and time.time() - request.created_at > DAY:
        # A delivery that comes late: who asked then has other ways by now.
        raise Ended("the command is over a day old")
    if not request.is_pull:
        await require_digest_issue(item)
    decided = await services().commands.decided(trigger.repository_id, request.comment_id)
    decided = decided or await _decide(item)
    # A later attempt of what is carried out has reacted before.
    if decided.tell and (item.attempt == 0 or decided.verdict is not Verdict.ADMITTED):
        await (await reactor_of(trigger)).react(request.comment_id, _REACTIONS[decided.verdict])
    if decided.verdict is not Verdict.ADMITTED:
        services().meters.commands.labels(request.command.name.value, decided.verdict.value).inc()
        log.info("command not carried out", verdict=decided.verdict.value, **about(item))
        raise Ended(decided.verdict.value)


async def _decide(item: WorkItem) -> Decided:
    trigger, request = item.trigger, request_of(item.trigger)
    commands = services().commands
    # Nobody is asked for a repository that is muted.
    muted = await commands.muted(trigger.repository_id)
    allowed = False if muted else (await _role(item)).allows(await _minimum(item, request))
    spec = COMMANDS[request.command.name]
    entry = Entry(
        repository_id=trigger.repository_id,
        comment_id=request.comment_id,
        number=request.issue_number,
        author_id=request.author_id,
        name=spec.name.value,
        costly=spec.cost is CostClass.MODEL,
    )
    return await commands.enter(entry, allowed=allowed, costly_names=_COSTLY)


async def _role(item: WorkItem) -> Role:
    trigger, request = item.trigger, request_of(item.trigger)
    place = await current_place(trigger)
    who = Someone(trigger.repository_id, place.full_name, request.author_id, request.author_login)
    return await services().roles.of(writer_of(trigger), who)


async def _minimum(item: WorkItem, request: CommandRequest) -> Role:
    return (await asked(item)).choices.minimum(request.command.name)
