"""The sample repository holds what the demonstration promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.sample import FEATURED, sample_state
from tests.fakes.github import merge_of, the_repository

if TYPE_CHECKING:
    from sandbox.state import Repository


@pytest.fixture(scope="module")
def repository() -> Repository:
    """The sample repository."""
    return the_repository(sample_state())


def test_it_is_the_same_every_time(repository: Repository) -> None:
    """Commits, ids and times do not depend on when it is built."""
    again = the_repository(sample_state())
    assert again.branches == repository.branches
    assert [pull.id for pull in again.pulls.values()] == [pull.id for pull in repository.pulls.values()]


def test_the_featured_ones_are_merged_and_the_others_tell_what_came_before(repository: Repository) -> None:
    """Six to show, two before them, one closed without a merge, one open."""
    merged = {number for number, pull in repository.pulls.items() if pull.merged}
    assert merged - set(FEATURED) == {2, 4}
    assert [pull.state for number, pull in repository.pulls.items() if number in {6, 14}] == [
        "closed",
        "open",
    ]


def test_the_feature_was_discussed(repository: Repository) -> None:
    """Two people and a bot, one thread open, an issue closed, tests added."""
    pull = repository.pulls[7]
    raised = {author.login: thread.resolved for thread in pull.threads if (author := thread.comments[0].user)}
    assert raised == {"coral-reviewer": True, "kelp-ops": False, "reef-lint[bot]": True}
    assert pull.closes == (5,)
    assert "tests/test_server.py" in {file.path for file in repository.files(pull)}


def test_the_fix_hides_errors_without_a_test_and_is_reverted(repository: Repository) -> None:
    """The revert gives back the files as they were."""
    fix, revert = repository.pulls[9], repository.pulls[11]
    (file,) = repository.files(fix)
    assert b"+        except Exception:\n+            pass" in file.patch
    (back,) = repository.files(revert)
    assert (back.path, back.new) == (file.path, file.old)
    assert (revert.body or "").startswith("Reverts octo-harbor/tidepool#9")


def test_the_breaking_change_was_merged_by_a_merge_commit(repository: Repository) -> None:
    """With a migration, another default, and a base branch that had moved on."""
    pull = repository.pulls[12]
    merge = merge_of(repository, 12)
    assert merge.parents[1] == pull.head_sha
    assert merge.parents[0] != pull.base_sha
    paths = {file.path for file in repository.files(pull)}
    assert {"migrations/0002_heights_in_millimetres.sql", "tidepool/config.py"} <= paths


def test_a_hostile_comment_is_there_to_be_neutralised(repository: Repository) -> None:
    """A forged marker, a mention, an image, HTML and an instruction."""
    body = repository.pulls[12].comments.value[0].body
    for part in ("<!-- prhub:report:v1", "@octo-harbor/", "![chart](", "<b onclick", "Ignore all previous"):
        assert part in body
