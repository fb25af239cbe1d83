"""The issue of a digest: opened once, brought up to date; whether it is open or closed stays a person's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.publishing.issue import OneIssue
from bot.store import DigestIssue

if TYPE_CHECKING:
    from bot.publishing.own_issues import IssuePlace
    from bot.store import DigestIssues


@dataclass(frozen=True)
class IssuePublisher(OneIssue[DigestIssue]):
    """Brings the issue of one digest to what its publish row wants."""

    rows: DigestIssues
    place: IssuePlace

    def sent(self, row: DigestIssue, *, closing: bool) -> dict[str, Any]:
        """Give what the row is to know once GitHub has its text, and whether PRHub has closed it."""
        return {**super().sent(row, closing=closing), "closed": closing or row.closed}
