"""Which mistakes stand in a repository's own file, and not in one that it only uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.repo_config.configs import SHARED

if TYPE_CHECKING:
    from bot.model.repo_config import Loaded, Problem


def own_mistakes(loaded: Loaded, full_name: str) -> tuple[Problem, ...]:
    """Give the mistakes in a repository's own file for which it is not taken; empty if it is good or gone.

    Those in the file of the owner's ``.github`` repository, and in one that is extended, are not the
    repository's own. Owner and repository may have been renamed since the file was read.
    """
    # The version names the files in the order in which they were read.
    first = loaded.version.partition(" ")[2].partition(" ")[0].rpartition("@")[0]
    if not first or (_name(first) == SHARED) != (_name(full_name) == SHARED):
        return ()
    return tuple(one for one in loaded.problems if one.severity == "error" and one.place == first)


def _name(full_name: str) -> str:
    return full_name.rpartition("/")[2].lower()
