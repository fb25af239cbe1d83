"""Publishers as others write them: what the chaos must catch, or it proves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot import failpoint
from bot.publishing import Outcome
from bot.publishing.comment import KIND
from bot.store import PublishState

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.publishing import Place

COMMENTS = "/repos/{owner}/{repo}/issues/{number}/comments"


@dataclass
class Naive:
    """Posts, notes that it did, and never looks back."""

    writer: Any
    rows: Any
    place: Place
    app_id: int
    quarantine: float
    clock: Callable[[], float] | None = None

    async def publish(self, _seen: int | None = None) -> Outcome:
        row = await self.rows.get(self.place.repository_id, self.place.number, KIND)
        if row.state is PublishState.POSTED:
            return Outcome.UNCHANGED
        comment_id = await self.find() or await self.post(row.body)
        failpoint.reached("after_post")
        await self.rows.change(row, state=PublishState.POSTED, comment_id=comment_id)
        return Outcome.POSTED

    async def find(self) -> int | None:
        return None

    async def post(self, body: str) -> int:
        failpoint.reached("before_post")
        made = await self.writer.post(COMMENTS, self.place.url_vars, data={"body": body})
        return int(made["id"])


class MarkerOnly(Naive):
    """Looks for its marker on every page before it posts, as the well-kept bots do."""

    async def find(self) -> int | None:
        marker = f"pull={self.place.number} -->"
        async for comment in self.writer.getiter(f"{COMMENTS}?per_page=100", self.place.url_vars):
            if marker in comment["body"]:
                return int(comment["id"])
        return None
