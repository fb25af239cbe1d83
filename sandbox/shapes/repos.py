"""Repositories, labels, commits and files as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sandbox.discussion import Label, User
from sandbox.shapes.people import Base, stamp, user_json

if TYPE_CHECKING:
    from sandbox.diffs import FileDiff
    from sandbox.objects import Commit, Signature
    from sandbox.state import Repository, State

# A single file's diff is cut at these, https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits
_PATCH_BYTES = 500_000
_PATCH_LINES = 20_000

_REPOSITORY_URLS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
_FEATURES = ("issues", "projects", "downloads", "wiki", "pages", "discussions")
_COUNTS = ("forks", "forks_count", "stargazers_count", "watchers", "watchers_count", "size")


def repository_json(base: Base, repository: Repository) -> dict[str, Any]:
    """A repository, as payloads and pull requests hold it."""
    url = f"{base.api}/repos/{repository.full_name}"
    html = f"{base.html}/{repository.full_name}"
    opened = sum(issue.closed_at is None for issue in repository.issues.values())
    return {
        "id": repository.id,
        "node_id": f"R_{repository.id}",
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "visibility": "private" if repository.private else "public",
        "owner": user_json(base, repository.owner),
        "html_url": html,
        "description": repository.description,
        "url": url,
        **{key: url + suffix for key, suffix in _REPOSITORY_URLS.items()},
        "clone_url": f"{html}.git",
        "git_url": f"git:{html.partition(':')[2]}.git",
        "ssh_url": f"git@{base.html.partition('://')[2]}:{repository.full_name}.git",
        "svn_url": html,
        "mirror_url": None,
        "homepage": None,
        "language": "Python",
        "license": None,
        "topics": [],
        "default_branch": repository.default_branch,
        "archived": repository.archived,
        "disabled": False,
        "fork": False,
        "is_template": False,
        "allow_forking": True,
        "web_commit_signoff_required": False,
        **{f"has_{what}": what == "issues" for what in _FEATURES},
        **dict.fromkeys(_COUNTS, 0),
        "open_issues": opened,
        "open_issues_count": opened,
        "created_at": stamp(repository.created_at),
        "updated_at": stamp(repository.created_at),
        "pushed_at": stamp(repository.created_at),
    }


def full_repository_json(base: Base, repository: Repository) -> dict[str, Any]:
    """A repository, as ``GET /repos/{owner}/{repo}`` shows it."""
    return {**repository_json(base, repository), "network_count": 0, "subscribers_count": 0}


def label_json(base: Base, repository: Repository, label: Label) -> dict[str, Any]:
    """A label."""
    return {
        "id": label.id,
        "node_id": f"LA_{label.id}",
        "url": f"{base.api}/repos/{repository.full_name}/labels/{quote(label.name, safe='')}",
        "name": label.name,
        "color": label.color,
        "default": False,
        "description": label.description,
    }


def labels_json(base: Base, repository: Repository, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The labels of these names, in their order; unknown ones show with the default colour."""
    known = {label.name: label for label in repository.labels.value}
    return [label_json(base, repository, known.get(name) or Label(0, name)) for name in names]


def file_json(base: Base, repository: Repository, sha: str, file: FileDiff) -> dict[str, Any]:
    """A row of ``GET …/pulls/{n}/files``; ``patch`` is missing for binary and very large files."""
    path = quote(file.path, errors="surrogateescape")
    blob = file.new or file.old
    row: dict[str, Any] = {
        "sha": blob.sha if blob else None,
        "filename": file.path,
        "status": file.status,
        "additions": file.additions,
        "deletions": file.deletions,
        "changes": file.additions + file.deletions,
        "blob_url": f"{base.html}/{repository.full_name}/blob/{sha}/{path}",
        "raw_url": f"{base.html}/{repository.full_name}/raw/{sha}/{path}",
        "contents_url": f"{base.api}/repos/{repository.full_name}/contents/{path}?ref={sha}",
    }
    if file.previous_path:
        row["previous_filename"] = file.previous_path
    if file.hunks and len(file.patch) <= _PATCH_BYTES and row["changes"] <= _PATCH_LINES:
        row["patch"] = file.patch.decode(errors="replace")
    return row


def commit_json(state: State, base: Base, repository: Repository, commit: Commit) -> dict[str, Any]:
    """A commit, as ``GET …/pulls/{n}/commits`` lists it."""
    url = f"{base.api}/repos/{repository.full_name}"
    html = f"{base.html}/{repository.full_name}"
    author = _account(state, commit.author)
    return {
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "commit": {
            "author": _signature_json(commit.author),
            "committer": _signature_json(commit.author),
            "message": commit.message,
            "tree": {"sha": commit.tree_sha, "url": f"{url}/git/trees/{commit.tree_sha}"},
            "url": f"{url}/git/commits/{commit.sha}",
            "comment_count": 0,
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "signature": None,
                "payload": None,
                "verified_at": None,
            },
        },
        "url": f"{url}/commits/{commit.sha}",
        "html_url": f"{html}/commit/{commit.sha}",
        "comments_url": f"{url}/commits/{commit.sha}/comments",
        "author": user_json(base, author),
        "committer": user_json(base, author),
        "parents": [
            {"sha": sha, "url": f"{url}/commits/{sha}", "html_url": f"{html}/commit/{sha}"}
            for sha in commit.parents
        ],
    }


def _account(state: State, signature: Signature) -> User | None:
    """The account behind a signature, if GitHub knows one."""
    return state.users.get(signature.login) if signature.login else None


def _signature_json(signature: Signature) -> dict[str, Any]:
    """Name, address and time of a commit."""
    return {"name": signature.name, "email": signature.email, "date": stamp(signature.at)}
