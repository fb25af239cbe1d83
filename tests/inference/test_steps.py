"""Steps are the commits' own words, or the description's list."""

from __future__ import annotations

from typing import Any

from bot.inference.steps import steps
from bot.model import Source
from tests.fakes.facts import commit, pull_facts


def texts(*headlines: str, **changes: Any) -> list[str]:
    commits = tuple(commit(headline) for headline in headlines)
    return [step.text for step in steps(pull_facts(commits=commits, **changes))]


def test_meaningful_commits_are_steps() -> None:
    """Two commits that say something are two steps, without their prefixes."""
    assert texts("feat: read the header first", "fix: close the old file") == [
        "read the header first",
        "close the old file",
    ]


def test_noise_is_left_out() -> None:
    """Merges, fixups, lint and review replies are no steps; what is left alone is none either."""
    noise = [
        "Merge branch 'main' into x",
        "fix lint",
        "wip",
        "address review comments",
        "fixup! a",
        "1",
        "ruff format all files",
    ]
    assert texts(*noise, "read the header first") == []
    assert texts(*noise, "read the header first", "close the old file") == [
        "read the header first",
        "close the old file",
    ]


def test_the_titles_own_commit_is_no_step() -> None:
    """A squash commit that repeats the title says nothing new."""
    assert texts("Keep the last snapshot when a save fails (#12)", "read the header first") == []


def test_more_than_ten_commits_are_no_steps() -> None:
    """Forty commits are a diary."""
    assert texts(*(f"change part number {n} of it" for n in range(11))) == []


def test_commits_that_were_not_all_read_are_no_steps() -> None:
    """Half a list would look like the whole."""
    assert texts("read the header first", "close the old file", commit_count=120) == []


def test_a_list_in_the_description_serves_instead() -> None:
    """The items' first sentences, marked as coming from the body."""
    body = "## Changes\n- Read the header first. It is short.\n- Close the old file.\n\n## Test\n- a\n- b"
    found = steps(pull_facts(body=body))
    assert [(step.text, step.source) for step in found] == [
        ("Read the header first.", Source.BODY),
        ("Close the old file.", Source.BODY),
    ]
