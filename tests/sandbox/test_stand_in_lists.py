"""Lists, search and comparison on the stand-in, as GitHub gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.build import add_repository
from sandbox.talk import add_issue, open_pull
from tests.fakes.github import ask, installation_token, the_repository
from tests.fakes.merged import merged_at

if TYPE_CHECKING:
    from sandbox.github import GitHub


async def data_of(github: GitHub, text: str) -> Any:
    """The data of a query."""
    reply = await ask(github, "POST", "/graphql", json={"query": text})
    assert "errors" not in reply.json, reply.json["errors"]
    return reply.json["data"]


async def in_repository(github: GitHub, selection: str) -> Any:
    """What the repository answers."""
    text = f'{{ repository(owner: "octo-org", name: "engine") {{ {selection} }} }}'
    return (await data_of(github, text))["repository"]


async def listed(github: GitHub, args: str) -> list[int]:
    """The numbers of a list of pull requests."""
    answer = await in_repository(github, f"pullRequests({args}) {{ nodes {{ number }} }}")
    return [node["number"] for node in answer["pullRequests"]["nodes"]]


async def found(github: GitHub, query: str) -> int:
    """How many a search finds."""
    text = f'{{ search(query: "{query}", type: ISSUE, first: 1) {{ issueCount }} }}'
    count: int = (await data_of(github, text))["search"]["issueCount"]
    return count


def fill(github: GitHub) -> None:
    """Merges 1 to 3 of which the first was touched last, the open pull request 4, and the issue 5."""
    merged_at(github.state, "2026-03-02T00:00:00", touched="2026-03-09T00:00:00", user="octo-one")
    merged_at(github.state, "2026-03-03T00:00:00", user="octo-two", labels=("bug",))
    merged_at(github.state, "2026-03-04T00:00:00", user="octo-bump[bot]", title="Bump it")
    open_pull(github.state, the_repository(github.state), {"open.txt": "x\n"}, user="octo-one")
    add_issue(github.state, the_repository(github.state), user="octo-one")


@pytest.mark.parametrize(
    ("args", "numbers"),
    [
        pytest.param("first: 9", [1, 2, 3, 4], id="the first opened first"),
        pytest.param("first: 9, states: MERGED", [1, 2, 3], id="one state"),
        pytest.param("first: 9, states: [OPEN, CLOSED]", [4], id="two states"),
        pytest.param('first: 9, labels: ["bug"]', [2], id="a label"),
        pytest.param(
            "first: 2, states: MERGED, orderBy: {field: UPDATED_AT, direction: DESC}", [1, 3], id="by touch"
        ),
        pytest.param('first: 9, baseRefName: "release"', [], id="a branch without any"),
    ],
)  # fmt: skip
async def test_pull_requests_are_listed_by_state_and_order(github: GitHub, args: str, numbers: list[int]):
    """As GitHub's GraphQL lists them."""
    fill(github)
    assert await listed(github, args) == numbers


@pytest.mark.parametrize(
    ("query", "count"),
    [
        pytest.param("repo:octo-org/engine is:pr is:merged", 3, id="merges"),
        pytest.param("repo:octo-org/engine is:pr", 4, id="pull requests"),
        pytest.param("repo:octo-org/engine is:issue is:open", 1, id="issues"),
        pytest.param("repo:octo-org/engine author:octo-one", 3, id="somebody's"),
        pytest.param("repo:octo-org/engine author:app/octo-bump", 1, id="a bot's"),
        pytest.param("repo:octo-org/engine is:merged merged:<2026-03-03T00:00:00Z", 1, id="before a moment"),
        pytest.param("repo:octo-org/engine merged:>=2026-03-03T00:00:00Z", 2, id="from a moment on"),
        pytest.param("repo:octo-org/engine bump", 1, id="by a word of the title"),
        pytest.param("repo:octo-org/nothing is:pr", 0, id="a repository that is not there"),
        pytest.param("author:nobody", 0, id="an account that is not there"),
        pytest.param("repo:octo-org/hidden is:issue", 0, id="a repository outside the token"),
    ],
)
async def test_search_counts_what_matches_every_word(github: GitHub, query: str, count: int):
    """What is not there is no error: nothing is found."""
    fill(github)
    hidden = add_repository(github.state, "octo-org/hidden")
    hidden.private = True
    add_issue(github.state, hidden)
    assert await found(github, query) == count


async def test_changed_files_are_listed(github: GitHub):
    """A removed file is called deleted in GraphQL."""
    merged_at(github.state, "2026-03-02", changes={"engine/store.py": None, "new.txt": "x\ny\n"})
    files = "files(first: 5) { totalCount nodes { path changeType additions deletions } }"
    pull = (await in_repository(github, f"pullRequest(number: 1) {{ updatedAt {files} }}"))["pullRequest"]
    rows = [tuple(node.values()) for node in pull["files"]["nodes"]]
    assert (pull["updatedAt"], pull["files"]["totalCount"]) == ("2026-03-02T00:00:00Z", 2)
    assert rows == [("engine/store.py", "DELETED", 0, 2), ("new.txt", "ADDED", 2, 0)]


async def test_two_commits_are_compared(github: GitHub):
    """Tags, branches and ids; what the first lacks, oldest first, with its files."""
    repository = the_repository(github.state)
    repository.tags["v1/rc"] = repository.branches["main"]
    pulls = [merged_at(github.state, f"2026-12-0{day}T00:00:00") for day in (1, 2)]
    answer = (await ask(github, "GET", "/repos/octo-org/engine/compare/v1%2Frc...main")).json
    assert [row["sha"] for row in answer["commits"]] == [pull.merge_sha for pull in pulls]
    assert (answer["status"], answer["ahead_by"], answer["behind_by"]) == ("ahead", 2, 0)
    assert [row["filename"] for row in answer["files"]] == ["engine/part_1.py", "engine/part_2.py"]
    assert answer["base_commit"]["sha"] == answer["merge_base_commit"]["sha"] == repository.tags["v1/rc"]


async def test_a_comparison_comes_in_pages(github: GitHub):
    """``total_commits`` counts all; a later page has no files."""
    repository = the_repository(github.state)
    repository.tags["v1"] = repository.branches["main"]
    pulls = [merged_at(github.state, f"2026-12-0{day}T00:00:00") for day in (1, 2, 3)]
    reply = await ask(github, "GET", "/repos/octo-org/engine/compare/v1...main?per_page=2&page=2")
    assert [row["sha"] for row in reply.json["commits"]] == [pulls[2].merge_sha]
    assert reply.json["total_commits"] == 3
    assert "files" not in reply.json
    assert 'rel="prev"' in reply.headers["Link"]


@pytest.mark.parametrize("basehead", ["v1...v9", "v9...main", "main", "main..main"])
async def test_what_is_not_there_cannot_be_compared(github: GitHub, basehead: str):
    """A 404, as for everything that is missing."""
    assert (await ask(github, "GET", f"/repos/octo-org/engine/compare/{basehead}")).status == 404


async def test_a_list_needs_the_right_to_read_pull_requests(github: GitHub):
    """Without it GitHub gives a typed error."""
    token = installation_token(github.state, {"metadata": "read"})
    text = '{ repository(owner: "octo-org", name: "engine") { pullRequests(first: 1) { totalCount } } }'
    headers = {"Authorization": f"Bearer {token}"}
    reply = await ask(github, "POST", "/graphql", json={"query": text}, headers=headers)
    assert [error["type"] for error in reply.json["errors"]] == ["FORBIDDEN"]
