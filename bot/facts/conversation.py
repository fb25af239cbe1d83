"""The conversation: everything about a pull request but its diff, from one GraphQL query."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from bot.errors import Gone, Later
from bot.facts.words import at, nodes
from bot.model import LABEL_PREFIX

if TYPE_CHECKING:
    from bot.facts.sources import Reader

# 1,100 comments, reviews and threads each; a discussion beyond that is read in part.
MAX_PAGES = 10
_CURSORS = {"reviewsAfter": "reviews", "threadsAfter": "reviewThreads", "commentsAfter": "comments"}


@dataclass(frozen=True)
class Conversation:
    """GitHub's answer, its pages put together: the repository and the pull request as JSON."""

    repository: dict[str, Any]
    pull: dict[str, Any]

    @property
    def full_name(self) -> str:
        """The repository's name as it is now, even if the delivery had an old one."""
        return str(self.repository["nameWithOwner"])


async def read_conversation(
    reader: Reader, repository: str, repository_id: int | None, number: int, label_prefix: str = LABEL_PREFIX
) -> Conversation:
    """Read the conversation of a pull request. One request unless a list has over 100 entries.

    ``label_prefix`` is what the labels of the repository begin with that are to be told.

    Raises ``Gone`` if there is no such pull request, or if the name now belongs to a repository
    other than ``repository_id``.
    """
    query = (resources.files("bot.facts") / "queries" / "conversation.graphql").read_text("utf-8")
    owner, _, name = repository.partition("/")
    variables: dict[str, Any] = {"owner": owner, "name": name, "number": number, "labelPrefix": label_prefix}
    found = await _page(reader, query, variables, repository_id)
    for _ in range(MAX_PAGES):
        cursors = {
            variable: at(found.pull, field, "pageInfo", "endCursor")
            for variable, field in _CURSORS.items()
            if at(found.pull, field, "pageInfo", "hasNextPage")
        }
        if not cursors:
            break
        more = await _page(reader, query, variables | cursors, repository_id)
        for variable in cursors:
            _extend(found.pull[_CURSORS[variable]], more.pull.get(_CURSORS[variable]))
    return found


async def _page(
    reader: Reader, query: str, variables: dict[str, Any], repository_id: int | None
) -> Conversation:
    data = await reader.graphql_data(query, variables)
    repository = data.get("repository")
    pull = at(repository, "pullRequest")
    if not isinstance(repository, dict) or not isinstance(pull, dict):
        raise Gone("there is no such pull request")
    if repository_id is not None and repository.get("databaseId") != repository_id:
        raise Gone("the repository's name belongs to another repository now")
    if not isinstance(pull.get("title"), str) or not isinstance(repository.get("nameWithOwner"), str):
        raise Later(5.0, "GitHub's answer about the pull request is incomplete")
    return Conversation(repository, pull)


def _extend(connection: dict[str, Any], more: object) -> None:
    connection["nodes"] = nodes(connection) + nodes(more)
    connection["pageInfo"] = at(more, "pageInfo") or {"hasNextPage": False}
