"""What people left on a report's comment: their notes, which stay, and their reactions, which are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import Forbidden, Gone, NoAccess
from bot.github import READ
from bot.marker import notes_in
from bot.publishing.comment import KIND
from bot.store import PublishState
from bot.workflows.services import services
from bot.workflows.working import facts_in_flight

if TYPE_CHECKING:
    from bot.model import WorkItem

_COMMENT = "/repos/{owner}/{repo}/issues/comments/{id}"
# GitHub's, each with a count in the comment itself.
_REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")


async def left_by_people(item: WorkItem) -> str:
    """Give the maintainers' notes in the comment as GitHub has it now, and keep its reactions.

    Nothing is asked where there is no comment yet.
    """
    trigger = item.trigger
    row = await services().publications.get(trigger.repository_id, trigger.number, KIND)
    facts = (await facts_in_flight(item)).facts
    known = row.comment_id if row is not None and row.state is PublishState.POSTED else None
    comment_id = known or facts.own_comment_id
    if comment_id is None:
        return ""
    owner, _, repo = facts.repository.full_name.partition("/")
    reader = services().github.as_installation(trigger.installation_id, trigger.repository_id, READ)
    try:
        found: Any = await reader.getitem(_COMMENT, {"owner": owner, "repo": repo, "id": str(comment_id)})
    except NoAccess:
        raise
    except (Forbidden, Gone):
        # Publishing finds out what that means.
        return ""
    if not isinstance(found, dict):
        return ""
    await services().feedback.reacted(trigger.repository_id, trigger.number, counts_in(found))
    body = found.get("body")
    return notes_in(body) if isinstance(body, str) else ""


def counts_in(comment: dict[str, Any]) -> dict[str, int]:
    """Give how often each reaction was made, by what GitHub tells with a comment."""
    told = comment.get("reactions")
    counts = {name: told.get(name) for name in _REACTIONS} if isinstance(told, dict) else {}
    return {
        name: min(count, 2**31 - 1)
        for name, count in counts.items()
        if isinstance(count, int) and not isinstance(count, bool) and count > 0
    }
