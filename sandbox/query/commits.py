"""Resolvers of git's objects: commits, files, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.history import newest_first, path_history
from sandbox.objects import SUBMODULE, Blob, Commit
from sandbox.query.connections import In, page
from sandbox.query.fields import Fields, actor, attribute, listed, moment, needs
from sandbox.rest.contents import resolve

if TYPE_CHECKING:
    from sandbox.calls import Call
    from sandbox.query.fields import Info
    from sandbox.state import Check, Repository

# Seen at exactly this many bytes: https://github.com/sveltia/sveltia-cms/issues/950
_TEXT_LIMIT = 512_000
_PENDING = {None, "PENDING", "EXPECTED"}
_FINE = {"SUCCESS", "NEUTRAL", "SKIPPED"}


def git_object(
    source: In[Repository], _info: Info, expression: str | None = None, oid: str | None = None
) -> Any:
    """``object(expression:)`` as ``REV`` or ``REV:path``, or ``object(oid:)``; ``None`` if not there."""
    repository = source.repository
    if expression is None:
        found = repository.commits.get(oid or "")
        return In(repository, found) if found else _blob(repository, oid or "")
    revision, colon, path = expression.partition(":")
    sha = resolve(repository, revision)
    if sha is None:
        return None
    commit = repository.commits[sha]
    if not colon:
        return In(repository, commit)
    blob = commit.tree.get(path)
    if blob:
        return None if blob.mode == SUBMODULE else In(repository, blob)
    folder = any(name.startswith(f"{path}/") for name in commit.tree) or not path
    return In(repository, FolderAt(commit.tree_sha)) if folder else None


def _blob(repository: Repository, oid: str) -> In[Blob] | None:
    """The file content of that id, wherever it is."""
    for commit in repository.commits.values():
        for blob in commit.tree.values():
            if blob.sha == oid:
                return In(repository, blob)
    return None


class FolderAt:
    """A folder; all that is known of it is an id."""

    def __init__(self, sha: str) -> None:
        self.sha = sha


def _text(source: In[Blob], _info: Info) -> str | None:
    """The text of a file, cut where GitHub cuts it; ``None`` for a binary."""
    blob = source.thing
    return None if blob.binary else blob.data[:_TEXT_LIMIT].decode(errors="replace")


def _history(source: In[Commit], info: Info, **args: Any) -> dict[str, Any]:
    """The history from a commit, or only of a path."""
    repository, path = source.repository, args.pop("path", None)
    sha, commits = source.thing.sha, repository.commits
    shas = newest_first(commits, sha) if path is None else path_history(commits, sha, path)
    answer = page(list(shas), args, info.field_name)
    answer["nodes"] = [In(repository, repository.commits[sha]) for sha in answer["nodes"]]
    return answer


def _pulls(source: In[Commit], _call: Call) -> list[Any]:
    """The pull request that brought the commit in; for a commit that has not landed, the open ones."""
    repository, sha = source.repository, source.thing.sha
    number = repository.introduced.get(sha)
    if number is not None:
        return [repository.issues[number]]
    return [pull for pull in repository.pulls.values() if sha in repository.commits_of(pull)]


def _checks(source: In[Commit]) -> tuple[Check, ...]:
    """The checks of a commit."""
    return source.repository.checks.get(source.thing.sha, ())


def _rollup(source: In[Commit], _info: Info) -> Any:
    """The checks together; ``None`` if there are none."""
    checks = _checks(source)
    if not checks:
        return None
    conclusions = {check.conclusion for check in checks}
    state = "PENDING" if conclusions & _PENDING else "SUCCESS" if conclusions <= _FINE else "FAILURE"
    return {"state": state, "contexts": lambda _info, **args: _contexts(source, args)}


def _contexts(source: In[Commit], args: dict[str, Any]) -> dict[str, Any]:
    """The check runs and statuses."""
    answer = page(_checks(source), args, "contexts")
    answer["nodes"] = [_context(check) for check in answer["nodes"]]
    return answer


def _context(check: Check) -> dict[str, Any]:
    """One check run or status."""
    if check.kind == "status":
        return {
            "__typename": "StatusContext",
            "context": check.name,
            "state": check.conclusion or "PENDING",
        }
    status = "COMPLETED" if check.conclusion else "IN_PROGRESS"
    return {
        "__typename": "CheckRun",
        "name": check.name,
        "status": status,
        "conclusion": check.conclusion,
    }


def _author(source: In[Commit], info: Info) -> dict[str, Any]:
    """Who wrote a commit; bots and strangers have no account here."""
    author = source.thing.author
    user = info.context.state.users.get(author.login or "")
    return {
        "name": author.name,
        "email": author.email,
        "user": None if user is None or user.is_bot else actor(user),
    }


COMMIT: Fields = {
    "oid": attribute("sha"),
    "message": attribute("message"),
    "messageHeadline": lambda source, _: source.thing.message.partition("\n")[0],
    "messageBody": lambda source, _: source.thing.message.partition("\n")[2].strip("\n"),
    "committedDate": moment("author.at"),
    "author": _author,
    "url": lambda source, info: (
        f"{info.context.state.html_url}/{source.repository.full_name}/commit/{source.thing.sha}"
    ),
    "parents": listed(lambda source, _: [source.repository.commits[sha] for sha in source.thing.parents]),
    "history": _history,
    "associatedPullRequests": needs("pull_requests:read", listed(_pulls)),
    "statusCheckRollup": needs("checks:read|statuses:read", _rollup),
}
BLOB: Fields = {
    "oid": attribute("sha"),
    "byteSize": lambda source, _: len(source.thing.data),
    "isBinary": attribute("binary"),
    "isTruncated": lambda source, _: len(source.thing.data) > _TEXT_LIMIT,
    "text": _text,
}
TREE: Fields = {"oid": attribute("sha")}
