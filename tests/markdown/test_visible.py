"""Our own Markdown read back is what a reader sees."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markdown.escape import code, text
from bot.markdown.links import link
from bot.markdown.report import Style, render_comment
from bot.markdown.visible import BREAK, visible
from tests.fakes.hostile import ROWS
from tests.fakes.rendered import page
from tests.fakes.told_parts import told_report


@pytest.mark.parametrize("value", ROWS.values(), ids=ROWS.keys())
def test_text_is_read_back(value: str) -> None:
    """Escapes, entities and what breaks a mention are undone."""
    shown = page(f"a {text(value)} b").texts
    assert visible(f"a {text(value)} b").words.strip() == "".join(shown).replace("\u200b", "").strip()


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_code_is_read_back(value: str) -> None:
    """Whatever fence it has."""
    shown = page(f"a {code(value)} b").codes
    assert visible(f"a {code(value)} b").codes == [
        one.replace("\u200b", "").replace("\u00a0", " ") for one in shown
    ]


def test_links_are_read_back() -> None:
    """With the code spans in their labels, in order."""
    seen = visible(
        f"`x` {link(code('a:1'), 'https://a.example/a#L1')} {link(text('b'), 'https://a.example/b')}"
    )
    assert seen.codes == ["x", "a:1"]
    assert [(one.url, one.label, list(one.codes)) for one in seen.links] == [
        ("https://a.example/a#L1", "a:1", [1]),
        ("https://a.example/b", "b", []),
    ]
    assert seen.words == f"{BREAK} {BREAK} b"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_comment_is_read_back(language: str) -> None:
    """Its code spans and its links are those that GitHub's parser finds."""
    markdown = render_comment(told_report(language), Style(language=language))
    shown, seen = page(markdown), visible(markdown)
    assert seen.codes == shown.codes
    assert [one.url for one in seen.links] == shown.links
