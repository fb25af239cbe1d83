"""What a commit of the sample changes: whole files, replaced passages, or the revert of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.diffs import diff_trees

if TYPE_CHECKING:
    from sandbox.objects import Content, Tree
    from sandbox.state import Repository


def changes_of(part: dict[str, Any], tree: Tree, repository: Repository) -> dict[str, Content]:
    """The new contents of the files that a commit changes.

    ``files`` are whole, ``edits`` replace a passage, ``reverts`` is a pull request's number. Raises
    ``ValueError`` if a passage is not there exactly once.
    """
    changes: dict[str, Content] = dict(part.get("files", {}))
    for edit in part.get("edits", ()):
        path = edit["path"]
        before = changes.get(path, tree[path].data.decode() if path in tree else None)
        if not isinstance(before, str) or before.count(edit["find"]) != 1:
            raise ValueError(f"the passage is not exactly once in {path}: {edit['find']!r}")
        changes[path] = before.replace(edit["find"], edit["replace"])
    if "reverts" in part:
        changes |= _undone(repository, part["reverts"])
    return changes


def _undone(repository: Repository, number: int) -> dict[str, Content]:
    """The files of a squashed pull request as they were before it."""
    landed = repository.commits[repository.pulls[number].merge_sha or ""]
    before = repository.commits[landed.parents[0]].tree
    return {file.path: before.get(file.path) for file in diff_trees(before, landed.tree)}
