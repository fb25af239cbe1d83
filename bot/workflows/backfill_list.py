"""The merges of a backfill, found in GitHub's list of closed pull requests, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.deliveries import listed_pull
from bot.github import LIST
from bot.workflows.services import services

if TYPE_CHECKING:
    from bot.deliveries import ListedPull
    from bot.model.backfills import BackfillOptions
    from bot.store.backfill_rows import Run

# By the repository's id, so that no rename is in the way (R47).
_PULLS = "/repositories/{id}/pulls?state=closed&sort=updated&direction=desc&per_page=100"
# 10,000 pull requests; GitHub's lists end about there.
MAX_PAGES = 100


async def find_merges(run: Run) -> list[tuple[int, float]]:
    """Give the merges that a run is about, each with its time (epoch seconds), newest first.

    A merge is never younger than its last change, by which the list is ordered: reading ends where
    whatever follows is too old, or cannot be among the newest any more.
    """
    api = services().github.as_installation(run.installation_id, run.repository_id, LIST)
    found: dict[int, float] = {}
    page = await api.page(_PULLS, {"id": str(run.repository_id)})
    for _ in range(MAX_PAGES):
        listed = _listed(page.data)
        found |= {pull.number: pull.merged_at for pull in listed if pull.merged_at is not None}
        oldest = listed[-1].updated_at if listed else None
        if page.following is None or oldest is None or _is_enough(found, oldest, run.options):
            break
        page = await api.page(page.following)
    return wanted(found, run.options)


def wanted(found: dict[int, float], options: BackfillOptions) -> list[tuple[int, float]]:
    """Give those of the merges that the options ask for, newest first."""
    since = options.since if options.since is not None else float("-inf")
    until = options.until if options.until is not None else float("inf")
    rows = [(number, at) for number, at in found.items() if since <= at < until]
    rows.sort(key=lambda row: (row[1], row[0]), reverse=True)
    return rows if options.limit is None else rows[: options.limit]


def _is_enough(found: dict[int, float], oldest: float, options: BackfillOptions) -> bool:
    """Tell whether what was changed before ``oldest`` cannot matter any more."""
    if options.since is not None and oldest < options.since:
        return True
    rows = wanted(found, options)
    return options.limit is not None and len(rows) == options.limit and rows[-1][1] > oldest


def _listed(data: Any) -> list[ListedPull]:
    items = data if isinstance(data, list) else []
    return [pull for item in items if (pull := listed_pull(item)) is not None]
