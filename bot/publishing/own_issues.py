"""Which issues of a repository are the app's own about one thing: by marker and author, on every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.marker import digest_of, is_config_of
from bot.publishing.issue_label import CONFIG_LABEL, DIGEST_LABEL, IssueLabel
from bot.publishing.place import Writer
from bot.store import DigestKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.publishing.issue_rows import IssueHome

ISSUES = "/repos/{owner}/{repo}/issues"
ISSUE = "/repos/{owner}/{repo}/issues/{number}"
# How far back a list without the label goes: a restored backup is younger, a clock jumps by less.
LOOK_BACK_SECONDS = 8 * 86400.0


class IssueWriter(Writer, Protocol):
    """The part of ``bot.github.API`` that publishing an issue needs."""

    async def getitem(self, url: str, url_vars: Mapping[str, Any]) -> Any:
        """Give one item."""


@dataclass(frozen=True)
class _Home:
    """A repository, by its id and by the name it has now."""

    repository_id: int
    full_name: str

    @property
    def url_vars(self) -> dict[str, str]:
        """The variables of GitHub's URL templates."""
        owner, _, repo = self.full_name.partition("/")
        return {"owner": owner, "repo": repo}

    def of(self, number: int) -> dict[str, str]:
        """The variables with the number of an issue."""
        return {**self.url_vars, "number": str(number)}


@dataclass(frozen=True)
class IssuePlace(_Home):
    """A digest, by the repository's id and by the name it has now."""

    scope: str
    period: str

    @property
    def key(self) -> DigestKey:
        """The key of its publish row."""
        return DigestKey(self.repository_id, self.scope, self.period)

    @property
    def label(self) -> IssueLabel:
        """The label of digests."""
        return DIGEST_LABEL

    def marks(self, body: str) -> bool:
        """Tell whether a body has the marker of this digest."""
        return digest_of(body) == (self.repository_id, self.scope, self.period)


@dataclass(frozen=True)
class ConfigPlace(_Home):
    """The issue about a repository's configuration file, by its id and by the name it has now."""

    @property
    def key(self) -> int:
        """The key of its publish row."""
        return self.repository_id

    @property
    def label(self) -> IssueLabel:
        """The label of what a repository has to mend."""
        return CONFIG_LABEL

    def marks(self, body: str) -> bool:
        """Tell whether a body has the marker of the issue about this repository's file."""
        return is_config_of(body, self.repository_id)


async def own_issues(writer: IssueWriter, place: IssueHome, app_id: int, near: float) -> list[int]:
    """Give the numbers of the app's own issues of one place, the lowest first.

    Two lists are read to their ends. One has all issues with our label. A person may have taken the
    label off, and lists by label may lag, so the other has every issue of the days before ``near``
    (epoch seconds), the newest first. GitHub's search is never asked: it lags for minutes.
    """
    found = set()
    labelled = f"{ISSUES}?labels={place.label.name}&state=all&per_page=100"
    async for item in writer.getiter(labelled, place.url_vars):
        if is_own(item, place, app_id):
            found.add(number_of(item))
    newest = f"{ISSUES}?state=all&sort=created&direction=desc&per_page=100"
    async for item in writer.getiter(newest, place.url_vars):
        if _made_at(item, near) < near - LOOK_BACK_SECONDS:
            break
        if is_own(item, place, app_id):
            found.add(number_of(item))
    return sorted(number for number in found if number is not None)


def is_own(issue: Any, place: IssueHome, app_id: int) -> bool:
    """Tell whether the app wrote this issue for this very place."""
    if not isinstance(issue, dict) or "pull_request" in issue or number_of(issue) is None:
        return False
    app, user, body = (issue.get(name) for name in ("performed_via_github_app", "user", "body"))
    return (
        isinstance(app, dict)
        and app.get("id") == app_id
        # A person who signs in through the app writes through it as well.
        and isinstance(user, dict)
        and user.get("type") == "Bot"
        and isinstance(body, str)
        and place.marks(body)
    )


def number_of(answer: Any) -> int | None:
    """Give the number of an issue, or ``None`` if the answer holds none."""
    number = answer.get("number") if isinstance(answer, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else None


def _made_at(issue: Any, default: float) -> float:
    """Give when an issue was opened (epoch seconds); a time that cannot be read ends no list."""
    text = issue.get("created_at") if isinstance(issue, dict) else None
    try:
        return datetime.fromisoformat(text).timestamp() if isinstance(text, str) else default
    except (ValueError, OverflowError, OSError):
        return default
