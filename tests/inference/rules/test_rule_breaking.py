"""A change is breaking when its author marked it, never because a template mentions the mark."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model import FileKind, RiskKey
from tests.fakes.facts import commit, file_change
from tests.fakes.insights import risk, severity

KEY = RiskKey.BREAKING_CHANGE
TEMPLATE = """### Checklist Before Starting

- [x] Search for similar PRs
- If this PR breaks any API (CLI arguments, config, function signature,
etc.), add `[BREAKING]` to the beginning of the title.
  - Example: `[BREAKING][store, web] feat: dynamic batching`
"""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"title": "[BREAKING][store] feat: new reader"}, "high", id="a bracket in the title"),
        pytest.param({"title": "feat(api)!: drop v1"}, "high", id="an exclamation mark in the title"),
        pytest.param(
            {"body": "It is new.\n\nBREAKING CHANGE: v1 is gone"}, "high", id="a footer in the body"
        ),
        pytest.param({"body": "BREAKING-CHANGE: v1 is gone\r\n"}, "high", id="a footer with a dash and CRLF"),
        pytest.param({"labels": ("breaking-change",)}, "high", id="a label"),
        pytest.param({"body": "- [x] Breaking change (old calls fail)"}, "medium", id="a ticked box"),
        pytest.param({"commits": (commit("feat!: drop v1"),)}, "medium", id="a commit's headline"),
        pytest.param(
            {"commits": (commit(body="BREAKING CHANGE: v1 is gone"),)}, "medium", id="a commit's footer"
        ),
        pytest.param({"body": TEMPLATE}, None, id="a template's instruction in a code span"),
        pytest.param({"commits": (commit(body=TEMPLATE),)}, None, id="a template in a squash commit"),
        pytest.param(
            {"body": "add [BREAKING] to the beginning of the title"},
            None,
            id="an instruction without a code span",
        ),
        pytest.param(
            {"body": "[BREAKING] goes into the title"},
            None,
            id="a wrapped instruction whose line begins with the mark",
        ),
        pytest.param(
            {"body": "<!--\nBREAKING CHANGE: say what breaks\n-->"}, None, id="a template's comment"
        ),
        pytest.param({"body": "```\nBREAKING CHANGE: example\n```"}, None, id="an example in a code block"),
        pytest.param({"body": "BREAKING CHANGE: none"}, None, id="a footer that says none"),
        pytest.param({"body": "BREAKING CHANGE: describe what breaks"}, None, id="a footer nobody filled in"),
        pytest.param({"body": "- [ ] Breaking change"}, None, id="a box nobody ticked"),
        pytest.param({"body": "- [x] This is not a breaking change"}, None, id="a ticked box that denies it"),
        pytest.param({"title": "Fix the breaking test"}, None, id="the word in a sentence"),
    ],
)
def test_marks(changes: dict[str, Any], expected: object) -> None:
    """Title, footers, labels and ticked boxes count; everything a template says does not."""
    assert severity(KEY, **changes) == expected


def test_the_mark_is_the_evidence() -> None:
    """The title itself is quoted."""
    found = risk(KEY, title="feat!: drop v1")
    assert found is not None
    assert (found.evidence[0].quote, found.evidence[0].number) == ("feat!: drop v1", 12)


def test_a_break_without_documentation_is_a_risk_of_its_own() -> None:
    """Users who read only the documentation would not learn of it."""
    source = file_change(added="x = 1")
    docs = file_change("docs/api.md", added="v1 is gone", kind=FileKind.DOCS)
    assert severity(RiskKey.DOCUMENTATION, title="feat!: drop v1", files=(source,)) == "low"
    assert severity(RiskKey.DOCUMENTATION, title="feat!: drop v1", files=(source, docs)) is None
    assert severity(RiskKey.DOCUMENTATION, title="feat!: drop v1", files=(source,), changed_files=9) is None
