"""How a pull request was merged, as far as its merge commit tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import MergeMethod

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Commit

_TWO_PARENTS = 2


def merge_method(parents: int, headline: str, number: int | None, commits: Sequence[Commit]) -> MergeMethod:
    """Tell the merge method from the merge commit's parents and headline.

    Two parents are a merge commit. One parent is a squash if the headline ends with the number
    GitHub adds, or is not that of the last commit; it is a rebase if it repeats the last of several
    commits. A single commit, repeated, could be either: unknown.
    """
    if parents >= _TWO_PARENTS:
        return MergeMethod.MERGE
    if parents == 0:
        return MergeMethod.UNKNOWN
    if number is not None and headline.rstrip().endswith(f"(#{number})"):
        return MergeMethod.SQUASH
    if not commits:
        return MergeMethod.UNKNOWN
    if headline != commits[-1].headline:
        return MergeMethod.SQUASH
    return MergeMethod.REBASE if len(commits) > 1 else MergeMethod.UNKNOWN
