"""The issue about a repository's broken file: opened once, kept up to date, closed when that is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import Later, Moved
from bot.publishing.comment import Outcome
from bot.publishing.issue import CLOSING, OneIssue
from bot.store import ConfigIssue, PublishState

if TYPE_CHECKING:
    from bot.publishing.own_issues import ConfigPlace
    from bot.store import ConfigIssues

# A file that is broken and mended again and again notifies people once an hour.
BETWEEN_SECONDS = 3600.0


@dataclass(frozen=True)
class ConfigPublisher(OneIssue[ConfigIssue]):
    """Brings the configuration issue of one repository to what its publish row wants, closed or open.

    A row that wants something new says so whatever a person did before: who closes the issue, or deletes
    it, hears no more until the file's problems change.
    """

    rows: ConfigIssues
    place: ConfigPlace

    async def publish(self) -> Outcome:
        """Open, update, close or reopen the issue, at most once an hour. Raises as ``OneIssue.publish``."""
        row = await self.row()
        if row is None or row.settled:
            return Outcome.UNCHANGED
        self._require_rest(row)
        if row.state is PublishState.DISMISSED:
            row = await self._anew(row)
        outcome = await self._publish()
        if outcome is Outcome.DISMISSED and row.open:
            # A person deleted the one before, and the file has other problems since.
            await self._anew(await self._required())
            outcome = await self._publish()
        return outcome

    async def _publish(self) -> Outcome:
        try:
            return await super().publish()
        except Moved as error:
            row = await self.row()
            if row is None or row.state is not PublishState.POSTED:
                raise
            await self.change(row, state=PublishState.DISMISSED, reason="the issue is in another repository")
            raise Later(1.0, "the issue is in another repository", counts=True) from error

    def _require_rest(self, row: ConfigIssue) -> None:
        """Put off what comes within an hour of the last time that GitHub was written to."""
        age = self.clock() - (row.told_at or 0.0)
        if row.told_at is not None and 0 <= age < BETWEEN_SECONDS:
            raise Later(BETWEEN_SECONDS - age, "the issue was changed less than an hour ago", counts=False)

    async def _anew(self, row: ConfigIssue) -> ConfigIssue:
        """Forget an issue that is gone, so that another is opened."""
        gone: dict[str, Any] = {"issue_number": None, "posted_sha256": None}
        return await self.change(row, state=PublishState.WANTED, **gone)

    async def _required(self) -> ConfigIssue:
        row = await self.row()
        if row is None:
            raise Later(1.0, "the publish row was forgotten", counts=True)
        return row

    async def _post(self, row: ConfigIssue) -> Outcome:
        """Open the issue, unless it would be closed at once: it was lost, or the file is mended since."""
        if row.open:
            return await super()._post(row)
        await self.change(row, state=PublishState.WANTED)
        return Outcome.UNCHANGED

    def states(self, row: ConfigIssue, *, closing: bool) -> dict[str, str]:
        """Give the state that the row wants: what is new is also told in an issue that a person closed."""
        return {"state": "open"} if row.open and not closing else CLOSING

    def sent(self, row: ConfigIssue, *, closing: bool) -> dict[str, Any]:
        """Give what the row is to know once GitHub has its text, and when that was."""
        return {**super().sent(row, closing=closing), "told_at": self.clock()}
