"""Resolvers of the query's roots: the repository and the rate limit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.discussion import Issue, Label, Pull
from sandbox.query.commits import git_object
from sandbox.query.connections import In, failure, page
from sandbox.query.fields import Fields, actor, attribute, needs
from sandbox.query.search import search
from sandbox.shapes.people import stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.query.fields import Info
    from sandbox.state import Repository


def _repository(
    _root: Any,
    info: Info,
    owner: str,
    name: str,
    *,
    followRenames: bool = True,  # noqa: N803
) -> In[Repository]:
    """The repository of that name, or that had it; NOT_FOUND if the caller cannot see one."""
    call = info.context
    found = call.state.repository(f"{owner}/{name}")
    renamed = found is not None and found.full_name.lower() != f"{owner}/{name}".lower()
    if found is None or not call.caller.sees(found) or (renamed and not followRenames):
        message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
        raise failure("NOT_FOUND", message)
    call.named_repository = found
    return In(found, found)


def _rate_limit(_root: Any, info: Info, *, dryRun: bool = False) -> dict[str, Any]:  # noqa: ARG001, N803
    """What this query costs and what is left."""
    call = info.context
    rates, cost = call.rates("graphql"), call.cost or 1
    return {
        "cost": cost,
        "limit": rates["limit"],
        "nodeCount": call.nodes,
        "remaining": max(0, rates["remaining"] - cost),
        "resetAt": stamp(datetime.fromtimestamp(rates["reset"], UTC)),
        "used": rates["used"] + cost,
    }


def _pull(source: In[Repository], _info: Info, number: int) -> In[Pull]:
    """A pull request by number."""
    pull = source.repository.issues.get(number)
    if not isinstance(pull, Pull):
        raise failure("NOT_FOUND", f"Could not resolve to a PullRequest with the number of {number}.")
    return In(source.repository, pull)


def _pulls(source: In[Repository], info: Info, **args: Any) -> dict[str, Any]:
    """The pull requests, the first opened first unless another order is asked for."""
    states, labels = args.pop("states", None), args.pop("labels", None)
    base, head = args.pop("baseRefName", None), args.pop("headRefName", None)
    order = args.pop("orderBy", None) or {"field": "CREATED_AT", "direction": "ASC"}
    found = [
        pull
        for pull in source.repository.pulls.values()
        if (states is None or ("MERGED" if pull.merged else pull.state.upper()) in states)
        and (labels is None or set(labels) & set(pull.labels.value))
        and base in {None, pull.base_ref}
        and head in {None, pull.head_ref}
    ]
    found.sort(key=_ORDERS[order["field"]], reverse=order["direction"] == "DESC")
    answer = page(found, args, info.field_name)
    answer["nodes"] = [In(source.repository, pull) for pull in answer["nodes"]]
    return answer


_ORDERS: dict[str, Callable[[Pull], Any]] = {
    "COMMENTS": lambda pull: (len(pull.comments.value), pull.number),
    "CREATED_AT": lambda pull: (pull.created_at, pull.number),
    "UPDATED_AT": lambda pull: (pull.updated_at, pull.number),
}


def _issue(source: In[Repository], _info: Info, number: int) -> In[Issue]:
    """An issue by number."""
    issue = source.repository.issues.get(number)
    if issue is None or isinstance(issue, Pull):
        raise failure("NOT_FOUND", f"Could not resolve to an Issue with the number of {number}.")
    return In(source.repository, issue)


def _either(source: In[Repository], _info: Info, number: int) -> In[Issue]:
    """An issue or pull request by number."""
    issue = source.repository.issues.get(number)
    if issue is None:
        message = f"Could not resolve to an issue or pull request with the number of {number}."
        raise failure("NOT_FOUND", message)
    return In(source.repository, issue)


def _labels(source: In[Repository], info: Info, **args: Any) -> dict[str, Any]:
    """The labels; ``query`` is looked for in name and description."""
    wanted = (args.pop("query", None) or "").lower()
    labels = [
        label
        for label in source.repository.labels.as_of(info.context.moment)
        if wanted in label.name.lower() or wanted in (label.description or "").lower()
    ]
    answer = page(labels, args, info.field_name)
    answer["nodes"] = [In(source.repository, label) for label in answer["nodes"]]
    return answer


def _label(source: In[Repository], _info: Info, name: str) -> In[Label] | None:
    """A label by name."""
    for label in source.repository.labels.value:
        if label.name.lower() == name.lower():
            return In(source.repository, label)
    return None


def _collaborators(source: In[Repository], info: Info, **args: Any) -> dict[str, Any]:
    """Who has a role here; ``login`` and ``query`` narrow by login."""
    login, wanted = args.pop("login", None), args.pop("query", None) or ""
    users = info.context.state.users
    roles = [
        (users[name], role)
        for name, role in source.repository.roles.items()
        if login in {None, name} and wanted in name
    ]
    answer = page(roles, args, info.field_name)
    pairs = answer["nodes"]
    answer["nodes"] = [actor(user) for user, _ in pairs]
    answer["edges"] = [
        {"cursor": str(user.id), "node": actor(user), "permission": role.upper()} for user, role in pairs
    ]
    return answer


def _default_branch(source: In[Repository], _info: Info) -> dict[str, Any] | None:
    """The default branch; ``None`` in an empty repository."""
    name = source.repository.default_branch
    sha = source.repository.branches.get(name)
    return {"name": name, "target": In(source.repository, source.repository.commits[sha])} if sha else None


QUERY: Fields = {"repository": _repository, "rateLimit": _rate_limit, "search": search}
_READ = "issues:read|pull_requests:read"
REPOSITORY: Fields = {
    "id": lambda source, _: f"R_{source.repository.id}",
    "databaseId": attribute("id"),
    "nameWithOwner": attribute("full_name"),
    "url": lambda source, info: f"{info.context.state.html_url}/{source.repository.full_name}",
    "isPrivate": attribute("private"),
    "isArchived": attribute("archived"),
    "defaultBranchRef": needs("contents:read", _default_branch),
    "object": needs("contents:read", git_object),
    "labels": needs(_READ, _labels),
    "label": needs(_READ, _label),
    "pullRequest": needs("pull_requests:read", _pull),
    "pullRequests": needs("pull_requests:read", _pulls),
    "issue": needs("issues:read", _issue),
    "issueOrPullRequest": needs(_READ, _either),
    "collaborators": needs("metadata:read", _collaborators),
}
LABEL: Fields = {
    "name": attribute("name"),
    "color": attribute("color"),
    "description": attribute("description"),
}
