"""Descriptions are read without the template around them."""

from __future__ import annotations

import time

import pytest

from bot.inference.prose import passages, without_code, without_spans

TEMPLATE = """### What does this PR do?

> Add **concise** overview of what this PR aims to achieve. Reference related
issues that help with the review.

It keeps the last snapshot.

### Checklist Before Starting

- [x] Search for similar PRs: ...
- [ ] Format the title as `[{modules}] {type}: {description}`
- `{modules}` include `store`, `web`
- If this PR breaks any API, add `[BREAKING]` to the beginning of the title.

### Test

> For changes that can not be tested by CI, validate by experiment and show
results like plots.

### Checklist Before Submitting

> [!IMPORTANT]
> Please check all the items before requesting a review.

- [ ] Read the guide.
"""


def words(body: str) -> list[str]:
    return [sentence for part in passages(body) for sentence in part.sentences]


def test_only_the_authors_sentence_is_left_of_a_template() -> None:
    """Instructions, checklists and their nested lists are not the author's words."""
    assert words(TEMPLATE) == ["It keeps the last snapshot."]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("<!-- Describe it -->\nIt saves.", ["It saves."], id="comments go"),
        pytest.param(
            "It saves.\n<!-- never closed", ["It saves."], id="an unclosed comment reaches to the end"
        ),
        pytest.param(
            "```\ncode here\n```\nIt saves.", ["It saves."], id="code blocks go, what follows stays"
        ),
        pytest.param(
            "It saves.\n```\nnever closed", ["It saves."], id="an unclosed block reaches to the end"
        ),
        pytest.param(
            "| a | b |\n|---|---|\n| long\ncell | x |\n\nIt saves.",
            ["It saves."],
            id="tables go, wrapped too",
        ),
        pytest.param(
            '<img width="9"\nsrc="x.png"\n/>\n\nIt saves.', ["It saves."], id="an image over lines goes"
        ),
        pytest.param(
            "<details><summary>Log</summary>\nnoise\n</details>\nIt saves.", ["It saves."], id="details go"
        ),
        pytest.param("It saves.\n\nSigned-off-by: Octo <o@x.test>", ["It saves."], id="sign-offs go"),
        pytest.param("Title\n=====\nIt saves.", ["It saves."], id="an underlined heading is no sentence"),
        pytest.param("Summary\n--\n\nIt saves.", ["It saves."], id="a heading underlined with two dashes"),
        pytest.param("**Motivation**\n\nIt saves.", ["It saves."], id="a bold line is a heading"),
        pytest.param("---\nIt saves.\n***", ["It saves."], id="rules go"),
        pytest.param(
            "> The old one lost data.\nIt saves.",
            ["The old one lost data.", "It saves."],
            id="a quote that says something stays",
        ),
        pytest.param("Please describe your change here.", [], id="an instruction goes"),
        pytest.param("请在此描述改动。", [], id="a Chinese instruction goes"),
        pytest.param("It saves.\n\n[//]: # (start)", ["It saves."], id="link definitions go"),
        pytest.param("## Summary by Octobot\n- New: saves.", [], id="a summary that a tool wrote goes"),
        pytest.param("🤖 Generated with a tool", [], id="a tool's signature goes"),
        pytest.param("1. First thing.\n2. Second thing.", ["First thing.", "Second thing."], id="lists stay"),
        pytest.param(
            "a < b and List<String> stay.", ["a < b and List<String> stay."], id="what is no HTML stays"
        ),
        pytest.param("", [], id="an empty body"),
    ],
)
def test_what_is_left(body: str, expected: object) -> None:
    """Markup goes, sentences stay."""
    assert words(body) == expected


def test_the_heading_is_kept_with_its_text() -> None:
    """A sentence knows under which heading it stands."""
    assert passages("## Why?\nIt lost data.")[0].heading == "Why?"


def test_without_spans_and_code() -> None:
    """Both helpers drop exactly what is between the marks."""
    assert without_spans("a<!--b-->c<!--d", "<!--", "-->") == "ac"
    assert without_code("a `b` c\n```\nd\n```\ne") == "a  c\ne"


@pytest.mark.parametrize("unit", ["<a ", "`", "*", "[", "> ", "- [ ] ", "<!--", "a\n", ".", "。", "|"])
def test_hostile_bodies_take_no_time(unit: str) -> None:
    """A body of the largest size, made of one mark, is read in well under a second."""
    start = time.perf_counter()
    passages(unit * (60_000 // len(unit)))
    assert time.perf_counter() - start < 1.5
