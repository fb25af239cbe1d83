"""The steps of a command after its admission: it is carried out, answered, and marked as done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import Moved
from bot.logged import about
from bot.markdown.answers import answer_body
from bot.model import TriggerKind
from bot.publishing import Outcome
from bot.publishing.answer import answer_kind, answer_publisher, want_answer, want_if_gone
from bot.store import PublishState
from bot.workflows.command_actions import ACTIONS
from bot.workflows.commanded import (
    Asked,
    Told,
    asked,
    current_place,
    name_of,
    reactor_of,
    request_of,
    writer_of,
)
from bot.workflows.config_noticing import notice
from bot.workflows.edge import Ended, log
from bot.workflows.services import services
from bot.workflows.stages import TIDY_AFTER

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.model import WorkItem
    from bot.publishing import CommentPublisher, Place
    from bot.publishing.reactions import Reaction

_NEW = frozenset({Outcome.POSTED, Outcome.RECOVERED})


async def carry_out(item: WorkItem) -> dict[str, Any]:
    """Do what a command says, and record its answer as wanted; give, as JSON, what came of it."""
    found = await asked(item)
    await notice(item)
    return await recorded(found, await ACTIONS[name_of(found.request)](found))


async def recorded(found: Asked, told: Told) -> dict[str, Any]:
    """Record an answer as wanted; give whether the command was done, and whether there is an answer."""
    if told.body is not None:
        place, name = await current_place(found.item.trigger), name_of(found.request).value
        body = answer_body(
            (place.repository_id, place.number), answer_kind(name), told.body, found.choices.language
        )
        await want_answer(services().publications, place, name, body)
    return {"done": told.done, "told": told.body is not None}


async def answer(item: WorkItem) -> str:
    """Bring the answer to what is wanted; give what happened to its comment.

    One that was deleted is posted anew: somebody has just asked for it.
    """
    trigger, request = item.trigger, request_of(item.trigger)
    place, name = await current_place(trigger), name_of(request).value
    if await services().commands.muted(trigger.repository_id):
        raise Ended("muted")
    publisher = await _publisher(item, place, name)
    try:
        await _look_again(item, place, name)
        await want_if_gone(writer_of(trigger), services().publications, place, answer_kind(name))
        outcome = await publisher.publish()
    except Moved as error:
        raise Ended("the repository was renamed meanwhile") from error
    services().meters.comments.labels(outcome.value).inc()
    if outcome in _NEW:
        await _watch(item)
    log.info("answered", outcome=outcome.value, **about(item))
    return outcome.value


async def _look_again(item: WorkItem, place: Place, name: str) -> None:
    """Have a second comment looked for later, where an answer of GitHub's may have been lost (R28)."""
    row = await services().publications.get(place.repository_id, place.number, answer_kind(name))
    if row is None or row.state is not PublishState.POSTING:
        return
    for number, seconds in enumerate(TIDY_AFTER):
        key = f"tidy:{place.repository_id}:{place.number}:{name}:{int(row.attempted_at or 0)}:{number}"
        changes = {"kind": TriggerKind.TIDY, "key": key, "delay": seconds, "round": 0}
        await services().triggers.add(item.trigger.model_copy(update=changes), item.guid)


async def tidy(item: WorkItem) -> int:
    """Delete every answer of this kind but the oldest; give how many were deleted."""
    place, name = await current_place(item.trigger), name_of(request_of(item.trigger)).value
    deleted = await (await _publisher(item, place, name)).tidy()
    services().meters.comments.labels("deleted_duplicate").inc(deleted)
    return deleted


async def _publisher(item: WorkItem, place: Place, name: str) -> CommentPublisher:
    here = services()
    app = (here.app_id, here.settings.posting_quarantine)
    return answer_publisher(writer_of(item.trigger), here.publications, place, name, app=app)


async def _watch(item: WorkItem) -> None:
    """Mute the repository if its answers are a loop: somebody may be answering them (R65)."""
    trigger, request = item.trigger, request_of(item.trigger)
    why = await services().commands.posted(trigger.repository_id, request.comment_id)
    if why is not None:
        services().meters.muted.inc()
        log.error("muted: commands are not answered for an hour", why=why, **about(item))


def reacting(reaction: Reaction) -> Callable[[WorkItem], Awaitable[bool]]:
    """Give the step that marks a command as done, or as not done."""

    async def react(item: WorkItem) -> bool:
        request = request_of(item.trigger)
        services().meters.commands.labels(name_of(request).value, reaction.name.lower()).inc()
        return await (await reactor_of(item.trigger)).react(request.comment_id, reaction)

    return react
