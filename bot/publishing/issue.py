"""The protocol of the comment for an issue: committed before GitHub is asked, and found again.

1. ``posting`` is committed with the time. 2. The issue is opened. 3. GitHub must answer with a number.
4. The number is stored. An issue cannot be deleted by an app, so before anything is posted the lists are
read: after a lost answer, but also for a store that was restored and does not know what it had posted.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic

from bot import failpoint
from bot.errors import Forbidden, Gone, Invalid, Later, Moved, NoAccess, Unauthorized
from bot.publishing.comment import REFUSED_SECONDS, Outcome
from bot.publishing.issue_label import make_label
from bot.publishing.issue_rows import Row
from bot.publishing.own_issues import ISSUE, ISSUES, number_of, own_issues
from bot.store import PublishState

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.publishing.issue_rows import IssueHome, IssueRows
    from bot.publishing.own_issues import IssueWriter

CLOSING = {"state": "closed", "state_reason": "completed"}


@dataclass(frozen=True)
class OneIssue(Generic[Row]):
    """Brings one issue to what its publish row wants.

    ``quarantine`` is how many seconds GitHub's lists may lag behind a write; ``clock`` gives epoch
    seconds.
    """

    writer: IssueWriter
    rows: IssueRows[Row]
    place: IssueHome
    app_id: int
    quarantine: float
    clock: Callable[[], float] = time.time

    async def publish(self) -> Outcome:
        """Open, update or leave the issue; whether it is open or closed, and its labels, stay.

        Raises ``Later`` when it has to be taken up again, and ``NoAccess`` if the app may do nothing
        there; nothing is posted twice by running it again.
        """
        row = await self.row()
        if row is None or row.up_to_date:
            return Outcome.UNCHANGED
        if row.state is PublishState.DISMISSED:
            return Outcome.DISMISSED
        if row.state is PublishState.POSTED:
            return await self.update(row)
        if row.state is PublishState.POSTING:
            row = await self._waited(row)
        elif row.state is PublishState.REFUSED and 0 <= self._age(row) < REFUSED_SECONDS:
            return Outcome.REFUSED
        return await self._begin(row)

    async def _waited(self, row: Row) -> Row:
        """Give the row once a lost answer's issue is in GitHub's lists; until then raise ``Later``."""
        age = self._age(row)
        if age < 0:  # the clock was put back
            row = await self.change(row, attempted_at=self.clock())
            age = 0.0
        if age < self.quarantine:
            raise Later(self.quarantine - age, "waiting until a lost answer would show", counts=False)
        return row

    async def _begin(self, row: Row) -> Outcome:
        try:
            own = await self.own(row)
            if not own:
                await make_label(self.writer, self.place)
        except NoAccess:
            raise
        except (Forbidden, Gone) as error:
            return await self._refused(row, error)
        outcome = await self._adopt(row, own[0]) if own else await self._post(row)
        was_lost = bool(own) or row.state is PublishState.POSTING
        return Outcome.RECOVERED if was_lost and outcome in _DONE else outcome

    async def _post(self, row: Row) -> Outcome:
        await self.writer.admit("POST", "/issues")
        begun = await self.change(row, state=PublishState.POSTING, attempted_at=self.clock(), reason=None)
        if self.quarantine > 0 and self._age(begun) > self.quarantine / 2:
            raise Later(self.quarantine, "stood still between begin and post")
        failpoint.reached("before_issue_post")
        data = {"title": begun.title, "body": begun.body, "labels": [self.place.label.name]}
        try:
            answer = await self.writer.post(ISSUES, self.place.url_vars, data=data)
            failpoint.reached("after_issue_post")
            number = _posted(answer)
        except (NoAccess, Unauthorized, Moved):
            await self._undo(begun, row)
            raise
        except (Forbidden, Gone, Invalid) as error:
            return await self._refused(begun, error)
        except Later as error:
            if error.maybe_done:
                # It may still be on its way: its quarantine starts now, not when it was begun.
                await self.change(begun, attempted_at=self.clock())
                error.seconds = max(error.seconds, self.quarantine)
            else:
                await self._undo(begun, row)
            raise
        return await self._keep(begun, number)

    async def _undo(self, begun: Row, before: Row) -> None:
        """Go back to the state before a post that was surely not made; that may be a lost one's."""
        await self.change(begun, state=before.state, attempted_at=before.attempted_at)

    async def _refused(self, row: Row, error: Exception) -> Outcome:
        await self.change(row, state=PublishState.REFUSED, attempted_at=self.clock(), reason=str(error))
        return Outcome.REFUSED

    async def _keep(self, begun: Row, number: int) -> Outcome:
        kept = await self.rows.change(
            begun, state=PublishState.POSTED, issue_number=number, **self.sent(begun, closing=False)
        )
        failpoint.reached("after_issue_stored")
        if kept is not None:
            return Outcome.POSTED
        # We stood still, and somebody took over: they opened another issue, or found ours. Which
        # one stays must not depend on who looks: the lowest number.
        await self.tidy()
        raise Later(self.quarantine, "another worker took over the issue", counts=False)

    async def _adopt(self, row: Row, number: int) -> Outcome:
        adopted = await self.change(
            row, state=PublishState.POSTED, issue_number=number, posted_sha256=None, reason=None
        )
        return await self.update(adopted)

    async def update(self, row: Row, *, closing: bool = False) -> Outcome:
        """Send the wanted title and body of an issue that is posted, and close it in the same request."""
        data = {"title": row.title, "body": row.body, **self.states(row, closing=closing)}
        failpoint.reached("before_update")
        try:
            await self.writer.patch(ISSUE, self.place.of(row.issue_number or 0), data=data)
        except NoAccess:
            raise
        except Gone as error:
            return await self.missing(row, error)
        except (Forbidden, Invalid) as error:
            await self.change(row, reason=str(error))
            return Outcome.REFUSED
        failpoint.reached("after_update")
        if await self.rows.change(row, reason=None, **self.sent(row, closing=closing)) is None:
            await self._forget_posted()
            raise Later(1.0, "another worker updated the issue", counts=False)
        return Outcome.UPDATED

    def states(self, _row: Row, *, closing: bool) -> dict[str, str]:
        """Give what an update says of open or closed: nothing, unless it closes."""
        return CLOSING if closing else {}

    def sent(self, row: Row, *, closing: bool) -> dict[str, Any]:  # noqa: ARG002 - for kinds that note it
        """Give what the row is to know once GitHub has its text."""
        return {"posted_sha256": row.body_sha256}

    async def missing(self, row: Row, error: Gone) -> Outcome:
        """Tell an issue that a person deleted or moved away from issues that cannot be read at all.

        A list that still shows an issue of ours is looked at again later.
        """
        try:
            own = await self.own(row)
        except NoAccess:
            raise
        except (Forbidden, Gone):
            await self.change(row, reason=str(error))
            return Outcome.REFUSED
        if own:
            await self.change(row, issue_number=own[0], posted_sha256=None)
            raise Later(self.quarantine, "GitHub lists the issue but does not find it")
        await self.change(row, state=PublishState.DISMISSED, reason="a person deleted the issue")
        return Outcome.DISMISSED

    async def _forget_posted(self) -> None:
        """Make the newest text be sent again: an older one may have overtaken it."""
        row = await self.row()
        if row is not None and row.state is PublishState.POSTED:
            await self.rows.change(row, posted_sha256=None)

    async def tidy(self) -> int:
        """Keep the lowest of our issues of this place; give how many others were closed (R28).

        An app cannot delete an issue: the others lose their text and marker and point at the kept one.
        """
        row = await self.row()
        if row is None or row.state is not PublishState.POSTED:
            return 0
        own = await self.own(row)
        if row.issue_number not in own:
            return 0
        if own[0] != row.issue_number:
            await self._adopt(row, own[0])
        closed = [await self._close_double(number, own[0]) for number in own[1:]]
        return sum(closed)

    async def _close_double(self, number: int, kept: int) -> bool:
        words = f"Duplicate of #{kept}"
        closing = {"title": words, "body": words, "state": "closed", "state_reason": "not_planned"}
        try:
            await self.writer.patch(ISSUE, self.place.of(number), data=closing)
        except Gone:
            return False
        return True

    async def own(self, row: Row) -> list[int]:
        """Give the numbers of our issues of this place, the lowest first."""
        near = self.clock() if row.attempted_at is None else row.attempted_at
        return await own_issues(self.writer, self.place, self.app_id, near)

    async def row(self) -> Row | None:
        """Give the publish row."""
        return await self.rows.get(self.place.key)

    async def change(self, row: Row, **values: Any) -> Row:
        """Change the row; raises ``Later`` if another worker did so first."""
        changed = await self.rows.change(row, **values)
        if changed is None:
            raise Later(self.quarantine, "another worker is publishing this issue", counts=False)
        return changed

    def _age(self, row: Row) -> float:
        """Give the seconds since the last attempt, below zero if the clock was put back since."""
        return self.clock() - (row.attempted_at or 0.0)


_DONE = frozenset({Outcome.POSTED, Outcome.UPDATED})


def _posted(answer: Any) -> int:
    number = number_of(answer)
    if number is None:
        raise Later(5.0, "GitHub's answer to a new issue holds no number")
    return number
