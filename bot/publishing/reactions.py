"""Reactions: the shortest answer to a comment; GitHub counts the same one twice as one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.errors import Forbidden, Gone, Invalid, NoAccess

if TYPE_CHECKING:
    from bot.publishing.place import Place, Writer

_REACTIONS = "/repos/{owner}/{repo}/issues/comments/{id}/reactions"


class Reaction(StrEnum):
    """What is said with a reaction: seen, done, not done, too often."""

    SEEN = "eyes"
    DONE = "rocket"
    FAILED = "confused"
    TOO_OFTEN = "-1"


@dataclass(frozen=True)
class Reactor:
    """Reacts to comments on one pull request or issue."""

    writer: Writer
    place: Place

    async def react(self, comment_id: int, reaction: Reaction) -> bool:
        """React to a comment; give whether GitHub took it. Done twice, there is one reaction.

        A comment that was deleted, or a locked conversation, gets none. Raises ``Later``, and ``NoAccess``
        if the app may do nothing there.
        """
        where = {**self.place.url_vars, "id": str(comment_id)}
        try:
            await self.writer.post(_REACTIONS, where, data={"content": reaction.value})
        except NoAccess:
            raise
        except (Forbidden, Gone, Invalid):
            return False
        return True
