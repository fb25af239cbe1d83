"""The search for issues and pull requests, with the qualifiers that PRHub uses."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.discussion import Pull
from sandbox.query.connections import In, failure, page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.calls import Call
    from sandbox.discussion import Issue
    from sandbox.query.fields import Info
    from sandbox.state import Repository

# https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests
MOST_RESULTS = 1_000
_IS: dict[str, Callable[[Issue], bool]] = {
    "pr": lambda issue: isinstance(issue, Pull),
    "issue": lambda issue: not isinstance(issue, Pull),
    "merged": lambda issue: isinstance(issue, Pull) and issue.merged,
    "open": lambda issue: issue.state == "open",
    "closed": lambda issue: issue.state == "closed",
}
_TIMES = {"merged": "merged_at", "created": "created_at", "updated": "updated_at", "closed": "closed_at"}
_COMPARED = re.compile(r"(<=|>=|<|>)(.+)")


def search(_root: Any, info: Info, query: str, type: str, **args: Any) -> dict[str, Any]:  # noqa: A002 - GitHub's name
    """What is found in the repositories the caller sees: at most a thousand, all of them counted.

    A repository or an account that is not there is no error: nothing is found.
    """
    call = info.context
    if type != "ISSUE":
        raise failure("UNPROCESSABLE", f"the stand-in does not search for {type}")
    words = [word.partition(":") for word in query.split()]
    found = [
        In(repository, issue)
        for repository, issue in _all(call)
        if all(_matches(call, repository, issue, word) for word in words)
    ]
    answer = page(found[:MOST_RESULTS], args, info.field_name)
    return {**answer, "issueCount": len(found)}


def _all(call: Call) -> Iterator[tuple[Repository, Issue]]:
    """Every issue and pull request that the caller may read, the newest first in each repository."""
    for repository in call.state.repositories.values():
        if call.caller.sees(repository):
            for number in sorted(repository.issues, reverse=True):
                yield repository, repository.issues[number]


def _matches(call: Call, repository: Repository, issue: Issue, word: tuple[str, str, str]) -> bool:
    """Whether one word of the query holds; a plain word is looked for in the title."""
    name, colon, value = word
    if not colon:
        return name.lower() in issue.title.lower()
    if name == "repo":
        # Search knows a repository by its present name only.
        return repository.full_name.lower() == value.lower()
    if name == "author":
        login = issue.user.login if issue.user else ""
        return login.removesuffix("[bot]").lower() == value.removeprefix("app/").lower()
    if name == "is" and value in _IS:
        return _IS[value](issue)
    if name in _TIMES:
        return _in_time(getattr(issue, _TIMES[name], None), value)
    call.unknown.append(f"search: {name}:{value}")
    return True


def _in_time(at: datetime | None, value: str) -> bool:
    """Whether a time is as ``<2026-03-23T00:00:00Z`` or its like asks for."""
    match = _COMPARED.fullmatch(value)
    if match is None:
        raise failure("UNPROCESSABLE", f"the stand-in understands no {value}")
    if at is None:
        return False
    limit = datetime.fromisoformat(match[2])
    return {"<": at < limit, "<=": at <= limit, ">": at > limit, ">=": at >= limit}[match[1]]
