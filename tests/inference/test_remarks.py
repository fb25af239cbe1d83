"""A remark is cut to its first sentences, word for word, without badges and markup."""

from __future__ import annotations

import pytest

from bot.inference.remarks import REMARK_LIMIT, acknowledges, excerpt, is_praise


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "![high](https://x.test/high.svg)\n\nThis leaks the file.", "This leaks the file.", id="badges go"
        ),
        pytest.param(
            "_⚠️ Potential issue_ | _🟠 Major_\n\n**Close the file.**\n\nIt leaks.",
            "Close the file. It leaks.",
            id="a line of badge words goes",
        ),
        pytest.param(
            "It leaks.\n\n```suggestion\nwith f:\n```", "It leaks.", id="a suggestion below a sentence goes"
        ),
        pytest.param(
            "```suggestion\n    close(f)\n```", "close(f)", id="a suggestion alone gives its first line"
        ),
        pytest.param(
            "> The file stays open.\n\nNo, it leaks.",
            "No, it leaks.",
            id="what it quotes is not its own word",
        ),
        pytest.param(
            "It leaks.<details><summary>Prompt for agents</summary>do it</details>",
            "It leaks.",
            id="folded details go",
        ),
        pytest.param(
            "`_save_checkpoint` is [never](https://x.test) called.",
            "_save_checkpoint is never called.",
            id="underscores stay, links lose their address",
        ),
        pytest.param("Please add a test.", "Please add a test.", id="a request is no template's instruction"),
        pytest.param("- [ ] lock it\n- [ ] test it", "[ ] lock it", id="a list of tasks gives its first one"),
        pytest.param("```\nassert a\n```", "assert a", id="code alone gives its first line"),
        pytest.param("![](https://x.test/a.png)", "", id="a picture says nothing"),
    ],
)
def test_excerpt(body: str, expected: object) -> None:
    """The words stay as they were written."""
    assert excerpt(body) == expected


def test_an_excerpt_is_short() -> None:
    """Sentences are added while they fit; a single long one is cut at a word."""
    assert excerpt("First one. " * 60).endswith("First one.")
    assert len(excerpt("word " * 200)) <= REMARK_LIMIT


@pytest.mark.parametrize(
    "text", ["LGTM!", "Looks good to me 👍", "nice work, thanks", "👍👍👍", "很好，谢谢"]
)
def test_praise(text: str) -> None:
    """Approval by itself is no remark."""
    assert is_praise(text)


@pytest.mark.parametrize(
    "text", ["LGTM but close the file", "Nice, though it leaks", "Looks wrong to me", "👍" * 100 + "x"]
)
def test_no_praise(text: str) -> None:
    """Praise with a point is a remark, and a long row of thumbs takes no time."""
    assert not is_praise(text)


@pytest.mark.parametrize(
    "text", ["Done.", "Good catch, will revise", "Fixed in abc", "ok", "已修复", "Thanks!"]
)
def test_acknowledgements(text: str) -> None:
    """A reply that agrees or reports done."""
    assert acknowledges(text)


@pytest.mark.parametrize("text", ["I do not think so", "Why?", "The format stays", "Not in this one"])
def test_no_acknowledgement(text: str) -> None:
    """A reply that argues."""
    assert not acknowledges(text)
