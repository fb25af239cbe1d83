"""The comment protocol: the state is committed before GitHub is asked, so no crash posts twice.

1. ``posting`` is committed with the time. 2. The comment is posted. 3. GitHub must answer with an id.
4. The id is stored. Whoever finds ``posting`` waits until what a lost answer may have written is in
GitHub's lists, looks at every page, and takes over a comment with our marker and our app as author.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot import failpoint
from bot.errors import Forbidden, Gone, Invalid, Later, Moved, NoAccess, Unauthorized
from bot.marker import REPORT, is_own
from bot.store import PublishState

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.publishing.place import Place, Writer
    from bot.store import Publication, Publications

KIND = REPORT
# What GitHub refused (locked, archived) is not asked for again sooner, however often the work is (R61).
REFUSED_SECONDS = 3600.0
_COMMENTS = "/repos/{owner}/{repo}/issues/{number}/comments"
_COMMENT = "/repos/{owner}/{repo}/issues/comments/{id}"


class Outcome(StrEnum):
    """What publishing did; ``recovered`` means an earlier answer had been lost."""

    POSTED = "posted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    RECOVERED = "recovered"
    DISMISSED = "dismissed"
    REFUSED = "refused"


@dataclass(frozen=True)
class CommentPublisher:
    """Brings the comment on one pull request to what its publish row wants.

    ``quarantine`` is how many seconds GitHub's lists may lag behind a write; ``clock`` gives epoch
    seconds. ``kind`` is that of the row: the report's, or of an answer to a command.
    """

    writer: Writer
    rows: Publications
    place: Place
    app_id: int
    quarantine: float
    clock: Callable[[], float] = time.time
    kind: str = KIND

    async def publish(self, seen_comment: int | None = None) -> Outcome:
        """Post, update or leave the comment. ``seen_comment`` is our comment's id, if it was read.

        Raises ``Later`` when it has to be taken up again, and ``NoAccess`` if the app may do nothing
        there; nothing is posted twice by running it again.
        """
        row = await self._row()
        if row is None or row.up_to_date:
            return Outcome.UNCHANGED
        if row.state is PublishState.DISMISSED:
            return Outcome.DISMISSED
        if row.state is PublishState.POSTED:
            return await self._update(row)
        if row.state is PublishState.POSTING:
            return await self._recover(row)
        return await self._begin(row, seen_comment)

    async def _begin(self, row: Publication, seen_comment: int | None) -> Outcome:
        if seen_comment is not None:  # the store is younger than the comment: it was restored
            return await self._adopt(row, seen_comment)
        if row.state is PublishState.REFUSED and 0 <= self._age(row) < REFUSED_SECONDS:
            return Outcome.REFUSED
        return await self._post(row)

    async def _post(self, row: Publication) -> Outcome:
        await self._admit()
        begun = await self._change(row, state=PublishState.POSTING, attempted_at=self.clock(), reason=None)
        if self.quarantine > 0 and self._age(begun) > self.quarantine / 2:
            raise Later(self.quarantine, "stood still between begin and post")
        failpoint.reached("before_post")
        try:
            answer = await self._send(begun.body)
            failpoint.reached("after_post")
            comment_id = id_of(answer)
        except (NoAccess, Unauthorized, Moved):
            await self._undo(begun, row)
            raise
        except (Forbidden, Gone, Invalid) as error:
            await self._change(begun, state=PublishState.REFUSED, reason=str(error))
            return Outcome.REFUSED
        except Later as error:
            if error.maybe_done:
                # It may still be on its way: its quarantine starts now, not when it was begun.
                await self._change(begun, attempted_at=self.clock())
                error.seconds = max(error.seconds, self.quarantine)
            else:
                await self._undo(begun, row)
            raise
        return await self._keep(begun, comment_id)

    async def _undo(self, begun: Publication, before: Publication) -> None:
        """Go back to the state before a post that was surely not made; that may be a lost one's."""
        await self._change(begun, state=before.state, attempted_at=before.attempted_at)

    async def _keep(self, begun: Publication, comment_id: int) -> Outcome:
        kept = await self.rows.change(
            begun, state=PublishState.POSTED, comment_id=comment_id, posted_sha256=begun.body_sha256
        )
        failpoint.reached("after_comment_stored")
        if kept is not None:
            return Outcome.POSTED
        # We stood still, and somebody took over: they posted another comment, or found ours. Which
        # one stays must not depend on who looks: the oldest.
        await self.tidy()
        raise Later(self.quarantine, "another worker took over the comment", counts=False)

    async def _recover(self, row: Publication) -> Outcome:
        age = self._age(row)
        if age < 0:  # the clock was put back
            row = await self._change(row, attempted_at=self.clock())
            age = 0.0
        if age < self.quarantine:
            raise Later(self.quarantine - age, "waiting until a lost answer would show", counts=False)
        own = await self._own_comments()
        outcome = await self._adopt(row, own[0]) if own else await self._post(row)
        return Outcome.RECOVERED if outcome in {Outcome.POSTED, Outcome.UPDATED} else outcome

    async def _adopt(self, row: Publication, comment_id: int) -> Outcome:
        adopted = await self._change(
            row, state=PublishState.POSTED, comment_id=comment_id, posted_sha256=None
        )
        return await self._update(adopted)

    async def _update(self, row: Publication) -> Outcome:
        failpoint.reached("before_update")
        try:
            await self._resend(row.comment_id or 0, row.body)
        except NoAccess:
            raise
        except Gone:
            return await self._missing(row)
        except (Forbidden, Invalid) as error:
            await self._change(row, reason=str(error))
            return Outcome.REFUSED
        failpoint.reached("after_update")
        if await self.rows.change(row, posted_sha256=row.body_sha256, reason=None) is None:
            await self._forget_posted()
            raise Later(1.0, "another worker updated the comment", counts=False)
        return Outcome.UPDATED

    async def _missing(self, row: Publication) -> Outcome:
        """Tell a comment that a person deleted from a pull request we can no longer read.

        The latter raises. A list that still shows a comment of ours is looked at again later.
        """
        own = await self._own_comments()
        if own:
            await self._change(row, comment_id=own[0], posted_sha256=None)
            raise Later(self.quarantine, "GitHub lists the comment but does not find it")
        await self._change(row, state=PublishState.DISMISSED, reason="a person deleted the comment")
        return Outcome.DISMISSED

    async def _forget_posted(self) -> None:
        """Make the newest body be sent again: an older one may have overtaken it."""
        row = await self._row()
        if row is not None and row.state is PublishState.POSTED:
            await self.rows.change(row, posted_sha256=None)

    async def tidy(self) -> int:
        """Keep the oldest of our comments and delete the others; give how many were deleted (R28)."""
        row = await self._row()
        if row is None or row.state is not PublishState.POSTED:
            return 0
        own = await self._own_comments()
        if own and own[0] != row.comment_id:
            await self._adopt(row, own[0])  # before the row's comment is deleted
        for comment_id in own[1:]:
            await self._delete(comment_id)
        return max(len(own) - 1, 0)

    async def _admit(self) -> None:
        await self.writer.admit("POST", f"/issues/{self.place.number}/comments")

    async def _send(self, body: str) -> Any:
        return await self.writer.post(_COMMENTS, self.place.url_vars, data={"body": body})

    async def _resend(self, comment_id: int, body: str) -> None:
        where = {**self.place.url_vars, "id": str(comment_id)}
        await self.writer.patch(_COMMENT, where, data={"body": body})

    async def _own_comments(self) -> list[int]:
        """Give the ids of the comments with our marker and our app as author, oldest first.

        Each once: pages that shift while they are read can show a comment twice.
        """
        comments = self.writer.getiter(f"{_COMMENTS}?per_page=100", self.place.url_vars)
        return sorted({id_of(item) async for item in comments if self._is_ours(item)})

    def _is_ours(self, comment: Any) -> bool:
        if not isinstance(comment, dict):
            return False
        app, user, body = (comment.get(name) for name in ("performed_via_github_app", "user", "body"))
        return (
            isinstance(app, dict)
            and app.get("id") == self.app_id
            # A person who signs in through the app comments through it as well.
            and isinstance(user, dict)
            and user.get("type") == "Bot"
            and isinstance(body, str)
            and is_own(body, self.place.repository_id, self.place.number, self.kind)
        )

    async def _delete(self, comment_id: int) -> None:
        try:
            await self.writer.delete(_COMMENT, {**self.place.url_vars, "id": str(comment_id)})
        except Gone:
            return

    async def _row(self) -> Publication | None:
        return await self.rows.get(self.place.repository_id, self.place.number, self.kind)

    def _age(self, row: Publication) -> float:
        """Give the seconds since the last attempt, below zero if the clock was put back since."""
        return self.clock() - (row.attempted_at or 0.0)

    async def _change(self, row: Publication, **values: Any) -> Publication:
        changed = await self.rows.change(row, **values)
        if changed is None:
            raise Later(self.quarantine, "another worker is publishing this comment", counts=False)
        return changed


def id_of(answer: Any) -> int:
    """Give the id of what was just written. Raises ``Later`` if GitHub's answer holds none."""
    comment_id = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(comment_id, int) or isinstance(comment_id, bool):
        raise Later(5.0, "GitHub's answer to a new comment holds no id")
    return comment_id
