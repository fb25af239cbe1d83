"""Publishers of issues as others write them: what a storm must catch, or it proves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.marker import digest_of
from bot.publishing import Outcome
from bot.store import PublishState

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.publishing import IssuePlace

ISSUES = "/repos/{owner}/{repo}/issues"


@dataclass
class NaiveIssues:
    """Opens an issue, notes that it did, and never looks back."""

    writer: Any
    rows: Any
    place: IssuePlace
    app_id: int
    quarantine: float
    clock: Callable[[], float] | None = None

    async def publish(self) -> Outcome:
        row = await self.rows.get(self.place.key)
        if row.state is PublishState.POSTED:
            return Outcome.UNCHANGED
        number = await self.find() or await self.open(row)
        await self.rows.change(row, state=PublishState.POSTED, issue_number=number)
        return Outcome.POSTED

    async def find(self) -> int | None:
        return None

    async def open(self, row: Any) -> int:
        data = {"title": row.title, "body": row.body, "labels": ["digest"]}
        return int((await self.writer.post(ISSUES, self.place.url_vars, data=data))["number"])


class LabelAndMarker(NaiveIssues):
    """Looks for its marker under its label before it posts, as the well-kept bots do."""

    async def find(self) -> int | None:
        listed = self.writer.getiter(f"{ISSUES}?labels=digest&state=all&per_page=100", self.place.url_vars)
        wanted = (self.place.repository_id, self.place.scope, self.place.period)
        return next(
            (one["number"] for one in [one async for one in listed] if digest_of(one["body"]) == wanted), None
        )
