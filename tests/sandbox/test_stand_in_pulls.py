"""Pull requests as the stand-in shows them over REST."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sandbox.diffs import diff_text
from sandbox.objects import Blob, Content
from sandbox.talk import add_remark, add_review, add_thread, open_pull
from tests.fakes.github import add_merge, ask, the_repository

if TYPE_CHECKING:
    from sandbox.github import GitHub

PULL = "/repos/octo-org/engine/pulls/1"
DIFF = {"Accept": "application/vnd.github.diff"}


def many(count: int) -> dict[str, Content]:
    """So many added files of one line."""
    return {f"files/{number:04}.txt": f"{number}\n" for number in range(count)}


async def test_a_merged_pull_request_has_its_figures(github: GitHub) -> None:
    """Counts come from the diff, people and commits from the merge."""
    pull = add_merge(github.state, title="Return two")
    answer = (await ask(github, "GET", PULL)).json
    figures = [answer[name] for name in ("merged", "changed_files", "additions", "deletions", "commits")]
    assert figures == [True, 1, 1, 1, 1]
    assert answer["merge_commit_sha"] == pull.merge_sha
    assert (answer["user"]["login"], answer["merged_by"]["login"]) == ("octo-dev", "octo-lead")


async def test_the_diff_media_type_gives_the_diff(github: GitHub) -> None:
    """The body is the diff, byte for byte."""
    pull = add_merge(github.state)
    reply = await ask(github, "GET", PULL, headers=DIFF)
    assert reply.text.encode() == diff_text(the_repository(github.state).files(pull))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param(many(300), 200, id="300 files are shown"),
        pytest.param(many(301), 406, id="301 files are too many"),
        pytest.param({"big.txt": "line\n" * 19_000}, 200, id="19,000 lines are shown"),
        pytest.param({"big.txt": "line\n" * 20_000}, 406, id="more than 20,000 lines are too many"),
    ],
)
async def test_a_large_diff_is_refused(github: GitHub, changes: dict[str, Content], status: int) -> None:
    """Above 300 files or 20,000 lines the answer is 406 with the code ``too_large``."""
    add_merge(github.state, changes)
    reply = await ask(github, "GET", PULL, headers=DIFF)
    assert reply.status == status
    assert status == 200 or reply.json["errors"][0]["code"] == "too_large"


async def test_files_are_paged_by_link(github: GitHub) -> None:
    """``Link`` leads through all pages, by the repository's id as on GitHub."""
    add_merge(github.state, many(250))
    names, path = [], f"{PULL}/files?per_page=100"
    while path:
        reply = await ask(github, "GET", path)
        names += [row["filename"] for row in reply.json]
        path = reply.links.get("next", "")
        assert not path or "/repositories/" in path
    assert names == sorted(many(250))


async def test_at_most_a_hundred_files_a_page_and_3000_in_all(github: GitHub) -> None:
    """More than 100 a page is 100; the list ends at 3,000 though the count says more."""
    add_merge(github.state, many(3_001))
    reply = await ask(github, "GET", f"{PULL}/files?per_page=500")
    assert len(reply.json) == 100
    assert reply.links["last"].endswith("page=30")
    assert (await ask(github, "GET", PULL)).json["changed_files"] == 3_001


async def test_binary_and_huge_files_have_no_patch(github: GitHub) -> None:
    """A row without ``patch`` still has its name, and its figures if git has them."""
    add_merge(github.state, {"logo.png": b"\x89PNG\0", "huge.txt": "x" * 600_000, "small.txt": "x\n"})
    rows = {row["filename"]: row for row in (await ask(github, "GET", f"{PULL}/files")).json}
    assert {name: "patch" in row for name, row in rows.items()} == {
        "logo.png": False,
        "huge.txt": False,
        "small.txt": True,
    }


async def test_a_rename_names_both_paths(github: GitHub) -> None:
    """``previous_filename`` comes with the status ``renamed``."""
    (commit,) = the_repository(github.state).commits.values()
    add_merge(github.state, {"engine/store.py": None, "engine/kept.py": commit.tree["engine/store.py"]})
    (row,) = (await ask(github, "GET", f"{PULL}/files")).json
    shown = (row["status"], row["previous_filename"], row["filename"], row["changes"])
    assert shown == ("renamed", "engine/store.py", "engine/kept.py", 0)


async def test_invalid_utf8_does_not_break_json(github: GitHub) -> None:
    """The diff keeps the bytes; JSON has replacement characters."""
    add_merge(github.state, {"latin.txt": Blob(b"caf\xe9\n")})
    (row,) = (await ask(github, "GET", f"{PULL}/files")).json
    assert row["patch"].endswith("+caf\ufffd")


async def test_figures_can_be_left_out_past_20000_lines_of_a_page(github: GitHub) -> None:
    """With ``sparse_files`` later rows of a page come unmarked without figures, as once seen on GitHub."""
    add_merge(github.state, {f"{name}.txt": "x\n" * 15_000 for name in "ab"})
    github.state.sparse_files = True
    rows = (await ask(github, "GET", f"{PULL}/files")).json
    assert [row["additions"] for row in rows] == [15_000, 0]
    assert "patch" not in rows[1]


async def test_reviews_remarks_and_commits_are_listed(github: GitHub) -> None:
    """The parts of a discussion, each under its own route."""
    state = github.state
    pull = open_pull(state, the_repository(state), {"engine/store.py": "def save():\n    return 2\n"})
    review = add_review(state, pull, "octo-reviewer", "COMMENTED", body="Hm.")
    thread = add_thread(state, the_repository(state), pull, ("engine/store.py", 2))
    add_remark(state, thread, "octo-reviewer", "Why two?", review_id=review.id)
    add_remark(state, thread, "octo-dev", "Why not?", created_at=state.now() + timedelta(seconds=1))
    remarks = (await ask(github, "GET", f"{PULL}/comments")).json
    assert [remark["body"] for remark in remarks] == ["Why two?", "Why not?"]
    assert remarks[1]["in_reply_to_id"] == remarks[0]["id"]
    assert remarks[0]["diff_hunk"].endswith("+    return 2")
    assert (await ask(github, "GET", f"{PULL}/reviews")).json[0]["state"] == "COMMENTED"
    assert (await ask(github, "GET", f"{PULL}/commits")).json[0]["sha"] == pull.head_sha


async def test_pull_requests_can_be_listed_by_state(github: GitHub) -> None:
    """A sweep for missed merges asks for the closed ones, newest change first."""
    add_merge(github.state)
    open_pull(github.state, the_repository(github.state), {"b.py": "x\n"})
    path = "/repos/octo-org/engine/pulls?state=closed&sort=updated&direction=desc"
    assert [pull["number"] for pull in (await ask(github, "GET", path)).json] == [1]
    assert [pull["number"] for pull in (await ask(github, "GET", path.partition("?")[0])).json] == [2]


async def test_deleted_people_and_forks_are_null(github: GitHub) -> None:
    """A ghost's pull request from a deleted fork is shown with nulls, as on GitHub."""
    add_merge(github.state, user=None, body=None).head_repository = None
    answer = (await ask(github, "GET", PULL)).json
    assert (answer["user"], answer["head"]["repo"], answer["body"]) == (None, None, None)


async def test_every_route_answers_by_id_and_under_enterprise_servers_prefix(github: GitHub) -> None:
    """``/repositories/{id}`` and ``/api/v3`` lead to the same."""
    add_merge(github.state)
    number = the_repository(github.state).id
    by_id = await ask(github, "GET", f"/repositories/{number}/pulls/1")
    enterprise = await ask(github, "GET", f"{github.enterprise_url}/repos/octo-org/engine/pulls/1")
    assert by_id.json["id"] == enterprise.json["id"]
    assert enterprise.json["url"].startswith(github.enterprise_url)
    assert github.log.unknown == []


async def test_an_issue_is_no_pull_request(github: GitHub) -> None:
    """What is not there, or is something else, is a 404."""
    assert (await ask(github, "GET", PULL)).status == 404
    assert (await ask(github, "GET", "/repos/octo-org/engine/pulls/x")).status == 404
