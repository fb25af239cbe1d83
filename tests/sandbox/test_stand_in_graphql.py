"""GraphQL on the stand-in: pages, errors and figures as GitHub gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.build import add_checks, add_user_token, rename
from sandbox.sample import REPOSITORY
from sandbox.state import Check
from sandbox.talk import add_comment
from tests.fakes.github import add_merge, ask, bearer, installation_token, the_repository

if TYPE_CHECKING:
    from sandbox.github import GitHub


async def query(github: GitHub, selection: str, **options: Any) -> Any:
    """The JSON of a query on the first repository; ``headers`` may be given."""
    name = options.pop("name", the_repository(github.state).full_name).partition("/")[2]
    owner = the_repository(github.state).owner.login
    text = (
        f'query Try {{ repository(owner: "{owner}", name: "{name}") {{ {selection} }} rateLimit {{ cost }} }}'
    )
    reply = await ask(github, "POST", "/graphql", json={"query": text}, **options)
    assert reply.status == 200
    return reply.json


async def in_repository(github: GitHub, selection: str, **options: Any) -> Any:
    """What the repository answers."""
    answer = await query(github, selection, **options)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["repository"]


async def test_comments_come_in_pages(github: GitHub) -> None:
    """``after`` and ``endCursor`` lead through all, ``totalCount`` counts all."""
    pull = add_merge(github.state)
    for number in range(5):
        add_comment(github.state, pull, "octo-dev", f"{number}")
    bodies, after, more = [], "", True
    fields = "totalCount pageInfo { hasNextPage endCursor } nodes { body }"
    while more:
        selection = f"pullRequest(number: 1) {{ comments(first: 2{after}) {{ {fields} }} }}"
        page = (await in_repository(github, selection))["pullRequest"]["comments"]
        bodies += [node["body"] for node in page["nodes"]]
        after, more = f', after: "{page["pageInfo"]["endCursor"]}"', page["pageInfo"]["hasNextPage"]
    assert (bodies, page["totalCount"]) == (["0", "1", "2", "3", "4"], 5)


async def test_the_last_ones_can_be_asked_for(github: GitHub) -> None:
    """``last`` counts from the end."""
    pull = add_merge(github.state)
    for number in range(3):
        add_comment(github.state, pull, "octo-dev", f"{number}")
    answer = await in_repository(github, "pullRequest(number: 1) { comments(last: 2) { nodes { body } } }")
    assert [node["body"] for node in answer["pullRequest"]["comments"]["nodes"]] == ["1", "2"]


@pytest.mark.parametrize(
    ("selection", "kind"),
    [
        pytest.param("pullRequest(number: 9) { title }", "NOT_FOUND", id="no such pull request"),
        pytest.param(
            "issueOrPullRequest(number: 9) { __typename }", "NOT_FOUND", id="nothing of that number"
        ),
        pytest.param("issue(number: 1) { title }", "NOT_FOUND", id="a pull request is no issue"),
        pytest.param("labels { nodes { name } }", "MISSING_PAGINATION_BOUNDARIES", id="no first and no last"),
        pytest.param(
            "labels(first: 101) { nodes { name } }", "EXCESSIVE_PAGINATION", id="more than a hundred"
        ),
    ],
)
async def test_errors_come_with_status_200_and_a_type(github: GitHub, selection: str, kind: str) -> None:
    """The data is null where the error is, and the error has GitHub's type."""
    add_merge(github.state)
    answer = await query(github, selection)
    assert [error["type"] for error in answer["errors"]] == [kind]
    assert answer["data"]["repository"] in ({selection.partition("(")[0].partition(" ")[0]: None}, None)


async def test_a_repository_outside_the_token_is_not_found(github: GitHub) -> None:
    """GitHub's sentence, whether it exists or not."""
    answer = await query(github, "id", name="octo-org/other")
    assert answer["data"]["repository"] is None
    assert answer["errors"][0]["message"] == (
        "Could not resolve to a Repository with the name 'octo-org/other'."
    )


async def test_a_renamed_repository_is_followed(github: GitHub) -> None:
    """GraphQL answers under the old name."""
    rename(the_repository(github.state), "motor")
    answer = await in_repository(github, "nameWithOwner", name="octo-org/engine")
    assert answer["nameWithOwner"] == "octo-org/motor"


async def test_a_missing_permission_is_an_error_of_the_field(github: GitHub) -> None:
    """The rest of the query is answered."""
    headers = bearer(installation_token(github.state, {"contents": "read"}))
    answer = await query(github, "nameWithOwner pullRequest(number: 1) { title }", headers=headers)
    assert answer["data"]["repository"] == {"nameWithOwner": "octo-org/engine", "pullRequest": None}
    assert answer["errors"][0]["type"] == "FORBIDDEN"


async def test_what_the_schema_lacks_is_refused_and_noted(github: GitHub) -> None:
    """An unknown field is an error, and the log keeps it."""
    assert "data" not in await query(github, "stargazerCount")
    assert "stargazerCount" in github.log.unknown[0]


async def test_cost_follows_githubs_formula(github: GitHub) -> None:
    """One point for a hundred requests: 1 + 100 + 100 × 50 make 51."""
    add_merge(github.state)
    threads = "reviewThreads(first: 100) { nodes { comments(first: 50) { nodes { body } } } }"
    assert (await query(github, f"pullRequest(number: 1) {{ {threads} }}"))["data"]["rateLimit"]["cost"] == 1
    nested = (
        'labels(first: 100) { totalCount } object(expression: "HEAD") { ... on Commit { history(first: 100) '
        "{ nodes { associatedPullRequests(first: 50) { nodes { comments(first: 1) { totalCount } } } } } } }"
    )
    assert (await query(github, nested))["data"]["rateLimit"]["cost"] == 51
    assert github.log.records[-1].cost == 51
    assert github.log.records[-1].operation == "Try"


async def test_files_come_with_their_text(github: GitHub) -> None:
    """A blob has text unless it is binary, and is cut at 512,000 bytes."""
    add_merge(github.state, {"big.txt": "x" * 600_000, "logo.png": b"\x89\0"})
    fields = "... on Blob { byteSize isBinary isTruncated text }"
    parts = [
        f'f{index}: object(expression: "HEAD:{path}") {{ {fields} }}'
        for index, path in enumerate(("README.md", "big.txt", "logo.png", "missing"))
    ]
    answer = await in_repository(github, " ".join(parts))
    assert answer["f0"] == {"byteSize": 9, "isBinary": False, "isTruncated": False, "text": "# engine\n"}
    assert (answer["f1"]["isTruncated"], len(answer["f1"]["text"])) == (True, 512_000)
    assert (answer["f2"]["isBinary"], answer["f2"]["text"]) == (True, None)
    assert answer["f3"] is None


async def test_the_history_of_a_path_names_the_pull_requests(sample_github: GitHub) -> None:
    """Each commit that touched the file leads to the pull request that brought it."""
    sha = the_repository(sample_github.state).pulls[11].merge_sha
    history = (
        'history(first: 10, path: "tidepool/cache.py") '
        "{ nodes { oid associatedPullRequests(first: 1) { nodes { number merged } } } }"
    )
    answer = await in_repository(sample_github, f'object(oid: "{sha}") {{ ... on Commit {{ {history} }} }}')
    found = [node["associatedPullRequests"]["nodes"] for node in answer["object"]["history"]["nodes"]]
    assert [pulls[0]["number"] for pulls in found if pulls] == [11, 9, 7, 7, 2]
    assert found[-1] == []


async def test_bots_have_no_suffix_here(sample_github: GitHub) -> None:
    """``dependabot[bot]`` of REST is the Bot ``dependabot`` in GraphQL."""
    answer = await in_repository(sample_github, "pullRequest(number: 10) { author { __typename login } }")
    assert answer["pullRequest"]["author"] == {"__typename": "Bot", "login": "dependabot"}


async def test_threads_say_where_they_are_now(sample_github: GitHub) -> None:
    """The line that was changed after the remark is gone; the other one moved with its text."""
    thread = "line originalLine isResolved isOutdated resolvedBy { login } comments(first: 9) { totalCount }"
    answer = await in_repository(
        sample_github, f"pullRequest(number: 7) {{ reviewThreads(first: 10) {{ nodes {{ {thread} }} }} }}"
    )
    first, second, _ = answer["pullRequest"]["reviewThreads"]["nodes"]
    assert (first["line"], first["isOutdated"], first["resolvedBy"]) == (None, True, {"login": "octo-dev"})
    assert (second["isResolved"], second["isOutdated"], second["comments"]["totalCount"]) == (False, False, 3)


async def test_checks_and_closing_issues_and_the_queue(sample_github: GitHub) -> None:
    """What else a report reads of a pull request."""
    checks = (
        "commits(last: 1) { nodes { commit { statusCheckRollup { state contexts(first: 10) { nodes { "
        "__typename ... on CheckRun { name conclusion } ... on StatusContext { context state } } } } } } }"
    )
    closing = "closingIssuesReferences(first: 5) { nodes { number repository { nameWithOwner } } }"
    answer = await in_repository(sample_github, f"pullRequest(number: 7) {{ {checks} {closing} }}")
    rollup = answer["pullRequest"]["commits"]["nodes"][0]["commit"]["statusCheckRollup"]
    assert rollup["state"] == "SUCCESS"
    assert rollup["contexts"]["nodes"][2] == {
        "__typename": "StatusContext",
        "context": "lint",
        "state": "SUCCESS",
    }
    assert answer["pullRequest"]["closingIssuesReferences"]["nodes"] == [
        {"number": 5, "repository": {"nameWithOwner": REPOSITORY}}
    ]
    events = "timelineItems(first: 5, itemTypes: [ADDED_TO_MERGE_QUEUE_EVENT]) { nodes { __typename } }"
    queue = await in_repository(sample_github, f"pullRequest(number: 13) {{ {events} }}")
    assert queue["pullRequest"]["timelineItems"]["nodes"] == [{"__typename": "AddedToMergeQueueEvent"}]


async def test_a_failed_check_shows(github: GitHub) -> None:
    """One failure makes the rollup one; a running check makes it pending."""
    pull = add_merge(github.state)
    selection = (
        "pullRequest(number: 1) { commits(last: 1) { nodes { commit { statusCheckRollup { state } } } } }"
    )
    states = []
    for check in (Check("a"), Check("b", "FAILURE"), Check("c", None)):
        add_checks(the_repository(github.state), pull.head_sha, check)
        nodes = (await in_repository(github, selection))["pullRequest"]["commits"]["nodes"]
        states.append(nodes[0]["commit"]["statusCheckRollup"]["state"])
    assert states == ["SUCCESS", "FAILURE", "PENDING"]


async def test_who_wrote_a_comment_depends_on_who_asks(github: GitHub) -> None:
    """``viewerDidAuthor`` is true for the app's own comment only."""
    pull = add_merge(github.state)
    add_comment(github.state, pull, "octo-dev", "theirs")
    await ask(github, "POST", "/repos/octo-org/engine/issues/1/comments", json={"body": "ours"})
    selection = "pullRequest(number: 1) { comments(first: 5) { nodes { viewerDidAuthor fullDatabaseId } } }"
    nodes = (await in_repository(github, selection))["pullRequest"]["comments"]["nodes"]
    assert [node["viewerDidAuthor"] for node in nodes] == [False, True]
    assert nodes[1]["fullDatabaseId"] == str(pull.comments.value[1].id)


async def test_labels_are_searched_in_name_and_description(github: GitHub) -> None:
    """``query`` narrows as GitHub does."""
    for name in ("risk: revert", "bug"):
        await ask(github, "POST", "/repos/octo-org/engine/labels", json={"name": name})
    answer = await in_repository(github, 'labels(first: 9, query: "risk: ") { nodes { name color } }')
    assert answer["labels"]["nodes"] == [{"name": "risk: revert", "color": "ededed"}]


async def test_reads_can_be_stale(github: GitHub) -> None:
    """What was written a moment ago is not there yet."""
    add_merge(github.state)
    await ask(github, "POST", "/repos/octo-org/engine/issues/1/comments", json={"body": "new"})
    github.faults.add("stale", probability=1, seconds=30, path="graphql")
    answer = await in_repository(github, "pullRequest(number: 1) { comments(first: 5) { totalCount } }")
    assert answer["pullRequest"]["comments"]["totalCount"] == 0


async def test_enterprise_server_has_another_path_and_roles_are_listed(github: GitHub) -> None:
    """``/api/graphql``, and the collaborators with their permission."""
    the_repository(github.state).roles["octo-dev"] = "maintain"
    add_user_token(github.state, "octo-dev", "ghp_dev")
    text = (
        'query { repository(owner: "octo-org", name: "engine") { collaborators(first: 5) '
        "{ edges { permission node { login } } } } }"
    )
    reply = await ask(github, "POST", "/api/graphql", json={"query": text}, headers=bearer("ghp_dev"))
    assert reply.json["data"]["repository"]["collaborators"]["edges"] == [
        {"permission": "MAINTAIN", "node": {"login": "octo-dev"}}
    ]
