"""Why a change was made is quoted from its author, never made up."""

from __future__ import annotations

from typing import Any

import pytest

from bot.inference.motivation import motivation
from bot.model import LinkedIssue, Quote, Source
from tests.fakes.facts import commit, pull_facts


def quotes(body: str, **changes: Any) -> list[str]:
    return [quote.text for quote in motivation(pull_facts(body=body, **changes))]


def test_nothing_to_quote_gives_nothing() -> None:
    """An empty body and no issue leave the motivation empty."""
    assert motivation(pull_facts(body="")) == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "## Motivation\nA failed save lost the night's work.\n\n## Test\nRan it on two machines.",
            ["A failed save lost the night's work."],
            id="text under a heading that says why comes before all else",
        ),
        pytest.param(
            "## Changes\nThe reader now looks twice at the file.",
            [],
            id="a list of changes is no motivation",
        ),
        pytest.param(
            "Fixes #12\nSee https://x.test/rfc for the long story.\nIt lost data on every failed save.",
            ["It lost data on every failed save."],
            id="pointers are left to the related section",
        ),
        pytest.param(
            "The results are as follows:\n\nIt lost data on every failed save.",
            ["It lost data on every failed save."],
            id="a sentence that only introduces something is left out",
        ),
        pytest.param(
            "This PR keeps the last snapshot when a save fails.\nThe disk was full and nobody noticed it.",
            ["The disk was full and nobody noticed it."],
            id="what the title says already is not repeated",
        ),
        pytest.param("N/A", [], id="an empty answer to a template"),
        pytest.param(
            "This reverts commit 3f80815e1b0a31c57fcc8dfa1c527d8305d63578.", [], id="what a revert undoes"
        ),
        pytest.param("(Stacked on top of #27)", [], id="what it was built on"),
        pytest.param(
            "## 背景\n保存失败时会丢失最后一次快照。", ["保存失败时会丢失最后一次快照。"], id="Chinese"
        ),
        pytest.param(
            "1. Wider locks\nBecause two writers met in the same file, the second one won.",
            ["Because two writers met in the same file, the second one won."],
            id="the label of a list item is left to the steps",
        ),
    ],
)
def test_quotes(body: str, expected: object) -> None:
    """The sentences a maintainer would pick, word for word."""
    assert quotes(body) == expected


def test_a_step_is_not_repeated() -> None:
    """What the steps quote from the same list is left to them."""
    body = "- It reads the header twice.\n- It lost data on every failed save."
    told = (Quote(text="It reads the header twice.", source=Source.BODY),)
    found = motivation(pull_facts(body=body), told)
    assert [quote.text for quote in found] == ["It lost data on every failed save."]


def test_at_most_four_sentences() -> None:
    """A long story is cut to its first sentences."""
    body = " ".join(
        f"Reason number {word} is a serious one." for word in ("one", "two", "three", "four", "five")
    )
    assert len(quotes(body)) == 4


def test_long_sentences_are_clipped() -> None:
    """No quote is longer than three hundred characters."""
    assert len(quotes("It " + "really " * 100 + "lost data.")[0]) <= 300


def test_closed_issues_are_quoted_by_their_title() -> None:
    """The issue's number is the source; issues of other repositories are left out."""
    issues = (
        LinkedIssue(number=7, title="Snapshot is lost"),
        LinkedIssue(number=9, title="Elsewhere", repository="octo-org/other"),
    )
    found = motivation(pull_facts(issues=issues))
    assert [(quote.text, quote.source, quote.number) for quote in found] == [
        ("Snapshot is lost", Source.ISSUE, 7)
    ]


def test_the_only_commit_speaks_where_the_description_is_silent() -> None:
    """It is quoted in whole sentences, as a commit."""
    commits = (
        commit("Keep it", body="Blue: forward, green: back\n\nA full disk lost the whole night of work."),
    )
    found = motivation(pull_facts(body="", commits=commits, commit_count=1))
    assert [(quote.text, quote.source) for quote in found] == [
        ("A full disk lost the whole night of work.", Source.COMMIT)
    ]


def test_commits_are_silent_where_the_description_speaks() -> None:
    """Its author's own words for the whole come first."""
    commits = (commit("Keep it", body="A full disk lost the whole night of work."),)
    found = motivation(pull_facts(body="It lost data on every failed save.", commits=commits))
    assert {quote.source for quote in found} == {Source.BODY}


def test_of_several_commits_none_speaks_for_all() -> None:
    """A detail of a branch is no reason for the whole."""
    commits = tuple(commit(f"Step {number}", body="The tip shows both phases now.") for number in range(2))
    assert motivation(pull_facts(body="", commits=commits, commit_count=2)) == ()
