"""Titles are taken apart into prefixes, kind and words."""

from __future__ import annotations

import pytest

from bot.inference.titles import read_title


@pytest.mark.parametrize(
    ("title", "kinds", "rest"),
    [
        pytest.param(
            "[store] fix: keep the snapshot", ("bugfix",), "keep the snapshot", id="module and type"
        ),
        pytest.param(
            "[BREAKING][store, web] feat: new reader", ("feature",), "new reader", id="several brackets"
        ),
        pytest.param(
            "feat(api)!: drop v1 routes", ("feature",), "drop v1 routes", id="conventional with scope"
        ),
        pytest.param("[Fix]Fix some bugs", ("bugfix",), "Fix some bugs", id="no blank after the bracket"),
        pytest.param(
            "(fix):no attr makes it fail", ("bugfix",), "no attr makes it fail", id="type in parentheses"
        ),
        pytest.param("Store: keep it", (), "Store: keep it", id="an unknown type is part of the words"),
        pytest.param("docs: typo", ("docs",), "docs: typo", id="one word does not stand alone"),
        pytest.param("修复：保存时崩溃的问题", ("bugfix",), "保存时崩溃的问题", id="a Chinese type"),
        pytest.param("plain words", (), "plain words", id="no prefix at all"),
        pytest.param("[]", (), "[]", id="empty brackets"),
    ],
)
def test_parts(title: str, kinds: tuple[str, ...], rest: str) -> None:
    """The rest keeps the author's words."""
    read = read_title(title)
    assert (read.kinds, read.rest) == (kinds, rest)


@pytest.mark.parametrize(
    ("title", "breaking"),
    [
        pytest.param("[BREAKING] drop v1", True, id="a bracket"),
        pytest.param("feat!: drop v1", True, id="an exclamation mark"),
        pytest.param("store(api)!: drop v1", True, id="an exclamation mark after an unknown type"),
        pytest.param("[non breaking] add v2", False, id="a denial"),
        pytest.param("[non-breaking] add v2", False, id="a denial in one word"),
        pytest.param("Fix the breaking test", False, id="the word in the sentence"),
        pytest.param("It works!", False, id="an exclamation mark at the end"),
    ],
)
def test_breaking(title: str, *, breaking: bool) -> None:
    """Only a mark says that a title announces a break."""
    assert read_title(title).breaking is breaking


@pytest.mark.parametrize(
    ("title", "reverts"),
    [
        pytest.param('Revert "Add fallback"', True, id="GitHub's own title"),
        pytest.param("revert: add fallback", True, id="conventional"),
        pytest.param('[store] Revert "Add fallback"', True, id="after a module in brackets"),
        pytest.param("回滚快照改动", True, id="Chinese"),
        pytest.param("Revert to the old default colour", False, id="a sentence that begins with the word"),
        pytest.param("Add a revert button", False, id="the word elsewhere"),
    ],
)
def test_reverts(title: str, *, reverts: bool) -> None:
    """A revert is told by its title's form."""
    assert read_title(title).reverts is reverts
