"""The comparison of two branches, tags or commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sandbox.calls import REPO, Answer, Call, Route
from sandbox.diffs import diff_trees
from sandbox.history import commits_between, merge_base
from sandbox.refused import Refused
from sandbox.rest.contents import resolve
from sandbox.shapes.repos import commit_json, file_json

if TYPE_CHECKING:
    from collections.abc import Sequence

# https://docs.github.com/en/rest/commits/commits#compare-two-commits
UNPAGED_COMMITS = 250
LISTED_FILES = 300


def compare(call: Call) -> Answer:
    """What ``head`` has and ``base`` lacks: commits, oldest first, in pages; files only on the first.

    Without a page asked for, the newest 250 commits; a 404 for what is not there or has nothing in common.
    """
    base_name, dots, head_name = call.request.match_info["basehead"].partition("...")
    base, head = resolve(call.repository, base_name), resolve(call.repository, head_name)
    if not dots or base is None or head is None:
        raise Refused(404, "Not Found")
    try:
        common = merge_base(call.repository.commits, base, head)
    except LookupError as error:
        raise Refused(404, f"No common ancestor between {base_name} and {head_name}.") from error
    ahead = commits_between(call.repository.commits, base, head)
    behind = commits_between(call.repository.commits, head, base)
    paged = call.paged(ahead, lambda sha: _commit(call, sha)) if _asks_for_page(call) else None
    commits = paged.body if paged else [_commit(call, sha) for sha in ahead[-UNPAGED_COMMITS:]]
    body = {
        **_addresses(call, f"{base_name}...{head_name}"),
        "base_commit": _commit(call, base),
        "merge_base_commit": _commit(call, common),
        "status": _status(ahead, behind),
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": commits,
    }
    if call.positive("page", 1) == 1:
        body["files"] = _files(call, common, head)
    return Answer(body, headers=paged.headers if paged else {})


def _asks_for_page(call: Call) -> bool:
    """Whether the query has anything about pages."""
    return bool({"page", "per_page"} & set(call.request.query))


def _status(ahead: Sequence[str], behind: Sequence[str]) -> str:
    """GitHub's word for how the two stand to each other."""
    if ahead and behind:
        return "diverged"
    return "ahead" if ahead else "behind" if behind else "identical"


def _commit(call: Call, sha: str) -> dict[str, Any]:
    """One commit."""
    return commit_json(call.state, call.base, call.repository, call.repository.commits[sha])


def _files(call: Call, common: str, head: str) -> list[dict[str, Any]]:
    """The changed files, at most 300."""
    commits = call.repository.commits
    changed = diff_trees(commits[common].tree, commits[head].tree)[:LISTED_FILES]
    return [file_json(call.base, call.repository, head, file) for file in changed]


def _addresses(call: Call, basehead: str) -> dict[str, str]:
    """Where else the comparison is."""
    name, path = call.repository.full_name, quote(basehead)
    html = f"{call.state.html_url}/{name}/compare/{path}"
    return {
        "url": f"{call.api}/repos/{name}/compare/{path}",
        "html_url": html,
        "permalink_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
    }


ROUTES = (Route("GET", f"{REPO}/compare/{{basehead:.+}}", compare, ("contents:read",), ("page", "per_page")),)
