"""The check run of a report: the protocol of its comment, for a run on the merge commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.errors import Forbidden, Gone, Invalid, NoAccess
from bot.publishing.comment import CommentPublisher, Outcome, id_of
from bot.publishing.place import Writer
from bot.store import PublishState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.store import Publication

CHECK_KIND = "check"
# What people see beside a commit, in every language: a name that changes would be another run.
NAME = "PRHub report"
# https://docs.github.com/en/rest/checks/runs: the summary's limit.
SUMMARY_LIMIT = 65_535
RIGHTS = {"metadata": "read", "checks": "write"}
_RUNS = "/repos/{owner}/{repo}/check-runs"
_RUN = "/repos/{owner}/{repo}/check-runs/{id}"
# One page is enough: runs of one name by one app on one commit are a handful.
_OF_COMMIT = "/repos/{owner}/{repo}/commits/{sha}/check-runs?check_name={name}&filter=all&per_page=100"
_DUPLICATE = {
    "conclusion": "skipped",
    "external_id": "",
    "output": {"title": "Duplicate", "summary": "Another run of the same name has the report."},
}


class CheckWriter(Writer, Protocol):
    """The part of ``bot.github.API`` that publishing a check run needs."""

    async def getitem(self, url: str, url_vars: Mapping[str, Any]) -> Any:
        """Give one item."""


def external_id(repository_id: int, number: int) -> str:
    """Give the id by which PRHub finds the check run of a pull request's report again."""
    return f"prhub:report:v1 repo={repository_id} pull={number}"


@dataclass(frozen=True)
class CheckPublisher(CommentPublisher):
    """Brings the check run of one pull request, on the commit ``sha``, to what its publish row wants.

    Its steps, states and errors are those of the comment; ``kind`` must be ``CHECK_KIND``. Where the app
    may not write check runs, the outcome is ``refused``.
    """

    writer: CheckWriter
    sha: str = ""

    async def publish(self, seen_comment: int | None = None) -> Outcome:
        """Create, update or leave the check run; see ``CommentPublisher.publish``."""
        try:
            return await super().publish(seen_comment)
        except NoAccess as error:
            # GitHub gives no token with a right that the installation has not granted.
            row = await self._row()
            if row is None or not isinstance(error.__cause__, Invalid):
                raise
            is_new = row.state in {PublishState.WANTED, PublishState.REFUSED}
            changes = {"state": PublishState.REFUSED, "attempted_at": self.clock()} if is_new else {}
            await self._change(row, reason=str(error.__cause__), **changes)
            return Outcome.REFUSED

    async def _admit(self) -> None:
        await self.writer.admit("POST", "/check-runs")

    async def _send(self, body: str) -> Any:
        said = self._said(body) | {"name": NAME, "head_sha": self.sha}
        return await self.writer.post(_RUNS, self.place.url_vars, data=said)

    async def _resend(self, comment_id: int, body: str) -> None:
        where = {**self.place.url_vars, "id": str(comment_id)}
        await self.writer.patch(_RUN, where, data=self._said(body))

    def _said(self, body: str) -> dict[str, Any]:
        return {
            "external_id": external_id(self.place.repository_id, self.place.number),
            "status": "completed",
            # Neither good nor bad: a report judges nothing, and must not stop anything.
            "conclusion": "neutral",
            "output": {"title": NAME, "summary": body[:SUMMARY_LIMIT]},
        }

    async def _missing(self, row: Publication) -> Outcome:
        """A run goes with its commit, and GitHub drops old ones: it is not made again by itself."""
        await self._change(row, state=PublishState.DISMISSED, reason="the check run is not there any more")
        return Outcome.DISMISSED

    async def _own_comments(self) -> list[int]:
        """Give the ids of the app's own check runs of this report, oldest first."""
        where = {**self.place.url_vars, "sha": self.sha, "name": NAME}
        answer = await self.writer.getitem(_OF_COMMIT, where)
        runs = answer.get("check_runs") if isinstance(answer, dict) else None
        return sorted({id_of(run) for run in runs or () if self._is_ours(run)})

    def _is_ours(self, comment: Any) -> bool:
        app = comment.get("app") if isinstance(comment, dict) else None
        wanted = external_id(self.place.repository_id, self.place.number)
        return isinstance(app, dict) and app.get("id") == self.app_id and comment.get("external_id") == wanted

    async def _delete(self, comment_id: int) -> None:
        """Mark a second run as one: GitHub lets nobody delete a check run."""
        try:
            await self.writer.patch(
                _RUN, {**self.place.url_vars, "id": str(comment_id)}, data=dict(_DUPLICATE)
            )
        except (Forbidden, Gone):
            return
